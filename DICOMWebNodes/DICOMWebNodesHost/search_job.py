"""A search over many nodes: what each of them gave, and what all of them gave together."""

from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.identity import MergedAttributes, merged
from DICOMWebNodesLib.dicomweb.resource import Level
from DICOMWebNodesLib.errors import DICOMWebNodesError
from DICOMWebNodesLib.worker.values import error_from_dict

from .job import Job
from .row import Row
from .signal import Signal


class FoundRow(Row):
    """``node``: uid of the node that gave it."""

    __slots__ = ("node",)

    def __init__(self, raw: Mapping[str, Any], node: str) -> None:
        super().__init__(raw)
        self.node = node


@dataclass(frozen=True)
class NodeEnd:
    """A node (``node``: uid) has given ``count`` results: all, or with an ``error`` those that came before it."""

    node: str
    name: str
    count: int
    error: Optional[DICOMWebNodesError] = None


class SearchResults(AbstractSequence):  # type: ignore[type-arg]
    """Each study (series, instance) once, with the names of all nodes that have it as ``nodes``, in the order of the
    nodes. ``failures``: the errors of the nodes that failed, of which something may be missing.

    They are put together when they are first looked at: who shows them as they come has no need of it.
    """

    def __init__(self, level: Level, by_name: Sequence[Tuple[str, List[Row]]], failures: Sequence[Any]) -> None:
        self._level = level
        self._by_name = by_name
        self._merged: Optional[List[MergedAttributes]] = None
        self.failures: Tuple[DICOMWebNodesError, ...] = tuple(failures)

    def __len__(self) -> int:
        return len(self._results())

    def __getitem__(self, index: Any) -> Any:
        return self._results()[index]

    def _results(self) -> List[MergedAttributes]:
        if self._merged is None:
            self._merged = merged(self._level, self._by_name)
        return self._merged


class SearchJob(Job):
    """``found`` carries rows with their ``node``, ``warned`` texts that begin with the node's name, ``nodeEnded`` a
    NodeEnd as soon as a node has nothing more to say. It fails only when every node does."""

    def __init__(self, level: str) -> None:
        super().__init__("search", self._row, lambda result, items: self._results())
        self.nodeEnded = Signal()
        self.ends: List[NodeEnd] = []
        self._level = level
        self._nodes: List[Dict[str, str]] = []
        self._rows: List[List[Row]] = []

    @property
    def waitingFor(self) -> Tuple[str, ...]:
        """Names of the nodes that have not ended."""
        ended = {end.node for end in self.ends}
        return tuple(node["name"] for node in self._nodes if node["uid"] not in ended)

    def _told(self, name: str, value: Any) -> None:
        if name == "searching":
            self._nodes += value
            self._rows += [[] for _ in value]
        elif name == "node_warned":
            for position, text in value:
                self.warned.emit(f"{self._nodes[position]['name']}: {text}")
        elif name == "node_ended":
            for each in value:
                self._end_of(each)
        else:
            super()._told(name, value)

    def _row(self, item: Any) -> FoundRow:
        position, raw = item
        row = FoundRow(raw, self._nodes[position]["uid"])
        self._rows[position].append(row)
        return row

    def _end_of(self, told: Mapping[str, Any]) -> None:
        node, error = self._nodes[told["node"]], told["error"]
        end = NodeEnd(node["uid"], node["name"], told["count"], error_from_dict(error) if error else None)
        self.ends.append(end)
        self.nodeEnded.emit(end)

    def _end(self, value: Any = None, error: Optional[DICOMWebNodesError] = None, cancelled: bool = False) -> None:
        failures = [end.error for end in self.ends if end.error is not None]
        if error is None and failures and len(failures) == len(self._nodes):
            error = failures[0]
        super()._end(value, error, cancelled)

    def _results(self) -> SearchResults:
        names = [node["name"] for node in self._nodes]
        failures = [end.error for end in self.ends if end.error is not None]
        return SearchResults(Level(self._level), list(zip(names, self._rows)), failures)
