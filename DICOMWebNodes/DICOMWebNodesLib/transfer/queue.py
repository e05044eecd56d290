"""Tasks in the order in which they should start; tasks may add tasks; it ends when the last one is finished."""

from __future__ import annotations

import heapq
import threading
from typing import Callable, List, Optional, Protocol, Tuple

from ..dicomweb.resource import Resource
from ..errors import DICOMWebNodesError


class Task(Protocol):
    """What a worker thread does at once: the plan of a study, a series, one instance."""

    resource: Resource

    def run(self) -> None:
        """Do it; may raise an error of this library."""

    def abandon(self, error: DICOMWebNodesError) -> None:
        """It failed or will not be run: enter what it leaves undone. Asked once more is asked for nothing."""


class TaskQueue:
    """A priority queue that knows when everything is done. ``held``: whether tasks of a resource have to wait."""

    def __init__(self, held: Callable[[Resource], bool] = lambda resource: False) -> None:
        self._held = held
        self._changed = threading.Condition()
        self._heap: List[Tuple[int, int, Task]] = []
        self._aside: List[Tuple[int, int, Task]] = []  # those that are held
        self._put = 0
        self._unfinished = 0
        self._first: List[Resource] = []

    def put(self, task: Task) -> None:
        with self._changed:
            self._put += 1
            self._unfinished += 1
            heapq.heappush(self._heap, (self._rank(task), self._put, task))
            self._changed.notify()

    def take(self) -> Optional[Task]:
        """The next task that is not held, waiting for one; None when every task is finished."""
        with self._changed:
            while self._heap or self._unfinished:
                if not self._heap:
                    self._changed.wait()
                    continue
                entry = heapq.heappop(self._heap)
                if not self._held(entry[2].resource):
                    return entry[2]
                self._aside.append(entry)
            return None

    def finished(self) -> None:
        """Said once for each task that was taken."""
        with self._changed:
            self._unfinished -= 1
            if not self._unfinished:
                self._changed.notify_all()

    def drain(self, abandon: Callable[[Task], None]) -> None:
        """Hand every waiting task to ``abandon`` instead of a worker."""
        with self._changed:
            waiting, self._heap, self._aside = self._heap + self._aside, [], []
        for _, _, task in sorted(waiting):
            abandon(task)
            self.finished()

    def prioritise(self, resource: Resource) -> None:
        """What belongs to ``resource`` comes first from now on, before what was prioritised earlier."""
        with self._changed:
            self._first.append(resource)
            self._arrange(self._heap)

    def release(self) -> None:
        """Tasks that were held may not be any more."""
        with self._changed:
            if self._aside:
                waiting, self._aside = self._heap + self._aside, []
                self._arrange(waiting)
                self._changed.notify_all()

    def _arrange(self, waiting: List[Tuple[int, int, Task]]) -> None:
        self._heap = [(self._rank(task), order, task) for _, order, task in waiting]
        heapq.heapify(self._heap)

    def _rank(self, task: Task) -> int:
        return min((-index for index, first in enumerate(self._first, 1) if _overlap(first, task.resource)), default=0)


def _overlap(one: Resource, other: Resource) -> bool:
    """Whether one of the two is a part of the other: planning a study comes before its urgent series."""
    pairs = zip(one.uids, other.uids)
    return all(a == b for a, b in pairs)
