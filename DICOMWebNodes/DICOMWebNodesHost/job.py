"""A job as widgets and scripts see it."""

from enum import Enum
from typing import Any, Callable, List, Mapping, Optional, Sequence

from DICOMWebNodesLib.errors import (
    Cancelled,
    DICOMWebNodesError,
    PackageMissing,
    SignInCancelled,
)
from DICOMWebNodesLib.errors.defects import defect
from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.remote_job import RemoteJob

from .signal import Signal


class JobState(Enum):
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


Provide = Callable[[Callable[[Optional[DICOMWebNodesError]], None]], None]
"""Offers a missing package to the person; calls back with the reason when it is still missing."""

_OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job:
    """One request to the worker. ``decode`` makes a value of each item; ``conclude(result, items)`` the job's value.

    When it is over, ``value`` or ``error`` is set before ``changed`` and ``finished`` are emitted, in this order.
    ``provide``: a job that lacks a package starts anew, once, when it has been provided.
    """

    def __init__(
        self,
        name: str,
        decode: Callable[[Any], Any] = lambda item: item,
        conclude: Callable[[Any, Sequence[Any]], Any] = lambda result, items: result,
    ) -> None:
        self.name = name
        self.state = JobState.WAITING
        self.value: Any = None
        self.error: Optional[DICOMWebNodesError] = None
        self.changed = Signal()
        self.found = Signal()
        self.progressed = Signal()
        self.warned = Signal()
        self.finished = Signal()
        self.provide: Optional[Provide] = None
        self._decode = decode
        self._conclude = conclude
        self._items: List[Any] = []
        self._remote: Optional[RemoteJob] = None
        self._goesFirst: Optional[str] = None  # with what of it, once it begins

    def __repr__(self) -> str:
        return f"<Job {self.name}: {self.state.value}>"

    @property
    def isOver(self) -> bool:
        return self.state in _OVER

    # --- steering -------------------------------------------------------------------------------------------------

    def cancel(self) -> None:
        """It ends with ``Cancelled`` as its error; a transfer with what it did until then."""
        if self._remote is not None:
            self._remote.cancel()
        elif not self.isOver:
            self._end(error=Cancelled("it was cancelled"))

    def pause(self) -> None:
        """Also of what has not begun: it begins paused."""
        if self.state in (JobState.WAITING, JobState.RUNNING):
            if self._remote is not None:
                self._remote.pause()
            self._become(JobState.PAUSED)

    def resume(self) -> None:
        if self.state is JobState.PAUSED:
            if self._remote is not None:
                self._remote.resume()
            self._become(JobState.RUNNING if self._remote is not None else JobState.WAITING)

    def prioritise(self, resource: str = "") -> None:
        """Let it go first, and in it what belongs to ``resource``."""
        if self._remote is not None:
            self._remote.prioritise(str(resource))
        else:
            self._goesFirst = str(resource)

    # --- for those who start it -------------------------------------------------------------------------------------

    def begin(
        self,
        client: Client,
        method: str,
        params: Mapping[str, Any],
        lists: Optional[Mapping[str, Sequence[Any]]] = None,
    ) -> "Job":
        if not self.isOver:
            isPaused = self.state is JobState.PAUSED
            if not isPaused:
                self._become(JobState.RUNNING)

            def ended(remote: RemoteJob) -> None:
                if isinstance(remote.error, PackageMissing) and self.provide is not None:
                    provide, self.provide, self._remote = self.provide, None, None
                    provide(lambda error: provided(remote, error))
                else:
                    self._endedSafely(remote)

            def provided(remote: RemoteJob, error: Optional[DICOMWebNodesError]) -> None:
                if self.isOver:  # it was cancelled meanwhile
                    return
                if error is None:
                    self.begin(client, method, params, lists)
                else:
                    remote.error = error
                    self._endedSafely(remote)

            self._remote = client.call(method, params, lists=lists, told=self._told, ended=ended)
            if isPaused:
                self._remote.pause()
            if self._goesFirst is not None:
                self._remote.prioritise(self._goesFirst)
        return self

    def fail(self, error: DICOMWebNodesError) -> "Job":
        self._end(error=error)
        return self

    def abandon(self, error: DICOMWebNodesError) -> None:
        """Of what has not been asked of the worker: it never will be."""
        if self._remote is None:
            self._end(error=error)

    # --- what the worker says -----------------------------------------------------------------------------------------

    def _told(self, name: str, value: Any) -> None:
        if name == "items":
            found = [self._decode(item) for item in value]
            self._items += found
            self.found.emit(found)
        elif name == "progress":
            self.progressed.emit(value)
        elif name == "warned":
            for text in value:
                self.warned.emit(text)

    def _endedSafely(self, remote: RemoteJob) -> None:
        try:
            self._ended(remote)
        except Exception as error:
            if self.isOver:  # it is of somebody who was told so
                raise
            self._failUnexpectedly(error)

    def _ended(self, remote: RemoteJob) -> None:
        if remote.error is not None:
            self._end(error=remote.error)
        else:
            self._end(self._conclude(remote.result, self._items))

    def _failUnexpectedly(self, error: Exception) -> None:
        """A defect of ours, or of what is around us, ends the job: it must not seem to run for ever."""
        self._end(error=defect(error))

    def _end(self, value: Any = None, error: Optional[DICOMWebNodesError] = None, cancelled: bool = False) -> None:
        if self.isOver:
            return
        self.value, self.error = value, error
        cancelled = cancelled or isinstance(error, (Cancelled, SignInCancelled))
        self._become(JobState.CANCELLED if cancelled else JobState.FAILED if error else JobState.DONE)
        self.finished.emit(self)

    def _become(self, state: JobState) -> None:
        if state is not self.state:
            self.state = state
            self.changed.emit(self)
