"""How long the main thread is held: the longest time between two ticks of a timer that ticks all the time."""

from __future__ import annotations

import gc
import os
import threading
import time
from typing import Any, Optional, Tuple

import qt


class Heartbeat:
    """Seconds that the event loop was held for at most between entering and leaving.

    ``longest`` counts what the thread itself computed, ``longest_wait`` also what it waited for: on Linux without the
    time in which it could have run and other processes had the processor. Python's garbage collector is counted apart,
    as ``longest_collection``: most of what it walks through here are PySide6's objects for items of models, which
    PythonQt does not keep.
    """

    def __enter__(self) -> Heartbeat:
        gc.collect()
        gc.freeze()
        gc.callbacks.append(self._collecting)
        self.longest = self.longest_wait = self.longest_collection = 0.0
        self._collected = self._since = 0.0
        self._schedule = _schedule_of_this_thread()
        self._last = self._now()
        self._timer: Any = qt.QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(0)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        if self._schedule is not None:
            os.close(self._schedule)
        gc.callbacks.remove(self._collecting)
        gc.unfreeze()

    def _tick(self) -> None:
        now = self._now()
        self.longest = max(self.longest, now[0] - self._last[0] - self._collected)
        self._collected = 0.0
        self.longest_wait = max(self.longest_wait, now[1] - self._last[1])
        self._last = now

    def _now(self) -> Tuple[float, float]:
        """Seconds that were computed, and that have passed since others had the processor."""
        queued = 0.0
        if self._schedule is not None:
            queued = int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9
        return time.thread_time(), time.perf_counter() - queued

    def _collecting(self, phase: str, _info: object) -> None:
        if phase == "start":
            self._since = time.thread_time()
            return
        took = time.thread_time() - self._since
        self._collected += took
        self.longest_collection = max(self.longest_collection, took)


def _schedule_of_this_thread() -> Optional[int]:
    """What Linux counts: nanoseconds on a processor, and those in the queue for one."""
    try:
        return os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
    except OSError:
        return None
