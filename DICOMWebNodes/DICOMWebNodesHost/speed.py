"""How fast bytes come or go."""

import time
from typing import Callable

_NEWEST = 0.3  # weight of the newest measurement


class Speed:
    """Of one transfer. ``clock`` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._measured = (0.0, 0)  # when, bytes
        self._isRunning = False
        self._average = 0.0

    def at(self, size: int) -> float:
        """Bytes per second, now that ``size`` bytes are through; 0.0 until there are two measurements."""
        now = self._clock()
        (before, sizeBefore), self._measured = self._measured, (now, size)
        if not self._isRunning or now <= before:
            self._isRunning = True
            return self._average
        newest = (size - sizeBefore) / (now - before)
        self._average = newest if not self._average else self._average + _NEWEST * (newest - self._average)
        return self._average
