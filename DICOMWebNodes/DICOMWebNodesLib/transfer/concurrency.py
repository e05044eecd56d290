"""How many requests run side by side: more while that makes the transfer faster, fewer when the server complains."""

from __future__ import annotations

import threading
import time
from typing import Callable

# Seconds over which the throughput is taken: a few round trips, so that what came in bursts evens out.
WINDOW = 0.25
# So short a one will do where each request has been answered so many times, and the gain shows; that there is none is
# not believed so soon.
SHORTEST_WINDOW, ANSWERS = 0.1, 2
# Less of a gain than this is noise.
GAIN = 1.1
# Seconds without a try to grow, after one that brought nothing or a complaint.
REST = 2.5


class Concurrency:
    """A limit that climbs: it doubles as long as the throughput follows, and goes back when it does not.

    ``start``, ``most``: requests at once in the beginning and at most. Safe to use from several threads.
    """

    def __init__(self, *, start: int = 4, most: int = 16, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = min(start, most)
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._since = clock()
        self._bytes = 0
        self._answers = 0
        self._best = 0.0  # bytes per second with `_proven` requests at once
        self._proven = self.limit
        self._rests_until = self._since

    def arrived(self, size: int, *, answers: int = 0) -> None:
        """``size`` bytes came, and with them the ends of ``answers``; at the end of a window the limit is thought
        over."""
        with self._lock:
            self._bytes += size
            self._answers += answers
            elapsed = self._clock() - self._since
            if elapsed >= WINDOW or (elapsed >= SHORTEST_WINDOW and self._has_gained(elapsed)):
                self._think(self._bytes / elapsed)

    def complained(self) -> None:
        """The server refused for overload or broke a connection: half as many from now on, for a while."""
        with self._lock:
            self.limit = self._proven = max(1, self.limit // 2)
            self._best = 0.0
            self._begin()
            self._rests_until = self._since + REST

    def _has_gained(self, elapsed: float) -> bool:
        """Whether this is so clear that the rest of the window need not be waited for."""
        return self._answers >= ANSWERS * self.limit and self._bytes / elapsed > self._best * GAIN

    def _think(self, rate: float) -> None:
        now = self._clock()
        tried = self.limit > self._proven
        if tried and rate <= self._best * GAIN:
            self.limit = self._proven
            self._rests_until = now + REST
        elif now >= self._rests_until:
            self._best = rate
            self._proven = self.limit
            self.limit = min(self._most, self.limit * 2)
        self._begin()

    def _begin(self) -> None:
        self._since = self._clock()
        self._bytes = self._answers = 0
