"""A job that a test moves on instead of a worker."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Dict, List, Optional, Sequence, Tuple

from DICOMWebNodesHost.import_values import ImportProgress
from DICOMWebNodesHost.job import Job, JobState
from DICOMWebNodesHost.row import FoundRows
from DICOMWebNodesHost.search_job import NodeEnd
from DICOMWebNodesHost.send_values import SendProgress
from DICOMWebNodesHost.series_progress import SeriesProgress
from DICOMWebNodesHost.signal import Signal
from DICOMWebNodesLib.errors import Cancelled, DICOMWebNodesError


class JobByHand(Job):
    """``asked``: the arguments with which it was started."""

    def __init__(self, name: str, asked: Dict[str, Any]) -> None:
        super().__init__(name)
        self.asked = asked
        self.prompted = Signal()
        self.seriesChanged = Signal()
        self.nodeEnded = Signal()
        self.ends: List[NodeEnd] = []
        self.names: Dict[str, str] = {}  # of the nodes that a search asks, by uid
        self.series: Dict[str, SeriesProgress] = {}
        self.progress: Any = SendProgress() if name == "send" else None
        self.retries: Dict[str, JobByHand] = {}
        self.outcomes: List[Dict[str, Any]] = []
        self.title = ""
        self.uid = f"job-{id(self)}"
        vars(self).update({key: value for key, value in asked.items() if key in ("node", "resources", "title", "uid")})

    def run(self) -> JobByHand:
        self._become(JobState.RUNNING)
        return self

    def find(self, rows: Sequence[Any], node: str = "") -> JobByHand:
        """``node``: which of several has found them; the first one by itself."""
        if self.names:
            rows = FoundRows([json.dumps(row.raw) for row in rows], node or next(iter(self.names)))
        self.found.emit(rows)
        return self

    def end_node(self, node: str, error: Optional[DICOMWebNodesError] = None, count: int = 0) -> JobByHand:
        """One of several nodes has no more to say; the job is over with the last one."""
        self.ends.append(NodeEnd(node, self.names[node], count, error))
        self.nodeEnded.emit(self.ends[-1])
        return self

    @property
    def waitingFor(self) -> Tuple[str, ...]:
        ended = {end.node for end in self.ends}
        return tuple(name for uid, name in self.names.items() if uid not in ended)

    def show(self, *series: SeriesProgress) -> None:
        """The series of an import, as they are now."""
        self.series.update({each.series: each for each in series})
        self.seriesChanged.emit(list(series))
        everything = self.series.values()
        self.progress = ImportProgress(
            sum(each.expected or 0 for each in everything),
            sum(each.received for each in everything),
            sum(each.indexed for each in everything),
            sum(each.bytes for each in everything),
            sum(each.bytesPerSecond for each in everything),
        )
        self.progressed.emit(self.progress)

    def settle(self, *outcomes: Dict[str, Any]) -> None:
        """Files of a send have an outcome."""
        self.outcomes += outcomes
        for outcome in outcomes:
            uid = outcome["series_instance_uid"]
            before = self.series.get(uid) or SeriesProgress("1.2", uid, len(outcomes))
            arrived = outcome["status"] == "stored"
            reason = before.reason or outcome["reason"]
            received, indexed, failed = before.received + 1, before.indexed + arrived, before.failed + (not arrived)
            state = "sending" if received < (before.expected or 0) else "incomplete" if failed else "done"
            self.series[uid] = SeriesProgress(
                "1.2", uid, before.expected, received, indexed, failed, 0, 0, state, reason
            )
        self.seriesChanged.emit(list(self.series.values()))
        self.found.emit(list(outcomes))

    def unsent(self) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        return (), tuple(outcome["path"] for outcome in self.outcomes if outcome["status"] != "stored")

    def end(self, value: Any = None) -> JobByHand:
        self._end(value)
        return self

    def break_off(self, error: DICOMWebNodesError) -> JobByHand:
        self._end(error=error)
        return self

    def cancel(self, resource: str = "") -> None:
        if resource:
            self._show_as(resource, "cancelled")
        else:
            self.break_off(Cancelled("it was cancelled"))

    def pause(self, resource: str = "") -> None:
        if resource:
            self._show_as(resource, "paused")
        else:
            self._become(JobState.PAUSED)

    def resume(self, resource: str = "") -> None:
        if resource:
            self._show_as(resource, "waiting")
        else:
            self._become(JobState.RUNNING)

    def _show_as(self, resource: str, state: str) -> None:
        self.show(*(replace(each, state=state) for each in self.series.values() if each.resource == resource))

    def prioritise(self, resource: str = "") -> None:
        self.asked.setdefault("first", []).append(resource)
