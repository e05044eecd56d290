"""Work on many things in the main thread, a few milliseconds at a time."""

from __future__ import annotations

import time
from collections import deque
from typing import Any, Callable, Deque, Iterable


class SlowQueue:
    """Calls ``work(thing)`` for each thing that is put in, in their order; ``slices``: Slices of the host."""

    def __init__(self, slices: Any, work: Callable[[Any], None]) -> None:
        self._work = work
        self._things: Deque[Any] = deque()
        self._wake = slices.repeat(self._run)

    @property
    def is_empty(self) -> bool:
        return not self._things

    def put(self, things: Iterable[Any]) -> None:
        self._things.extend(things)
        if self._things:
            self._wake()

    def clear(self) -> None:
        self._things.clear()

    def _run(self, seconds: float) -> bool:
        """True while there is more to do."""
        until = time.monotonic() + seconds
        while self._things and time.monotonic() < until:
            self._work(self._things.popleft())
        return bool(self._things)
