"""How far a transfer is and how fast: counts from many threads, told at most ten times a second."""

from __future__ import annotations

import collections
import time
from typing import Callable, Deque, Dict, Optional, Tuple

from ..dicomweb.resource import Resource
from .events import Progress, SeriesProgress

INTERVAL = 0.1  # seconds between two Progress events
_WINDOW = 3.0  # seconds over which the speed is taken


class Meter:
    """Not safe by itself: the transfer calls it under its lock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._series: Dict[Resource, _Counts] = {}
        self._moved: Dict[Resource, None] = {}
        self._told_at = clock()
        self._window: Deque[Tuple[float, int]] = collections.deque([(self._told_at, 0)])
        self._instances = 0
        self._expected = 0
        self._requested = 0
        self._unplanned = 0  # of those that were requested
        self.bytes = 0

    def request(self, count: int) -> None:
        self._requested = self._unplanned = count

    def plan_ended(self) -> None:
        self._unplanned -= 1

    def expect(self, series: Resource, expected: Optional[int]) -> None:
        counts = self._counts(series)
        self._expected += (expected or 0) - (counts.expected or 0)
        counts.expected = expected

    def add(self, series: Resource, *, size: int = 0, instances: int = 0) -> Optional[Progress]:
        """Count; gives the event to tell when it is time for one."""
        self.count(series, size=size, instances=instances)
        return self.tell() if self._clock() - self._told_at >= INTERVAL else None

    def count(self, series: Resource, *, size: int = 0, instances: int = 0) -> None:
        """Count, while nothing need be told."""
        counts = self._counts(series)
        counts.instances += instances
        counts.bytes += size
        self._moved[series] = None
        self._instances += instances
        self.bytes += size

    def tell(self) -> Progress:
        now = self._clock()
        self._told_at = now
        self._window.append((now, self.bytes))
        while len(self._window) > 2 and self._window[1][0] <= now - _WINDOW:
            self._window.popleft()
        since, bytes_then = self._window[0]
        speed = (self.bytes - bytes_then) / (now - since) if now > since else 0.0
        moved = tuple(self._series[each].of(each) for each in self._moved)
        self._moved.clear()
        return Progress(self._instances, max(self._estimate(), self._instances), self.bytes, speed, moved)

    def forget(self, series: Resource) -> None:
        """A finished series is not told of again; its counts stay in the totals."""
        self._moved.pop(series, None)
        known = self._series.pop(series, None)
        if known is not None and known.expected is None:
            self._expected += known.instances

    def _estimate(self) -> int:
        """What is not planned yet is taken for as much as what is."""
        planned = self._requested - self._unplanned
        if planned and self._unplanned > 0:
            return round(self._expected * self._requested / planned)
        return self._expected

    def _counts(self, series: Resource) -> _Counts:
        counts = self._series.get(series)
        if counts is None:
            counts = self._series[series] = _Counts()
        return counts


class _Counts:
    """Of one series."""

    __slots__ = ("bytes", "expected", "instances")

    def __init__(self) -> None:
        self.instances = 0
        self.expected: Optional[int] = None
        self.bytes = 0

    def of(self, series: Resource) -> SeriesProgress:
        return SeriesProgress(series, self.instances, self.expected, self.bytes)
