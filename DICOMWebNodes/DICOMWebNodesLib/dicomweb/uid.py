"""DICOM unique identifiers (PS3.5 section 9.1)."""

from __future__ import annotations

import re
from functools import lru_cache

from ..errors import InvalidUID
from ..text import Text

LONGEST = 64  # characters
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_FOREIGN = re.compile(r"[^0-9.]")


def is_uid(text: object) -> bool:
    """Whether ``text`` is a UID: digits and single dots between them, at most 64 characters.

    Leading zeros in a component are let pass, because instances in clinical archives have them; nothing else is.
    What passes is also safe as the name of a file or a segment of a URL.
    """
    return isinstance(text, str) and len(text) <= LONGEST and _has_the_form(text)


@lru_cache(maxsize=256)
def _has_the_form(text: str) -> bool:
    """Remembered, because every instance of a transfer names its study and series again, and is looked at twice."""
    return _UID.fullmatch(text) is not None


def checked_uid(text: str, field: str = "") -> str:
    """``text`` itself, when it is a UID. Raises InvalidUID, which says what is wrong with it; ``field`` names it."""
    if is_uid(text):
        return text
    shown = repr(text[:80]) if isinstance(text, str) else type(text).__name__
    raise InvalidUID(Text("{shown} is not a DICOM UID: {flaw}", shown=shown, flaw=_flaw(text)), field=field)


def _flaw(text: object) -> str:
    if not isinstance(text, str):
        return Text("it is not text")
    if not text:
        return Text("it is empty")
    foreign = _FOREIGN.search(text)
    if foreign:
        return Text(
            "it has {character!r} at position {position}, where only digits and dots may be",
            character=foreign.group(),
            position=foreign.start() + 1,
        )
    if len(text) > LONGEST:
        return Text("it has {length} characters, more than {longest}", length=len(text), longest=LONGEST)
    return Text("there is no number before, between or after its dots")
