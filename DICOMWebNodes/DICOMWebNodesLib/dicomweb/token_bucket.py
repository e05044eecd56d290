"""How many requests a second a server takes, kept to before it has to refuse any."""

from __future__ import annotations

import threading
import time
from typing import Callable


class TokenBucket:
    """``rate``: requests a second in the long run; ``burst``: so many may start at once after a pause.

    Safe to use from several threads; one bucket serves everything that talks to the server. A rate of 0 is none.
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens = float(burst)
        self._at = clock()

    def take(self) -> float:
        """Take a token; returns the seconds until it is there, which the caller waits before the request starts."""
        if not self._rate:
            return 0.0
        with self._lock:
            now = self._clock()
            self._tokens = min(float(self._burst), self._tokens + (now - self._at) * self._rate) - 1
            self._at = now
            return max(0.0, -self._tokens / self._rate)
