"""HTTP header fields that a person configured, checked once (RFC 9110 section 5)."""

from __future__ import annotations

import re
from typing import Iterable, Tuple

from ..errors import InvalidHeader
from ..errors.server_words import excerpt
from ..text import Text

Headers = Tuple[Tuple[str, str], ...]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_MOST_SHOWN = 80  # characters of a name
_FORBIDDEN_IN_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_SECRET_NAME = re.compile(
    r"auth|token|key|secret|cookie|passw|credential|session|signature|jwt|assertion", re.IGNORECASE
)
_NOT_FOR_PEOPLE = {
    "host": Text("it comes from the node's URL"),
    "content-length": Text("it is computed for each request"),
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
        Text("it belongs to a single connection (RFC 9110 section 7.6.1)"),
    ),
}


def is_secret_name(name: str) -> bool:
    """Whether a header of this name is likely to carry a secret: Authorization, X-Api-Key, Cookie ..."""
    return bool(_SECRET_NAME.search(name))


def checked_headers(items: Iterable[Tuple[str, str]]) -> Headers:
    """Pairs of name and value that are safe to send, values without surrounding whitespace, in the order given.

    Raises InvalidHeader (``field`` is "headers"); its message quotes no value: "Autorization" has a secret too.
    """
    checked = []
    names = set()
    for name, value in items:
        _check_name(name)
        if name.lower() in names:
            raise InvalidHeader(
                Text("the header '{name}' is given twice", name=excerpt(name, _MOST_SHOWN)),
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
        shown = (
            Text("'{start}' is followed by {wrong!r}", start=excerpt(start.group(), _MOST_SHOWN), wrong=wrong)
            if start
            else Text("a name begins with {wrong!r}", wrong=wrong)
        )
        raise InvalidHeader(
            Text("not the name of a header: {shown}", shown=shown),
            field="headers",
            next_step="A name holds letters, digits and hyphens; the value goes apart.",
        )
    reason = _NOT_FOR_PEOPLE.get(name.lower())
    if reason:
        raise InvalidHeader(
            Text("the header '{name}' cannot be configured: {reason}", name=name, reason=reason),
            field="headers",
            next_step="Remove it.",
        )


def _checked_value(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise InvalidHeader(
            Text("the value of the header '{name}' is not text", name=excerpt(name, _MOST_SHOWN)), field="headers"
        )
    value = value.strip(" \t")
    wrong = _FORBIDDEN_IN_VALUE.search(value)
    if wrong:
        raise InvalidHeader(
            Text(
                "the value of the header '{name}' has the character {character!r} at position {position}, "
                "which HTTP does not carry",
                name=excerpt(name, _MOST_SHOWN),
                character=wrong.group(),
                position=wrong.start() + 1,
            ),
            field="headers",
            next_step="Remove line breaks, control characters and characters beyond Latin-1.",
        )
    return value
