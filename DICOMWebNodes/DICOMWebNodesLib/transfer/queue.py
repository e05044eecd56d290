"""Tasks in the order in which they should start; tasks may add tasks; it ends when the last one is finished.

What is planned comes before more is planned, so that the first instances of thousands of studies do not wait for the
plan of the last one; but one plan goes ahead, so that there is always something to do, and the total is known early.
"""

from __future__ import annotations

import heapq
import threading
from typing import Callable, Dict, List, Optional, Protocol, Tuple

from ..dicomweb.resource import Resource
from ..errors import DICOMWebNodesError

# Tasks that wait, while there are more of which no plan goes ahead.
LOOK_AHEAD = 64


class Task(Protocol):
    """What a worker thread does at once: the plan of a study, a series, one instance."""

    resource: Resource
    is_plan: bool  # it is there to put others

    def run(self) -> None:
        """Do it; may raise an error of this library."""

    def abandon(self, error: DICOMWebNodesError) -> None:
        """It failed or will not be run: enter what it leaves undone. Asked once more is asked for nothing."""


_UIDs = Tuple[str, ...]
_Entry = Tuple[int, int, Task]  # its rank, its number, and itself


class TaskQueue:
    """A priority queue that knows when everything is done. ``held``: whether tasks of a resource have to wait."""

    def __init__(self, held: Callable[[Resource], bool] = lambda resource: False) -> None:
        self._held = held
        self._changed = threading.Condition()
        self._plans: List[_Entry] = []
        self._others: List[_Entry] = []
        self._aside: List[_Entry] = []  # those that are held
        self._put = 0
        self._unfinished = 0
        self._planning = 0  # plans that were taken and are not finished
        self._urgency = 0  # the highest so far
        self._first: Dict[_UIDs, int] = {}  # how urgent it is, of what comes first
        self._above: Dict[_UIDs, int] = {}  # what it is a part of: a study is planned before its urgent series

    def put(self, task: Task) -> None:
        with self._changed:
            self._put += 1
            self._unfinished += 1
            heapq.heappush(self._heap_of(task), (self._rank(task), self._put, task))
            self._changed.notify()

    def take(self) -> Optional[Task]:
        """The next task that is not held, waiting for one; None when every task is finished."""
        with self._changed:
            while self._plans or self._others or self._unfinished:
                heap = self._next_heap()
                if not heap:
                    self._changed.wait()
                    continue
                entry = heapq.heappop(heap)
                task = entry[2]
                if not self._held(task.resource):
                    self._planning += task.is_plan
                    return task
                self._aside.append(entry)
            return None

    def finished(self, task: Task) -> None:
        """Said once for each task that was taken."""
        with self._changed:
            self._planning -= task.is_plan
            self._count_off()

    def drain(self, abandon: Callable[[Task], None]) -> None:
        """Hand every waiting task to ``abandon`` instead of a worker."""
        with self._changed:
            waiting = self._plans + self._others + self._aside
            self._plans, self._others, self._aside = [], [], []
        for _, _, task in sorted(waiting):
            abandon(task)
            with self._changed:
                self._count_off()

    def prioritise(self, resource: Resource) -> None:
        """What belongs to ``resource`` comes first from now on, before what was prioritised earlier."""
        with self._changed:
            uids = resource.uids
            self._urgency += 1
            self._first[uids] = self._urgency
            self._above.update((uids[:depth], self._urgency) for depth in range(1, len(uids)))
            self._arrange(self._plans + self._others)

    def release(self) -> None:
        """Tasks that were held may not be any more."""
        with self._changed:
            if self._aside:
                waiting, self._aside = self._plans + self._others + self._aside, []
                self._arrange(waiting)
                self._changed.notify_all()

    def _count_off(self) -> None:
        self._unfinished -= 1
        if not self._unfinished:
            self._changed.notify_all()

    def _next_heap(self) -> List[_Entry]:
        """Where the next task is: what somebody looks at first, else as the head of this file says."""
        plans, others = self._plans, self._others
        if not (plans and others):
            return plans or others
        if plans[0][0] != others[0][0]:
            return min(plans, others, key=lambda heap: heap[0][0])
        return plans if not self._planning and len(others) < LOOK_AHEAD else others

    def _heap_of(self, task: Task) -> List[_Entry]:
        return self._plans if task.is_plan else self._others

    def _arrange(self, waiting: List[_Entry]) -> None:
        self._plans, self._others = [], []
        for _, order, task in waiting:
            heapq.heappush(self._heap_of(task), (self._rank(task), order, task))

    def _rank(self, task: Task) -> int:
        if not self._first:
            return 0
        uids = task.resource.uids
        parts = (self._first.get(uids[:depth], 0) for depth in range(1, len(uids) + 1))
        return -max(self._above.get(uids, 0), *parts)
