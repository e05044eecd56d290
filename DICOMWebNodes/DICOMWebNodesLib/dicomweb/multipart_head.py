"""The head of a part of a multipart body (RFC 2046 section 5.1)."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional

from ..errors import MalformedMultipart
from ..text import Text


def header_fields(lines: List[bytes], part: int) -> Dict[str, str]:
    """RFC 5322 section 2.2, with folded lines. ``part``: its number, for MalformedMultipart, which this raises."""
    fields: Dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("latin-1")
        if name and text[0] in " \t":
            fields[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or not name:
            raise MalformedMultipart(
                Text(
                    "the head of part {part} has a line that is no header field: {text!r}",
                    part=part,
                    text=text[:80].strip(),
                )
            )
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def content_length(headers: Mapping[str, str]) -> Optional[int]:
    """The hint, when it is a number at all."""
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
