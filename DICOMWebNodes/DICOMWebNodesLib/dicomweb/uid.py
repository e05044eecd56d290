"""DICOM unique identifiers (PS3.5 section 9.1)."""

from __future__ import annotations

import re

from ..errors import InvalidUID

# Components with leading zeros break the standard, but real files have them; an empty component never names anything.
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")
LONGEST = 64


def is_uid(text: str) -> bool:
    """Whether ``text`` is digits in components that are separated by dots, 64 characters at most."""
    return len(text) <= LONGEST and _UID.fullmatch(text) is not None


def checked_uid(text: str, field: str = "") -> str:
    """``text`` when it is a UID; ``field`` is its name in the error. Raises InvalidUID, quoting the text."""
    if not isinstance(text, str) or not is_uid(text):
        what = field or "UID"
        raise InvalidUID(
            f"{what} is {str(text)[:100]!r}",
            field=field,
            next_step="A UID is made of digits and dots, at most 64 characters.",
        )
    return text
