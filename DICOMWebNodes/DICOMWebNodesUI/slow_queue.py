"""Work on many things in the main thread, a few milliseconds at a time."""

from __future__ import annotations

import time
from collections import deque
from typing import Any, Callable, Deque, Iterable, Iterator, Optional


class SlowQueue:
    """Calls ``work(thing)`` for each thing that is put in, in their order; ``slices``: Slices of the host.

    Work that takes long is a generator, which yields after each short step.
    """

    def __init__(self, slices: Any, work: Callable[[Any], Optional[Iterator[None]]]) -> None:
        self._work = work
        self._things: Deque[Any] = deque()
        self._under_way: Optional[Iterator[None]] = None
        self._is_closed = False
        self._wake = slices.repeat(self._run)

    @property
    def is_empty(self) -> bool:
        return not self._things and self._under_way is None

    def put(self, things: Iterable[Any]) -> None:
        if self._is_closed:
            return
        self._things.extend(things)
        if self._things:
            self._wake()

    def clear(self) -> None:
        self._things.clear()
        self._under_way = None

    def close(self) -> None:
        """Forget everything and take nothing more: what it works on is about to go."""
        self.clear()
        self._is_closed = True

    def _run(self, seconds: float) -> bool:
        """True while there is more to do."""
        until = time.monotonic() + seconds
        while not self.is_empty and time.monotonic() < until:
            self._step()
        return not self.is_empty

    def _step(self) -> None:
        if self._under_way is None:
            self._under_way = self._work(self._things.popleft())
        if self._under_way is not None and next(self._under_way, _END) is _END:
            self._under_way = None


_END = object()
