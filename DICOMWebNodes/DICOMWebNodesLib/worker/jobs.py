"""Jobs of the worker: what a method gets to work with, and the threads that run them, most urgent first."""

from __future__ import annotations

import enum
import threading
from typing import Any, Callable, List, Optional

from ..dicomweb.resource import Resource
from ..errors import Cancelled
from ..transfer.control import Control
from .outbox import Outbox
from .protocol import JobId


class OnCancel(enum.Enum):
    """What becomes of a job that is cancelled while it runs."""

    ANSWER_AT_ONCE = enum.auto()  # whatever it is waiting for is waited for in vain
    LET_IT_END = enum.auto()  # it ends by itself at once, with an account of what it did


class Job:
    """One request under way. A method tells with :meth:`tell` and :meth:`show`, and ends when ``control`` says so."""

    def __init__(self, id: JobId, outbox: Outbox, on_cancel: OnCancel = OnCancel.ANSWER_AT_ONCE) -> None:
        self.id = id
        self.outbox = outbox
        self.on_cancel = on_cancel
        self.control = Control()
        self.gave_way = False  # paused: another one may use its place

    def tell(self, name: str, item: Any, *, is_data: bool = False) -> None:
        """One item that the client must hear of; ``is_data``: there is no sentence in it, which need not be looked for.

        Raises Cancelled: a good moment to end.
        """
        self.outbox.add(name, item, is_data=is_data)
        if self.on_cancel is OnCancel.ANSWER_AT_ONCE:
            self.check()

    def show(self, name: str, value: Any) -> None:
        """How far it is; only the newest counts."""
        self.outbox.set(name, value)

    def warn(self, text: str) -> None:
        self.outbox.add("warned", text)

    def check(self) -> None:
        """Raises Cancelled."""
        if self.control.cancelled:
            raise Cancelled("it was cancelled")


class Lane:
    """Threads for jobs of one kind: ``width`` run side by side, ``capacity`` may wait."""

    def __init__(
        self, width: int, capacity: int = 10_000, make_thread: Callable[..., threading.Thread] = threading.Thread
    ) -> None:
        self._width = width
        self._capacity = capacity
        self._make_thread = make_thread
        self._lock = threading.Lock()
        self._waiting: List[tuple[Job, Callable[[], None]]] = []
        self._running = 0

    def put(self, job: Job, run: Callable[[], None]) -> bool:
        """Run it as soon as there is room; False when too many are waiting, or the system gives no thread at all."""
        with self._lock:
            if len(self._waiting) >= self._capacity:
                return False
            self._waiting.append((job, run))
        return self._start() or not self.take_out(job)

    def prioritise(self, job: Job) -> None:
        """The next to start, if it is still waiting."""
        with self._lock:
            self._waiting.sort(key=lambda waiting: waiting[0] is not job)

    def take_out(self, job: Job) -> bool:
        """Whether it was still waiting; then it will not run."""
        with self._lock:
            before = len(self._waiting)
            self._waiting = [waiting for waiting in self._waiting if waiting[0] is not job]
            return len(self._waiting) < before

    def widen(self, by: int) -> None:
        """A paused job keeps its thread and gives its place to another."""
        with self._lock:
            self._width += by
        for _ in range(by):
            self._start()

    def _start(self) -> bool:
        """Whether somebody runs what is waiting, or will: one more, or those that run already."""
        with self._lock:
            if not self._waiting or self._running >= self._width:
                return True
            self._running += 1
            try:
                self._make_thread(target=self._work, daemon=True).start()
            except RuntimeError:  # the system gives no more threads
                self._running -= 1
            return self._running > 0

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._running > self._width:
                    self._running -= 1
                    return
                _, run = self._waiting.pop(0)
            run()


def steer(job: Job, lane: Lane, how: str, resource: Optional[Resource] = None) -> None:
    """Obey "cancel", "pause", "resume" or "prioritise"; with a ``resource``, what belongs to it alone."""
    if how == "pause":
        job.control.pause(resource)
        if resource is None:
            give_way(job, lane, True)
    elif how == "resume":
        job.control.resume(resource)
        if resource is None:
            give_way(job, lane, False)
    elif how == "cancel":
        job.control.cancel(resource)
    elif how == "prioritise":
        lane.prioritise(job)
        if resource is not None:
            job.control.prioritise(resource)


def give_way(job: Job, lane: Lane, yes: bool) -> None:
    """Let another job of the lane run beside this one, or no longer."""
    if job.gave_way is not yes:
        job.gave_way = yes
        lane.widen(1 if yes else -1)
