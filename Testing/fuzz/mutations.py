"""Damage to bytes: small and large, blind and with knowledge of the other files of a corpus."""

from __future__ import annotations

import random
from typing import Callable, Dict, List

LARGEST = 100_000
INTERESTING = [
    b"",
    b"\0",
    b"\xff",
    b"\r\n",
    b"\n",
    b"--",
    b'"',
    b"[",
    b"{",
    b"}",
    b"\xff\xff\xff\xff",
    b"\xfe\xff\0\xe0",
]


def mutated(corpus: List[bytes], rng: random.Random) -> bytes:
    """A file of the corpus after one to eight changes."""
    data = rng.choice(corpus)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 5, 8])):
        change = rng.choice(_CHANGES)
        data = (
            _WITH_ANOTHER[change](data, rng.choice(corpus), rng)
            if change in _WITH_ANOTHER
            else _ALONE[change](data, rng)
        )
    return data[:LARGEST]


def _place(data: bytes, rng: random.Random) -> int:
    return rng.randrange(len(data) + 1)


def _piece(data: bytes, rng: random.Random) -> bytes:
    start = _place(data, rng)
    return data[start : start + rng.choice([1, 2, 4, 8, 16, 64, 256])]


def _flip(data: bytes, rng: random.Random) -> bytes:
    at = _place(data, rng)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _remove(data: bytes, rng: random.Random) -> bytes:
    at = _place(data, rng)
    return data[:at] + data[at + rng.choice([1, 2, 4, 16, 100]) :]


def _truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: _place(data, rng)]


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = _place(data, rng)
    return data[:at] + rng.choice(INTERESTING) * rng.choice([1, 1, 2, 100]) + data[at:]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    at = _place(data, rng)
    return data[:at] + _piece(data, rng) * rng.choice([1, 2, 50]) + data[at:]


def _number(data: bytes, rng: random.Random) -> bytes:
    """Another number in decimal where there is one: lengths are what parsers trust."""
    at = next((at for at in range(_place(data, rng), len(data)) if data[at : at + 1].isdigit()), len(data))
    end = at
    while data[end : end + 1].isdigit():
        end += 1
    return data[:at] + str(rng.choice([0, 1, 7, 255, 65536, 2**31, 2**64, 10**30])).encode() + data[end:]


def _splice(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: _place(data, rng)] + other[_place(other, rng) :]


def _borrow(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = _place(data, rng)
    return data[:at] + _piece(other, rng) + data[at:]


_ALONE: Dict[str, Callable[[bytes, random.Random], bytes]] = {
    "flip": _flip,
    "remove": _remove,
    "truncate": _truncate,
    "insert": _insert,
    "repeat": _repeat,
    "number": _number,
}
_WITH_ANOTHER: Dict[str, Callable[[bytes, bytes, random.Random], bytes]] = {"splice": _splice, "borrow": _borrow}
_CHANGES = [*_ALONE, *_WITH_ANOTHER]
