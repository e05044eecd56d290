"""What a server lists with a UID that is none: nobody can ask for it, and the rest goes on."""

from __future__ import annotations

import contextlib
from typing import Iterator, List

from ..errors import MalformedAttribute
from ..text import Text
from .resource import Level


@contextlib.contextmanager
def noted(level: Level, problems: List[MalformedAttribute]) -> Iterator[None]:
    """The block ends at such a UID, which is among ``problems`` then."""
    try:
        yield
    except MalformedAttribute as error:
        problems.append(MalformedAttribute(unusable(level, error)))


def unusable(level: Level, error: MalformedAttribute) -> Text:
    """In words; ``error`` is of its UID."""
    if level is Level.STUDY:
        return Text("the server lists a study that cannot be asked for: {problem}", problem=error.cause)
    if level is Level.SERIES:
        return Text("the server lists a series that cannot be asked for: {problem}", problem=error.cause)
    return Text("the server lists an instance that cannot be asked for: {problem}", problem=error.cause)
