"""Series of the DICOM database, or files, to a node that stores: every instance has its outcome."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Collection, Dict, FrozenSet, Generator, List, Optional, Sequence, Set, Tuple

from DICOMWebNodesLib.errors import DICOMWebNodesError, InvalidValue
from DICOMWebNodesLib.text import Text
from DICOMWebNodesLib.worker.client import Client

from .database import databaseProblem, descriptionAndNumber
from .job import Job, JobState
from .send_book import ARRIVED, SendBook, seriesOf
from .send_plan import SendPlan, planned
from .send_values import SendProgress, SendSummary
from .series_progress import SeriesProgress
from .signal import Signal
from .slices import Slices
from .speed import Speed

_NO_COUNTS = ("complete", "bytes")
_NOTHING_TO_DO = (*ARRIVED, "not_dicom")  # nothing gets better when it is sent again
_NO_FILE = Text("the DICOM database has no file of it")


class SendJob(Job):
    """``found`` carries the outcome of each file, ``outcomes`` has all of them; the value is a :class:`SendSummary`.

    ``uid`` names it in the journal. As an import it has ``series`` (by UID; "" where a file has not told its series)
    and ``seriesChanged``. ``earlier``: marks (:func:`.journal.markOf`) of files that need not be sent any more, None
    when it is the first attempt; ``confirm`` is told of those that this one settles.
    """

    def __init__(
        self,
        node: str,
        seriesUIDs: Sequence[str],
        files: Sequence[str],
        title: str = "",
        *,
        uid: str = "",
        earlier: Optional[FrozenSet[str]] = None,
        confirm: Callable[[Sequence[str]], None] = lambda marks: None,
        client: Client,
        database: Any,
        slices: Slices,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("send", conclude=lambda account, items: self._summary(account))
        self.uid = uid
        self.node = node
        self.title = title
        self.seriesUIDs = tuple(seriesUIDs)
        self.files = tuple(str(Path(file)) for file in files)  # as the outcomes name them
        self.seriesChanged = Signal()
        self.seriesCancelled = Signal()  # when one is, by itself
        self.progress = SendProgress()
        self.outcomes: List[Dict[str, Any]] = []
        self.retries: Dict[str, SendJob] = {}  # the newest of each series, by resource
        self._isResumed = earlier is not None
        self._settledMarks: Set[str] = set(earlier or ())
        self._confirm = confirm
        self._plan: Optional[SendPlan] = None
        self._client = client
        self._database = database
        self._slices = slices
        self._speed = Speed(clock)
        self._book = SendBook(clock)

    @property
    def series(self) -> Dict[str, SeriesProgress]:
        return self._book.series

    @property
    def cancelledSeries(self) -> FrozenSet[str]:
        """UIDs of those that were cancelled by themselves."""
        return frozenset(self._book.cancelledSeries)

    def start(self) -> "SendJob":
        problem = databaseProblem(self._database) if self.seriesUIDs else None
        if problem is not None and not (self._database is not None and self._database.isOpen):
            self.fail(problem)
        else:
            work = planned(self._database, self.seriesUIDs, self.files, frozenset(self._settledMarks))
            self._slices.run(work, self._send, self._failUnexpectedly)
        return self

    def unsent(self) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        """What the server has not: UIDs of series, when nothing has begun, and files. To be asked when it is over."""
        if self._plan is None:
            return self.seriesUIDs, self.files
        settled = {outcome["path"] for outcome in self.outcomes if outcome["status"] in _NOTHING_TO_DO}
        return (), tuple(path for path in self._plan.paths if path not in settled)

    @property
    def settledMarks(self) -> FrozenSet[str]:
        """Marks of the files that need not be sent again, of this attempt and of earlier ones."""
        return frozenset(self._settledMarks)

    def noteSettled(self, marks: Collection[str]) -> None:
        """Another job has brought them to the server."""
        self._settledMarks.update(marks)

    @property
    def isAsWanted(self) -> bool:
        """Whether it is done and the server lacks nothing but what a person has cancelled, or a retry has sent."""
        if self.state is not JobState.DONE:
            return False
        sent = {seriesOf(resource) for resource, retry in self.retries.items() if retry.isAsWanted}
        lacking = {each.get("series_instance_uid", "") for each in self.value.failures}
        return self.value.complete or (bool(lacking) and lacking <= self.cancelledSeries | sent)

    # --- steering -----------------------------------------------------------------------------------------------------

    def cancel(self, resource: str = "") -> None:
        """All of it; or one series ("study/series"), while the others go on: a request that is on its way with
        nothing else ends."""
        if not resource:
            super().cancel()
        elif self._steers(resource):
            changed = self._book.cancelled(resource)
            self.seriesCancelled.emit()
            self._remote.cancel(resource)
            self._tellSeries(changed)

    def pause(self, resource: str = "") -> None:
        """All of it; or one series, after the request that is on its way, while the others go on."""
        if not resource:
            super().pause()
        elif self._steers(resource):
            self._remote.pause(resource)
            self._tellSeries(self._book.paused(resource))

    def resume(self, resource: str = "") -> None:
        """All of it, with each series that was paused; or one series."""
        if self._remote is None:
            super().resume()
        elif not self.isOver:
            self._remote.resume(resource)
            self._tellSeries(self._book.resumed(resource))
            if not resource:
                self._become(JobState.RUNNING)

    def _steers(self, resource: str) -> bool:
        return self._remote is not None and self._book.isUnderWay(resource)

    # --- on the way -------------------------------------------------------------------------------------------------

    def _send(self, plan: SendPlan) -> None:
        if self.isOver:
            return
        if self.seriesUIDs and not self._database.isOpen:  # it was closed meanwhile, and has told of nothing
            self.fail(databaseProblem(self._database))
            return
        self._plan = plan
        self._slices.run(self._announce(plan), lambda _: self._begin(plan), self._failUnexpectedly)

    def _announce(self, plan: SendPlan) -> Generator[None, None, None]:
        """Yields after each series: there may be thousands, and a list that shows them."""
        for each in plan.series:
            if self.isOver:
                return
            self._tellSeries([self._book.planned(each, *descriptionAndNumber(self._database, each.series))])
            yield

    def _begin(self, plan: SendPlan) -> None:
        if self.isOver:
            return
        if not (plan.paths or plan.confirmed):
            cause = _NO_FILE if plan.withoutFile else Text("there are no files to send")
            self.fail(InvalidValue(cause, next_step="Choose series that are in the database."))
            return
        self._tell(
            expected=len(plan.paths) + plan.withoutFile + plan.confirmed,
            received=plan.confirmed,
            confirmed=plan.confirmed,
        )
        if plan.paths:
            params = {"node": self.node, **({"resumed": True} if self._isResumed else {})}
            self.begin(self._client, "store", params, lists={"files": plan.paths})
        for each in plan.series:
            if each.withoutFile:
                self._settled([_withoutFile(each.study, each.series)] * each.withoutFile)
        if not plan.paths:
            self._end(self._summary({"complete": True, "bytes": 0}))

    def _told(self, name: str, value: Any) -> None:
        if name == "items":
            self._settled(value)
        elif name == "progress":
            size = value["bytes"]
            self._tell(bytes=size, expectedBytes=value["expected"], bytesPerSecond=self._speed.at(size))
        else:
            super()._told(name, value)

    def _settled(self, outcomes: Sequence[Dict[str, Any]]) -> None:
        self.outcomes += outcomes
        changed = self._book.settled(outcomes, self._plan.sizes if self._plan is not None else {})
        self._noteSettledOf(outcomes)
        self._tellSeries(changed)
        self.found.emit(list(outcomes))  # of series that are known by now
        failed = sum(outcome["status"] not in _NOTHING_TO_DO for outcome in outcomes)
        self._tell(received=self.progress.received + len(outcomes), failed=self.progress.failed + failed)

    def _noteSettledOf(self, outcomes: Sequence[Dict[str, Any]]) -> None:
        settled = [outcome["path"] for outcome in outcomes if outcome["status"] in _NOTHING_TO_DO]
        known = self._plan.marks if self._plan is not None else {}
        marks = [known[path] for path in settled if known.get(path)]
        self._settledMarks.update(marks)
        self._confirm(marks)

    def _tellSeries(self, changed: List[SeriesProgress]) -> None:
        if changed:
            self.seriesChanged.emit(changed)

    def _tell(self, **values: Any) -> None:
        self.progress = replace(self.progress, **values)
        self.progressed.emit(self.progress)

    # --- the end ----------------------------------------------------------------------------------------------------

    def _end(self, value: Any = None, error: Optional[DICOMWebNodesError] = None, cancelled: bool = False) -> None:
        if self.isOver:
            return
        series = self._book.over()
        self._tell(bytesPerSecond=0.0)
        super()._end(value, error, cancelled)
        self._tellSeries(series)

    def _summary(self, account: Dict[str, Any]) -> SendSummary:
        failures = tuple(outcome for outcome in self.outcomes if outcome["status"] not in _NOTHING_TO_DO)
        counts = {name: count for name, count in account.items() if name not in _NO_COUNTS}
        neverSent = sum(not outcome["path"] for outcome in failures)
        if neverSent:
            counts["failed"] = counts.get("failed", 0) + neverSent
        confirmed = self.progress.confirmed
        return SendSummary(account["complete"] and not neverSent, counts, failures, account["bytes"], confirmed)


def _withoutFile(study: str, series: str) -> Dict[str, Any]:
    uids = {"study_instance_uid": study, "series_instance_uid": series}
    return {"path": "", "status": "failed", "reason": _NO_FILE, **uids}
