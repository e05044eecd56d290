"""HTTP header fields that a person configured, checked once (RFC 9110 section 5)."""

from __future__ import annotations

import re
from typing import Iterable, Tuple

from ..errors import InvalidHeader

Headers = Tuple[Tuple[str, str], ...]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FORBIDDEN_IN_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_SECRET_NAME = re.compile(
    r"auth|token|key|secret|cookie|passw|credential|session|signature|jwt|assertion", re.IGNORECASE
)
_NOT_FOR_PEOPLE = {
    "host": "it comes from the node's URL",
    "content-length": "it is computed for each request",
    **dict.fromkeys(
        (
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
        ),
        "it belongs to a single connection (RFC 9110 section 7.6.1)",
    ),
}


def is_secret_name(name: str) -> bool:
    """Whether a header of this name is likely to carry a secret: Authorization, X-Api-Key, Cookie ..."""
    return bool(_SECRET_NAME.search(name))


def checked_headers(items: Iterable[Tuple[str, str]]) -> Headers:
    """Pairs of name and value that are safe to send, values without surrounding whitespace, in the order given.

    Raises InvalidHeader (``field`` is "headers"); its message quotes a value only when the name does not look
    like that of a secret.
    """
    checked = []
    names = set()
    for name, value in items:
        _check_name(name)
        if name.lower() in names:
            raise InvalidHeader(
                f"the header '{name}' is given twice",
                field="headers",
                next_step="Put both values into one, separated by a comma.",
            )
        names.add(name.lower())
        checked.append((name, _checked_value(name, value)))
    return tuple(checked)


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not name:
        raise InvalidHeader("a header has no name", field="headers")
    if not _TOKEN.fullmatch(name):
        # what follows the first wrong character may be the value, which may be a secret
        start = _TOKEN.match(name)
        wrong = name[start.end() :][:1] if start else name[0]
        shown = f"'{start.group()}' is followed by {wrong!r}" if start else f"a name begins with {wrong!r}"
        raise InvalidHeader(
            f"not the name of a header: {shown}",
            field="headers",
            next_step="A name holds letters, digits and hyphens; the value goes apart.",
        )
    reason = _NOT_FOR_PEOPLE.get(name.lower())
    if reason:
        raise InvalidHeader(
            f"the header '{name}' cannot be configured: {reason}", field="headers", next_step="Remove it."
        )


def _checked_value(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise InvalidHeader(f"the value of the header '{name}' is not text", field="headers")
    value = value.strip(" \t")
    wrong = _FORBIDDEN_IN_VALUE.search(value)
    if wrong:
        of_value = "" if is_secret_name(name) else f" {value!r}"
        raise InvalidHeader(
            f"the value{of_value} of the header '{name}' has the character {wrong.group()!r} at position "
            f"{wrong.start() + 1}, which HTTP does not carry",
            field="headers",
            next_step="Remove line breaks, control characters and characters beyond Latin-1.",
        )
    return value
