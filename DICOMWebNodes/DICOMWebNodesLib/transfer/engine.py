"""Transfers: series side by side, each in one streamed request, and single requests for what is missing.

    plan      what the origin server says there is, and what is here already
    stream    a series of which nothing is here yet in one request, each part verified and renamed
    fill      instances that are still missing, one request each
    account   every instance is stored, was there, or is named with the reason

A broken stream costs only the instance that it broke in. Every step puts the next ones into one queue, which the
workers empty; nothing waits for a neighbour.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from pathlib import Path
from typing import (
    Callable,
    ContextManager,
    Dict,
    Iterator,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
    Type,
    TypeVar,
)

from ..dicomweb.pacer import Pacer
from ..dicomweb.resource import Level, Resource
from ..errors import Cancelled, DICOMWebNodesError
from ..errors.defects import defect
from .account import Account, Listener
from .catalogue import Catalogue
from .concurrency import Concurrency
from .control import Control
from .crew import Crew
from .events import Failure, Summary
from .folder import InstanceFolder
from .planning import PlanTask
from .queue import Task, TaskQueue
from .source import Source
from .trouble import Trouble

# How long a cancelled transfer waits for its workers (seconds); who hangs in a connection attempt is left behind.
GRACE = 0.8

Inventory = Callable[[Resource], Mapping[Resource, Path]]
_Result = TypeVar("_Result")


class Transfer:
    """One retrieve of studies, series and instances from one node into one folder.

    ``inventory`` gives the instances of a series or study that are there already, with their files (default: those
    in the folder). ``abort`` ends running requests at once; ``interrupt`` those of which ``while_wanted(unwanted)``,
    within which each task is done, finds that nobody wants them any more. ``concurrency``: how many of them run side by
    side. ``verify``: the instances of every series are listed, also where as many came as there should be: one that is
    not the right one is noticed too, and one that cannot be listed is a failure.
    """

    def __init__(
        self,
        source: Source,
        catalogue: Catalogue,
        folder: InstanceFolder,
        *,
        listener: Listener = lambda event: None,
        control: Optional[Control] = None,
        inventory: Optional[Inventory] = None,
        abort: Callable[[], None] = lambda: None,
        interrupt: Callable[[], None] = lambda: None,
        while_wanted: Callable[[Callable[[], bool]], ContextManager[object]] = lambda unwanted: nullcontext(),
        pacer: Optional[Pacer] = None,
        concurrency: Optional[Concurrency] = None,
        verify: bool = False,
    ) -> None:
        self.source = source
        self.catalogue = catalogue
        self.folder = folder
        self.inventory = inventory or folder.instances_of
        self.account = Account(listener, listener_failed=lambda failure: self._stop(defect(failure)))
        self.control = control or Control()
        self.pacer = pacer or Pacer()
        self.verify = verify
        self.queue = TaskQueue(self.control.holds)
        self.fatal: Optional[DICOMWebNodesError] = None
        self._abort = abort
        self._interrupt = interrupt
        self._while_wanted = while_wanted
        self._concurrency = concurrency or Concurrency()
        self._crew = Crew(self._work, self._concurrency)
        self._running: Dict[threading.Thread, Task] = {}
        self._trouble = Trouble()
        self._lock = threading.Lock()

    def run(self, resources: Sequence[Resource]) -> Summary:
        """Retrieve ``resources`` and account for every instance of them.

        What fails is in the summary, with its reason; this raises only when nothing can start at all
        (:class:`~..errors.NotWritable`), and after the books are closed KeyboardInterrupt and what the listener raised,
        which ends the transfer.
        """
        self.folder.prepare()
        tasks = list(self._first_tasks(resources))
        self.account.requested(len(tasks))
        for task in tasks:
            self.queue.put(task)
        self.control.on_prioritise(self.queue.prioritise)
        self.control.on_release(self.queue.release)
        self.control.on_release(self._interrupt)
        self.control.on_cancel(lambda: self._stop(Cancelled("it was cancelled")))
        self._crew.start()
        try:
            while self.fatal is None and not self._crew.join(0.1):
                pass
        except BaseException:
            self.control.cancel()
            raise
        finally:
            if self.fatal is not None:
                self._crew.join(GRACE)
                self._abandon_the_rest(self.fatal)
            summary = self.account.close(cancelled=self.control.cancelled)
        if self.account.failure is not None:
            raise self.account.failure
        return summary

    # --- what the tasks ask ---------------------------------------------------------------------------------------

    def failure(self, resource: Resource, error: DICOMWebNodesError, instances: int = 1) -> Failure:
        """For the summary: by what ended the transfer rather than by the cancelled request that followed."""
        if isinstance(error, Cancelled) and self.fatal is not None:
            error = self.fatal
        return Failure(resource, error.cause, error.code, instances)

    def note_arrival(self, size: int, *, answers: int = 0) -> None:
        """``size`` bytes of any instance, and the ends of ``answers``: more requests may run side by side now."""
        self._concurrency.arrived(size, answers=answers)
        self._crew.start()

    def note_success(self) -> None:
        self._trouble.note_success()

    def note(self, error: DICOMWebNodesError) -> None:
        """Stop when there is no use in going on: after a fatal error, or too many others in a row."""
        if self._trouble.ends_with(error):
            self._stop(error)

    def gate(self, resource: Resource) -> None:
        """Wait while it is paused; others use the connection meanwhile. Raises :class:`~..errors.Cancelled`."""
        if not self.control.is_used:
            return
        if self.control.holds(resource):
            with self._crew.resting():
                self.control.gate(resource)
        else:
            self.control.gate(resource)

    def again(
        self, resource: Resource, ask: Callable[[], _Result], after: Tuple[Type[DICOMWebNodesError], ...]
    ) -> _Result:
        """What ``ask`` gives, asked as often as the pacer lets; ``after``: the errors that may not come twice."""
        attempt = 0
        while True:
            attempt += 1
            self.gate(resource)
            try:
                return ask()
            except after:
                delay = self.pacer.delay(attempt)
                if delay is None:
                    raise
                self.control.wait(delay, resource)

    # --- workers --------------------------------------------------------------------------------------------------

    def _first_tasks(self, resources: Sequence[Resource]) -> Iterator[PlanTask]:
        instances: Dict[Resource, Set[Resource]] = {}
        for resource in dict.fromkeys(resources):
            if resource.level is Level.INSTANCE:
                instances.setdefault(resource.parent, set()).add(resource)
            else:
                yield PlanTask(self, resource)
        for series, wanted in instances.items():
            yield PlanTask(self, series, frozenset(wanted))

    def _work(self) -> bool:
        """One task; False when there are no more."""
        task = self.queue.take()
        if task is None:
            return False
        me = threading.current_thread()
        self._running[me] = task
        try:
            self._perform(task)
        finally:
            self._running.pop(me, None)
            self.queue.finished(task)
        return True

    def _perform(self, task: Task) -> None:
        if self.fatal is not None:
            task.abandon(self.fatal)
            return
        try:
            with self._while_wanted(lambda: self.control.drops(task.resource)):
                task.run()
        except DICOMWebNodesError as error:
            if not self.control.drops(task.resource):  # a series that is cancelled ends nothing but itself
                self.note(error)
            task.abandon(error)
        except Exception as error:  # a defect of ours must neither hang the transfer nor lose an instance
            told = defect(error)
            self._stop(told)
            task.abandon(told)

    def _stop(self, error: DICOMWebNodesError) -> None:
        """No new task starts; running requests end with :class:`~..errors.Cancelled`."""
        with self._lock:
            self.fatal = self.fatal or error
        self._abort()
        self.control.resume()

    def _abandon_the_rest(self, fatal: DICOMWebNodesError) -> None:
        """Enter what nobody will finish: waiting tasks, and those whose worker hangs in a connection attempt."""
        self.queue.drain(lambda task: task.abandon(fatal))
        for task in tuple(self._running.values()):
            task.abandon(fatal)
