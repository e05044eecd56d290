"""Bytes are counted where they arrive, and told in larger sums: a small instance costs less than telling of it."""

from __future__ import annotations

import time
from typing import Callable

_OFTEN = 0.02  # seconds
_MUCH = 1024 * 1024  # bytes


class Arrivals:
    """Of one answer. ``told`` gets sums in bytes, of at most :data:`_OFTEN` each while something comes."""

    __slots__ = ("_clock", "_sum", "_told", "_told_at")

    def __init__(self, told: Callable[[int], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._told = told
        self._clock = clock
        self._told_at = clock()
        self._sum = 0

    def add(self, size: int) -> None:
        self._sum += size
        if self._sum >= _MUCH or self._clock() - self._told_at >= _OFTEN:
            self.tell()

    def tell(self) -> None:
        """What was not told yet."""
        size, self._sum = self._sum, 0
        self._told_at = self._clock()
        if size:
            self._told(size)
