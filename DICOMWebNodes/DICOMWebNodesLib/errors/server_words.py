"""The server's own words, fit to be shown: from a body of JSON or HTML, without what could steer a terminal."""

from __future__ import annotations

import html
import json
import re
from typing import Any

_MESSAGE_FIELDS = ("errorMessage", "Message", "message", "error_description", "detail", "Details", "title", "error")
# One expression for both would take the square of the page's length where titles begin often and never end.
_TITLE_BEGINS = re.compile(r"<title[^<>]*>", re.IGNORECASE)
_TITLE_ENDS = re.compile(r"</title>", re.IGNORECASE)
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def words_of(body: str, length: int = 200) -> str:
    """The message in an error body: of its JSON, of its page's title, else its first line, as plain text."""
    text = body.strip()
    if text[:1] in ("{", "["):
        try:
            found = _message_in(json.loads(text))
        except (ValueError, RecursionError):
            found = ""
        if found:
            return excerpt(found, length)
    if text[:1] == "<":
        return excerpt(_title_of(text) or text, length)
    return excerpt(text.partition("\n")[0], length)


def _title_of(page: str) -> str:
    begins = _TITLE_BEGINS.search(page)
    ends = _TITLE_ENDS.search(page, begins.end()) if begins else None
    return page[begins.end() : ends.start()] if begins and ends else ""


def _message_in(content: Any) -> str:
    if isinstance(content, list):
        content = content[0] if content else ""
    if isinstance(content, str):
        return content
    if not isinstance(content, dict):
        return ""
    return next((found for found in (_message_in(content.get(name)) for name in _MESSAGE_FIELDS) if found), "")


def excerpt(text: str, length: int) -> str:
    """``text`` on one line without markup or control characters, shortened to ``length`` characters."""
    plain = " ".join(printable(html.unescape(_MARKUP.sub(" ", text[: 50 * length]))).split())
    return plain if len(plain) <= length else plain[: length - 1] + "…"


def printable(text: str) -> str:
    """``text`` without the characters that could steer a terminal or reorder a line."""
    return _UNPRINTABLE.sub(" ", text)
