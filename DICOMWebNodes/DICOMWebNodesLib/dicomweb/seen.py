"""The UIDs that a search has brought, in a few bytes for each: there may be a hundred thousand."""

from __future__ import annotations

from array import array

_FIRST = 1024  # places; always a power of two
_GROWTH = 4
_EMPTY = 0


class Seen:
    """A set of texts of which 64 bits are kept, not the texts.

    Two different ones are taken for the same with a probability of 3 in 10 billion among 100,000, and by nobody's
    intention: Python's hashes of texts have a secret key in each process.
    """

    __slots__ = ("_count", "_mask", "_places")

    def __init__(self) -> None:
        self._places = _empty(_FIRST)
        self._mask = _FIRST - 1
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def size(self) -> int:
        """Bytes."""
        return self._places.itemsize * len(self._places)

    def add(self, text: str) -> bool:
        """Whether it is new."""
        key = hash(text) or 1
        places, mask = self._places, self._mask
        at = key & mask
        there = places[at]
        while there != _EMPTY:
            if there == key:
                return False
            at = (at + 1) & mask
            there = places[at]
        places[at] = key
        self._count += 1
        if 2 * self._count > mask:
            self._grow()
        return True

    def _grow(self) -> None:
        former = self._places
        self._places = places = _empty(_GROWTH * len(former))
        self._mask = mask = len(places) - 1
        for key in former:
            if key != _EMPTY:
                at = key & mask
                while places[at] != _EMPTY:
                    at = (at + 1) & mask
                places[at] = key


def _empty(places: int) -> array[int]:
    return array("q", bytes(8 * places))
