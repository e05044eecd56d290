"""When to try again, and how long everybody waits first.

One pacer serves all connections of a session: a server that is overloaded tells one request, and all hold back.
"""

from __future__ import annotations

import random as _random
import threading
import time
from typing import Callable, Optional


class Pacer:
    """Exponential backoff with jitter, bounded by what the server asked for (RFC 9110 section 10.2.3).

    ``attempts``: how often one request is sent at most. ``first_delay``, ``ceiling``: seconds before the second
    attempt and at most. ``patience``: the longest Retry-After, in seconds, that is waited for. ``on_busy`` is told of
    each answer with which a server says that it has too much to do.
    """

    def __init__(
        self,
        *,
        attempts: int = 5,
        first_delay: float = 0.5,
        ceiling: float = 30.0,
        patience: float = 120.0,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = _random.random,
        on_busy: Callable[[], None] = lambda: None,
    ) -> None:
        self.attempts = attempts
        self._first_delay = first_delay
        self._ceiling = ceiling
        self._patience = patience
        self._clock = clock
        self._random = random
        self.on_busy = on_busy
        self._lock = threading.Lock()
        self._held_until = float("-inf")

    def delay(self, attempt: int, retry_after: Optional[float] = None) -> Optional[float]:
        """Seconds to wait after the failed attempt number ``attempt`` (1 is the first); None: give up."""
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            if retry_after > self._patience:
                return None
            # Everybody was told the same second: spread the return over a tenth of the wait.
            return retry_after * (1 + self._random() / 10)
        return float(min(self._ceiling, self._first_delay * 2 ** (attempt - 1)) * (0.5 + self._random() / 2))

    def hold(self, seconds: float) -> None:
        """Let no request start for the next ``seconds``."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock() + seconds)

    def held_for(self) -> float:
        """Seconds that a request has to wait before it may start."""
        with self._lock:
            return max(0.0, self._held_until - self._clock())
