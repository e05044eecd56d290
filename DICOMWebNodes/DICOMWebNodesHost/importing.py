"""Studies from a node into the DICOM database: retrieved by the worker, indexed here while they come, then verified."""

import time
from itertools import chain
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import Cancelled, DICOMWebNodesError
from DICOMWebNodesLib.text import Text
from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.remote_job import RemoteJob

from .database import InstanceFile, databaseProblem, instancesThere
from .early_check import EarlyCheck
from .import_book import ImportBook
from .import_summary import summaryOf
from .import_teller import ImportTeller
from .indexing import Indexing
from .intake import Intake
from .job import Job, JobState
from .series_progress import SeriesProgress
from .signal import Signal
from .slices import Slices


class ImportJob(Job):
    """Its value is an :class:`ImportSummary`; single instances that fail are in it and raise nothing.

    ``node`` is what the worker is asked with; ``resources`` are studies, series or instances; ``verify``: what came is
    compared with the server's list, not only counted; ``uid`` names it in the journal. ``cancelled``: series that an
    earlier attempt was told to leave out.
    """

    def __init__(
        self,
        node: str,
        resources: Sequence[Resource],
        title: str = "",
        *,
        verify: bool = False,
        uid: str = "",
        cancelled: Sequence[str] = (),
        client: Client,
        database: Any,
        indexing: Indexing,
        slices: Slices,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("import")
        self.uid = uid
        self.node = node
        self.resources = tuple(str(resource) for resource in resources)
        self.verify = verify
        self.title = title
        self.seriesChanged = Signal()
        self.seriesCancelled = Signal()  # when one is, by itself
        self.retries: Dict[str, ImportJob] = {}  # the newest of each series, by resource
        self._resources = tuple(resources)
        self._leftOut = tuple(cancelled)
        self._client = client
        self._database = database
        self._intake: Any = None  # an Intake, once it has started
        self._indexing = indexing
        self._slices = slices
        self._clock = clock
        book = self._book = ImportBook(clock)
        self._entries = {  # what the worker tells of series
            "planned": book.planned,
            "stored": book.stored,
            "moved": book.moved,
            "failed": book.failed,
            "done": book.retrieved,
        }
        self._tell = ImportTeller(self._book, database, self.seriesChanged, self.progressed)
        self._check = EarlyCheck(
            database, slices, book.instances, lambda: not (self.isOver or self._isEnding), self._seriesVerified
        )
        self._startedAt = 0.0
        self._there: Dict[str, None] = {}  # SOP Instance UIDs that the database had before
        self._account: Dict[str, Any] = {}
        self._isEnding = False
        self._isStopped = False  # as its database is gone

    @property
    def series(self) -> Dict[str, SeriesProgress]:
        """By Series Instance UID (by "study" where a server gives whole studies only)."""
        return {progress.series or progress.study: progress for progress in self._book.series.values()}

    def start(self) -> "ImportJob":
        """Raises nothing: an unusable database is the job's error, DatabaseUnavailable."""
        self._startedAt = self._clock()
        problem = databaseProblem(self._database)
        if problem is not None:
            self.fail(problem)
        else:
            self._intake = Intake(self._database, self._indexing, self._slices, self._failUnexpectedly)
            self._slices.run(instancesThere(self._database, self._resources), self._retrieve, self._failUnexpectedly)
        return self

    # --- steering -------------------------------------------------------------------------------------------------

    def cancel(self, resource: str = "") -> None:
        """All of it; or one series ("study/series"), which is missing then, while the others go on."""
        if not resource:
            super().cancel()
        elif self._remote is not None and not self._isEnding:
            self._remote.cancel(resource)
            self._tell.series(self._book.cancelled(resource))
            self.seriesCancelled.emit()

    def pause(self, resource: str = "") -> None:
        """All of it; or one series, while the others go on."""
        if not resource:
            if not self._isEnding:
                super().pause()
        elif self._remote is not None and not self._isEnding:
            self._remote.pause(resource)
            self._tell.series(self._book.paused(resource))

    def resume(self, resource: str = "") -> None:
        """All of it, with each series that was paused; or one series."""
        if self._remote is None:
            super().resume()
        elif not self._isEnding:
            self._remote.resume(resource)
            self._tell.series(self._book.resumed(resource))
            if not resource:
                self._become(JobState.RUNNING)

    @property
    def cancelledSeries(self) -> Tuple[str, ...]:
        """Those that were cancelled by themselves, by "study/series"."""
        return tuple(sorted(self._book.cancelledSeries))

    @property
    def isAsWanted(self) -> bool:
        """Whether it is done and nothing is missing but what a person has cancelled, or a retry has brought."""
        if self.state is not JobState.DONE or self.value.cancelled:
            return False
        brought = {series for series, retry in self.retries.items() if retry.isAsWanted}
        settled = self._book.cancelledSeries | brought
        return all(_seriesOf(failure.resource) in settled for failure in self.value.failures)

    # --- on the way -------------------------------------------------------------------------------------------------

    def _retrieve(self, there: List[InstanceFile]) -> None:
        self._there = {instance.sop_instance_uid: None for instance, _ in there}
        self.begin(
            self._client,
            "retrieve",
            {
                "node": self.node,
                "output": str(self._intake.folder),
                "verify": self.verify,
            },
            lists={
                "resources": self.resources,
                "inventory": [[str(instance), path] for instance, path in there],
            },
        )
        for series in self._leftOut:
            self.cancel(series)

    def _told(self, name: str, value: Any) -> None:
        if name in self._entries:
            if name == "stored":
                self._index(value)
            elif name == "failed" and self._isStopped:  # nobody wanted that
                value = [each for each in value if each["code"] != Cancelled.code]
            self._tell.series(self._entries[name](value))
            if name == "done":
                for series in value:
                    self._check.soon(series["resource"])
        elif name == "progress":
            self._tell.progress(
                expected=value["expected"],
                received=value["instances"],
                bytes=value["bytes"],
                bytesPerSecond=value["bytes_per_second"],
            )
        else:
            super()._told(name, value)

    def _index(self, stored: Sequence[Sequence[Any]]) -> None:
        """What the database has is not indexed again; what an earlier run left in the folder is."""
        if self._intake.problem() is not None:
            if self._remote is not None:
                self._isStopped = True
                self._remote.cancel()
            return
        self._intake.add([path for resource, path, *_ in stored if resource.rpartition("/")[2] not in self._there])

    def _seriesVerified(self, series: str) -> None:
        self._book.verified(series, (), self._intake.reason)
        self._tell.series([series])
        self._tell.progress(indexed=self._book.indexed)

    # --- the end ----------------------------------------------------------------------------------------------------

    def _ended(self, remote: RemoteJob) -> None:
        """What has arrived is indexed and verified, however the retrieve ended."""
        self._isEnding = True
        self._account = remote.result or {}
        error = remote.error
        self._intake.settle(
            lambda: chain.from_iterable(self._book.unverified().values()),
            lambda missing: self._concludeImport(missing, error),
        )

    def _concludeImport(self, missing: Sequence[Resource], error: Optional[DICOMWebNodesError]) -> None:
        problem = self._intake.problem()
        if problem is not None:
            self._close(problem)
            return
        lost, unverified = set(missing), self._book.unverified()
        for series, instances in unverified.items():
            self._book.verified(series, [instance for instance in instances if instance in lost], self._intake.reason)
        self._close(error, tuple(unverified))

    def _close(self, error: Optional[DICOMWebNodesError], verified: Sequence[str] = ()) -> None:
        """``verified``: series of which nobody has been told that yet."""
        unfinished = self._book.abandoned(error.cause if error is not None else self._whyUnfinished())
        self._tell.series([*verified, *unfinished])
        if error is not None:
            self._end(error=error)
            return
        summary = summaryOf(self._book, self._there, self._account, self._clock() - self._startedAt)
        self._tell.progress(
            received=self._received, indexed=summary.imported + summary.alreadyThere, bytesPerSecond=0.0
        )
        self._end(summary, cancelled=summary.cancelled)

    def _end(self, value: Any = None, error: Optional[DICOMWebNodesError] = None, cancelled: bool = False) -> None:
        """The job is kept as long as the session lasts; of its instances nobody asks any more."""
        super()._end(value, error, cancelled)
        self._book.instances.clear()
        self._there.clear()

    def _whyUnfinished(self) -> str:
        return Text("it was cancelled") if self._account.get("cancelled") else Text("nothing of it arrived")

    @property
    def _received(self) -> int:
        return sum(map(len, self._book.instances.values()))


def _seriesOf(resource: str) -> str:
    return "/".join(resource.split("/")[:2])
