"""The books of a transfer: every instance is entered once, every entry is told."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Callable, List, Optional, Sequence

from ..dicomweb.resource import Resource
from .events import (
    Done,
    Event,
    Failed,
    Failure,
    InstanceStored,
    Planned,
    SeriesDone,
    SeriesPlan,
    SeriesStarted,
    Summary,
)
from .meter import Meter

Listener = Callable[[Event], None]


class Account:
    """Counts for all workers of one transfer and tells its listener, one event at a time.

    What the listener raises is kept as ``failure``, and told ``listener_failed``: it must not keep anything from being
    entered. It is told nothing more then.
    """

    def __init__(
        self,
        listener: Listener,
        clock: Callable[[], float] = time.monotonic,
        listener_failed: Callable[[Exception], None] = lambda failure: None,
    ) -> None:
        self.failure: Optional[Exception] = None
        self._listener = listener
        self._listener_failed = listener_failed
        self._clock = clock
        self._started_at = clock()
        self._lock = threading.Lock()
        self._meter = Meter(clock)
        self._stored = 0
        self._already_there = 0
        self._fetched_again = 0
        self._failed: List[Failure] = []
        self._closed = False

    def requested(self, count: int) -> None:
        """So many studies and series will be planned."""
        with self._lock:
            self._meter.request(count)

    def plan_ended(self) -> None:
        """Of one of them nothing more will be planned."""
        with self._lock:
            self._meter.plan_ended()

    def planned(self, requested: Resource, plans: Sequence[SeriesPlan]) -> None:
        with self._lock:
            for plan in plans:
                self._meter.expect(plan.resource, plan.expected)
            self._tell(Planned(requested, tuple(plans)))

    def started(self, series: Resource, expected: Optional[int]) -> None:
        with self._lock:
            self._meter.expect(series, expected)
            self._tell(SeriesStarted(series, expected))

    def expects(self, series: Resource, expected: int) -> None:
        with self._lock:
            self._meter.expect(series, expected)

    def arrived(self, series: Resource, size: int) -> None:
        """``size`` bytes of any instance of the series."""
        with self._lock:
            self._tell(self._meter.add(series, size=size))

    def stored(self, series: Resource, instance: Resource, path: str, size: int) -> None:
        """Of its bytes :meth:`arrived` was told, which also tells the progress."""
        event = InstanceStored(instance, path, size)
        with self._lock:
            self._stored += 1
            self._tell(event)
            self._meter.count(series, instances=1)

    def already_there(self, series: Resource, instance: Resource, path: Path) -> None:
        with self._lock:
            self._already_there += 1
            self._tell(InstanceStored(instance, str(path), _size_of(path), already=True))
            self._tell(self._meter.add(series, instances=1))

    def fetched_again(self) -> None:
        with self._lock:
            self._fetched_again += 1

    def failed(self, failure: Failure) -> None:
        with self._lock:
            if not self._closed:
                self._failed.append(failure)
            self._tell(Failed(failure))

    def done(self, series: SeriesDone) -> None:
        with self._lock:
            self._meter.forget(series.resource)
            self._tell(series)

    def close(self, *, cancelled: bool) -> Summary:
        """The last entry; nothing is told after it."""
        with self._lock:
            summary = Summary(
                stored=self._stored,
                already_there=self._already_there,
                failed=tuple(self._failed),
                bytes=self._meter.bytes,
                seconds=self._clock() - self._started_at,
                fetched_again=self._fetched_again,
                cancelled=cancelled,
            )
            self._tell(self._meter.tell())
            self._tell(Done(summary))
            self._closed = True
            return summary

    def _tell(self, event: Optional[Event]) -> None:
        if event is None or self._closed or self.failure is not None:
            return
        try:
            self._listener(event)
        except Exception as failure:
            self.failure = failure
            self._listener_failed(failure)


def _size_of(path: Path) -> int:
    """Bytes; 0 of what is gone by now."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
