"""Series of the DICOM database, or files, to a node that stores: every instance has its outcome."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from DICOMWebNodesLib.errors import DICOMWebNodesError, InvalidValue
from DICOMWebNodesLib.worker.client import Client

from .database import SeriesFiles, databaseProblem, filesOfSeries
from .import_values import DONE, INCOMPLETE, SENDING, WAITING, SeriesProgress
from .job import Job
from .signal import Signal
from .slices import Slices
from .speed import Speed

_NO_COUNTS = ("complete", "bytes")
_ARRIVED = ("stored", "stored_with_warning", "already_there")
_NOTHING_TO_DO = (*_ARRIVED, "not_dicom")  # nothing gets better when it is sent again
_NO_FILE = "the DICOM database has no file of it"


@dataclass(frozen=True)
class SendProgress:
    """``received`` of ``expected`` files have an outcome; ``bytes`` of ``expectedBytes`` are sent."""

    expected: int = 0
    received: int = 0
    failed: int = 0
    bytes: int = 0
    expectedBytes: int = 0
    bytesPerSecond: float = 0.0

    @property
    def part(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.bytes / self.expectedBytes) if self.expectedBytes else 0.0

    @property
    def secondsLeft(self) -> Optional[float]:
        """None while nothing tells."""
        left = self.expectedBytes - self.bytes
        return left / self.bytesPerSecond if self.bytesPerSecond and left >= 0 else None


@dataclass(frozen=True)
class SendSummary:
    """``counts``: files by outcome ("stored", "already_there", "failed" ...); ``failures``: those that the server
    does not have now, each with path, reason and UIDs."""

    complete: bool
    counts: Dict[str, int]
    failures: Tuple[Dict[str, Any], ...]
    bytes: int = 0


class SendJob(Job):
    """``found`` carries the outcome of each file, ``outcomes`` has all of them; the value is a :class:`SendSummary`.

    ``uid`` names it in the journal. As an import it has ``series`` (by UID; "" where a file has not told its series)
    and ``seriesChanged``.
    """

    def __init__(
        self,
        node: str,
        seriesUIDs: Sequence[str],
        files: Sequence[str],
        title: str = "",
        *,
        uid: str = "",
        client: Client,
        database: Any,
        slices: Slices,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("send", conclude=lambda account, items: self._summary(account))
        self.uid = uid
        self.node = node
        self.title = title
        self.series: Dict[str, SeriesProgress] = {}
        self.seriesChanged = Signal()
        self.progress = SendProgress()
        self.outcomes: List[Dict[str, Any]] = []
        self._seriesUIDs = tuple(seriesUIDs)
        self._files = [str(Path(file)) for file in files]
        self._sent: List[str] = []
        self._client = client
        self._database = database
        self._slices = slices
        self._speed = Speed(clock)

    def start(self) -> "SendJob":
        problem = databaseProblem(self._database) if self._seriesUIDs else None
        if problem is not None and not (self._database is not None and self._database.isOpen):
            self.fail(problem)
        elif self._seriesUIDs:
            self._slices.run(filesOfSeries(self._database, self._seriesUIDs), self._send)
        else:
            self._send([])
        return self

    def unsent(self) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        """What to send so that nothing is missing: UIDs of series, and files. To be asked when it is over."""
        if not self._sent:
            return self._seriesUIDs, tuple(self._files)
        settled = {outcome["path"] for outcome in self.outcomes if outcome["status"] in _NOTHING_TO_DO}
        return (), tuple(path for path in self._sent if path not in settled)

    # --- on the way -------------------------------------------------------------------------------------------------

    def _send(self, ofSeries: Sequence[SeriesFiles]) -> None:
        if self.isOver:
            return
        for each in ofSeries:
            self.series[each.series] = SeriesProgress("", each.series, len(each.files) + each.withoutFile)
            self._sent += [str(Path(file)) for file in each.files]  # as the outcomes name them
        self._sent += self._files
        withoutFile = [each for each in ofSeries if each.withoutFile]
        if not self._sent:
            cause = _NO_FILE if withoutFile else "there are no files to send"
            self.fail(InvalidValue(cause, next_step="Choose series that are in the database."))
            return
        self.seriesChanged.emit(list(self.series.values()))
        self._tell(expected=len(self._sent) + sum(each.withoutFile for each in withoutFile))
        self.begin(self._client, "store", {"node": self.node}, lists={"files": self._sent})
        for each in withoutFile:
            self._settled([_withoutFile(each.series)] * each.withoutFile)

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
        changed: Dict[str, SeriesProgress] = {}
        for outcome in outcomes:
            uid = outcome.get("series_instance_uid", "")
            before = self.series.get(uid) or SeriesProgress(outcome.get("study_instance_uid", ""), uid)
            changed[uid] = self.series[uid] = _with(before, outcome)
        self.found.emit(list(outcomes))
        self.seriesChanged.emit(list(changed.values()))
        failed = sum(outcome["status"] not in _NOTHING_TO_DO for outcome in outcomes)
        self._tell(received=self.progress.received + len(outcomes), failed=self.progress.failed + failed)

    def _tell(self, **values: Any) -> None:
        self.progress = replace(self.progress, **values)
        self.progressed.emit(self.progress)

    # --- the end ----------------------------------------------------------------------------------------------------

    def _end(self, value: Any = None, error: Optional[DICOMWebNodesError] = None, cancelled: bool = False) -> None:
        if self.isOver:
            return
        self.series = {uid: _over(progress) for uid, progress in self.series.items()}
        self._tell(bytesPerSecond=0.0)
        super()._end(value, error, cancelled)
        self.seriesChanged.emit(list(self.series.values()))

    def _summary(self, account: Dict[str, Any]) -> SendSummary:
        failures = tuple(outcome for outcome in self.outcomes if outcome["status"] not in _NOTHING_TO_DO)
        counts = {name: count for name, count in account.items() if name not in _NO_COUNTS}
        neverSent = sum(not outcome["path"] for outcome in failures)
        if neverSent:
            counts["failed"] = counts.get("failed", 0) + neverSent
        return SendSummary(account["complete"] and not neverSent, counts, failures, account["bytes"])


def _with(progress: SeriesProgress, outcome: Dict[str, Any]) -> SeriesProgress:
    """The progress of a series, after one more of its files has an outcome."""
    arrived = outcome["status"] in _ARRIVED
    known = progress.reason or ("" if arrived else outcome.get("reason", ""))
    received, failed = progress.received + 1, progress.failed + (not arrived)
    isOver = progress.expected is not None and received >= progress.expected
    state = (INCOMPLETE if failed else DONE) if isOver else SENDING
    indexed = progress.indexed + arrived
    return replace(progress, received=received, indexed=indexed, failed=failed, state=state, reason=known)


def _over(progress: SeriesProgress) -> SeriesProgress:
    """Nothing more will be heard of it."""
    if progress.isOver:
        return progress
    everything = progress.state != WAITING and progress.expected is None and not progress.failed
    return replace(progress, state=DONE if everything else INCOMPLETE)


def _withoutFile(series: str) -> Dict[str, Any]:
    return {"path": "", "status": "failed", "reason": _NO_FILE, "series_instance_uid": series}
