"""The texts in a message: their templates and values go beside it, so that the client can show them in its language.

A message stays what it is without them: where it has a sentence, the English one stands. Its ``texts`` are pairs of
the place of a sentence in it, as keys and positions, and what :func:`..text.to_wire` gives.
"""

from __future__ import annotations

import contextlib
from typing import Any, List, Sequence, Union

from ..text import Text, from_wire, to_wire

Place = List[Union[str, int]]
Texts = Sequence[Any]


def texts_in(value: Any) -> Texts:
    """Of a JSON value. A sentence in which nothing is filled in is its own template, and needs no place."""
    found: List[Any] = []
    _collect(value, [], found)
    return found


def _collect(value: Any, place: Place, found: List[Any]) -> None:
    if isinstance(value, Text):
        if value.values:
            found.append([place, to_wire(value)])
    elif isinstance(value, dict):
        for name, each in value.items():
            _collect(each, [*place, name], found)
    elif isinstance(value, (list, tuple)):
        for position, each in enumerate(value):
            _collect(each, [*place, position], found)


def restored(value: Any, texts: Any) -> Any:
    """The value, with its sentences as texts again, in place. What does not fit together is left as it is."""
    for pair in texts if isinstance(texts, list) else ():
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], list):
            value = _replaced(value, pair[0], pair[1])
    return value


def _replaced(value: Any, place: Sequence[Any], wire: Any) -> Any:
    if not place:
        return from_wire(value, wire) if isinstance(value, str) else value
    with contextlib.suppress(KeyError, IndexError, TypeError):
        value[place[0]] = _replaced(value[place[0]], place[1:], wire)
    return value
