"""Series of the DICOM database, or files, to a node that stores."""

from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Tuple

from DICOMWebNodesLib.errors import InvalidValue
from DICOMWebNodesLib.worker.client import Client

from .database import databaseProblem, filesOfSeries
from .job import Job
from .slices import Slices

_NO_COUNTS = ("complete", "bytes")
_FAILED = ("failed", "unconfirmed")


@dataclass(frozen=True)
class SendSummary:
    """``counts``: files by outcome ("stored", "already_there", "failed" ...); ``failures``: those that the server
    does not have now, each with path, reason and UIDs."""

    complete: bool
    counts: Dict[str, int]
    failures: Tuple[Dict[str, Any], ...]
    bytes: int = 0


class SendJob(Job):
    """``found`` carries the outcome of each file; the value is a :class:`SendSummary`."""

    def __init__(
        self,
        node: str,
        seriesUIDs: Sequence[str],
        files: Sequence[str],
        *,
        client: Client,
        database: Any,
        slices: Slices,
    ) -> None:
        super().__init__("send", conclude=_summary)
        self.node = node
        self._seriesUIDs = tuple(seriesUIDs)
        self._files = [str(file) for file in files]
        self._client = client
        self._database = database
        self._slices = slices

    def start(self) -> "SendJob":
        problem = databaseProblem(self._database) if self._seriesUIDs else None
        if problem is not None and not (self._database is not None and self._database.isOpen):
            self.fail(problem)
        elif self._seriesUIDs:
            self._slices.run(filesOfSeries(self._database, self._seriesUIDs), self._send)
        else:
            self._send([])
        return self

    def _send(self, ofSeries: List[str]) -> None:
        files = self._files + ofSeries
        if not files:
            self.fail(InvalidValue("there are no files to send", next_step="Choose series that are in the database."))
            return
        self.begin(self._client, "store", {"node": self.node}, lists={"files": files})


def _summary(account: Dict[str, Any], outcomes: Sequence[Dict[str, Any]]) -> SendSummary:
    return SendSummary(
        complete=account["complete"],
        counts={name: count for name, count in account.items() if name not in _NO_COUNTS},
        failures=tuple(outcome for outcome in outcomes if outcome["status"] in _FAILED),
        bytes=account["bytes"],
    )
