"""How long the main thread is held: the longest time between two ticks of a timer that ticks all the time."""

from __future__ import annotations

import gc
import time
from typing import Any

import qt


class Heartbeat:
    """Seconds that the event loop was held for at most between entering and leaving.

    ``longest`` counts what the thread itself computed, ``longest_wait`` also what it waited for, be it a server or
    other processes on the same processor. What was in memory before is the test program's, and its garbage collector
    does not walk through it meanwhile.
    """

    def __enter__(self) -> Heartbeat:
        gc.collect()
        gc.freeze()
        self.longest = self.longest_wait = 0.0
        self._last = (time.thread_time(), time.perf_counter())
        self._timer: Any = qt.QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(0)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        gc.unfreeze()

    def _tick(self) -> None:
        now = (time.thread_time(), time.perf_counter())
        self.longest = max(self.longest, now[0] - self._last[0])
        self.longest_wait = max(self.longest_wait, now[1] - self._last[1])
        self._last = now
