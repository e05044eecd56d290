"""A search over many nodes: what each of them gave, and what all of them gave together."""

from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.identity import MergedAttributes, merged
from DICOMWebNodesLib.dicomweb.resource import Level
from DICOMWebNodesLib.errors import DICOMWebNodesError, PackageMissing
from DICOMWebNodesLib.text import Text, sentence
from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.remote_job import RemoteJob
from DICOMWebNodesLib.worker.values import error_from_dict

from .job import Job
from .row import FoundRows
from .signal import Signal


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

    def __init__(self, level: Level, by_name: Sequence[Tuple[str, FoundRows]], failures: Sequence[Any]) -> None:
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
    """``found`` carries FoundRows of a node, ``warned`` texts that begin with the node's name, ``nodeEnded`` a
    NodeEnd as soon as a node has nothing more to say. It fails only when every node does.

    Nodes that lack a package are searched anew once it has been provided.
    """

    def __init__(self, level: str) -> None:
        super().__init__("search", conclude=lambda result, items: self._results())
        self.nodeEnded = Signal()
        self.ends: List[NodeEnd] = []
        self._level = level
        self._nodes: List[Dict[str, str]] = []  # of all requests; a position counts from the first of its request
        self._rows: List[List[str]] = []  # as JSON
        self._first = 0
        self._lacking: List[int] = []
        self._again: Callable[[List[int]], Any] = lambda positions: None

    @property
    def waitingFor(self) -> Tuple[str, ...]:
        """Names of the nodes that have not ended."""
        ended = {end.node for end in self.ends}
        return tuple(dict.fromkeys(node["name"] for node in self._nodes if node["uid"] not in ended))

    def begin(
        self,
        client: Client,
        method: str,
        params: Mapping[str, Any],
        lists: Optional[Mapping[str, Sequence[Any]]] = None,
    ) -> Job:
        nodes = params["nodes"]
        self._again = lambda lacking: self.begin(client, method, {**params, "nodes": [nodes[each] for each in lacking]})
        self._first = len(self._nodes)
        return super().begin(client, method, params, lists)

    def _told(self, name: str, value: Any) -> None:
        if name == "searching":
            self._nodes += value
            self._rows += [[] for _ in value]
        elif name == "items":
            for position, items in groupby(value, itemgetter(0)):
                texts = [text for _position, text in items]
                self._rows[self._first + position] += texts
                self.found.emit(FoundRows(texts, self._node(position)["uid"]))
        elif name == "node_warned":
            for position, text in value:
                self.warned.emit(Text("{node}: {said}", node=self._node(position)["name"], said=sentence(text)))
        elif name == "node_ended":
            for each in value:
                self._end_of(each["node"], each["count"], error_from_dict(each["error"]) if each["error"] else None)
        else:
            super()._told(name, value)

    def _node(self, position: int) -> Dict[str, str]:
        return self._nodes[self._first + position]

    def _end_of(self, position: int, count: int, error: Optional[DICOMWebNodesError]) -> None:
        if isinstance(error, PackageMissing) and self.provide is not None:
            self._lacking.append(position)
            return
        end = NodeEnd(self._node(position)["uid"], self._node(position)["name"], count, error)
        self.ends.append(end)
        self.nodeEnded.emit(end)

    def _ended(self, remote: RemoteJob) -> None:
        if not self._lacking or self.provide is None:
            super()._ended(remote)
            return
        provide, self.provide = self.provide, None
        lacking, self._lacking = self._lacking, []
        provide(lambda error: self._provided(lacking, error, remote))

    def _provided(self, lacking: List[int], error: Optional[DICOMWebNodesError], remote: RemoteJob) -> None:
        if self.isOver:  # it was cancelled meanwhile
            return
        if error is None:
            self._again(lacking)
            return
        for position in lacking:
            self._end_of(position, 0, error)
        super()._ended(remote)

    def _end(self, value: Any = None, error: Optional[DICOMWebNodesError] = None, cancelled: bool = False) -> None:
        if error is None and self._failures() and len(self._failures()) == len({node["uid"] for node in self._nodes}):
            error = self._failures()[0]
        super()._end(value, error, cancelled)

    def _failures(self) -> List[DICOMWebNodesError]:
        return [end.error for end in self.ends if end.error is not None]

    def _results(self) -> SearchResults:
        found = [(node["name"], FoundRows(rows, node["uid"])) for node, rows in zip(self._nodes, self._rows)]
        return SearchResults(Level(self._level), found, self._failures())
