"""Tasks in the order in which they should start; tasks may add tasks; it ends when the last one is finished."""

from __future__ import annotations

import heapq
import threading
from typing import Callable, List, Optional, Protocol, Tuple

from ..dicomweb.resource import Resource
from ..errors import DICOMWebNodesError


class Task(Protocol):
    resource: Resource

    def run(self) -> None:
        """Do it; may raise an error of this library."""

    def abandon(self, error: DICOMWebNodesError) -> None:
        """It failed or will not be run: enter what it leaves undone. Asked once more is asked for nothing."""


class TaskQueue:
    """A priority queue that knows when everything is done."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: List[Tuple[int, int, Task]] = []
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
        """The next task, waiting for one; None when every task is finished."""
        with self._changed:
            while not self._heap and self._unfinished:
                self._changed.wait()
            return heapq.heappop(self._heap)[2] if self._heap else None

    def finished(self) -> None:
        """Said once for each task that was taken."""
        with self._changed:
            self._unfinished -= 1
            if not self._unfinished:
                self._changed.notify_all()

    def drain(self, abandon: Callable[[Task], None]) -> None:
        """Hand every waiting task to ``abandon`` instead of a worker."""
        with self._changed:
            waiting, self._heap = self._heap, []
        for _, _, task in sorted(waiting):
            abandon(task)
            self.finished()

    def prioritise(self, resource: Resource) -> None:
        """What belongs to ``resource`` comes first from now on, before what was prioritised earlier."""
        with self._changed:
            self._first.append(resource)
            self._heap = [(self._rank(task), order, task) for _, order, task in self._heap]
            heapq.heapify(self._heap)

    def _rank(self, task: Task) -> int:
        return min((-index for index, first in enumerate(self._first, 1) if _overlap(first, task.resource)), default=0)


def _overlap(one: Resource, other: Resource) -> bool:
    """Whether one of the two is a part of the other: planning a study comes before its urgent series."""
    pairs = zip(one.uids, other.uids)
    return all(a == b for a, b in pairs)
