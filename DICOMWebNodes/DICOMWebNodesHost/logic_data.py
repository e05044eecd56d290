"""The logic's part that looks at what nodes have."""

import base64
import logging
import operator
from dataclasses import dataclass, field
from typing import Any, Dict, Sequence, Tuple, Union

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.named import resource_of
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import InvalidQuery
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.text import Text

from .job import Job
from .logic_base import LogicBase, listOf
from .logic_nodes import ListedNode, NodeName, referenceTo
from .row import Row
from .search_job import SearchJob


@dataclass(frozen=True)
class Picture:
    """PNG, JPEG or GIF: as the server sent it, or made here."""

    contentType: str
    data: bytes = field(repr=False)


Nodes = Union[NodeName, Sequence[NodeName]]
"""One node, or a list of them."""
AboutWhat = Union[str, Resource, Attributes]
"""Text, or a row of a search."""


class DataLogic(LogicBase):
    def startSearch(
        self,
        node: Nodes,
        level: str = "studies",
        within: AboutWhat = "",
        includefield: Sequence[str] = (),
        fuzzymatching: bool = False,
        limit: Union[int, None] = None,
        offset: int = 0,
        **matching: Any,
    ) -> Job:
        """``level``: studies, series or instances; ``within``: a study or series; ``matching``: DICOM keywords with
        text (wildcards, ranges), a date, or a list of texts; None: any. A list of nodes: a :class:`SearchJob`;
        ``limit`` is that of each node, and there is no ``offset`` when they are several."""
        params = {
            "level": level,
            "within": str(resource_of(within)) if within else "",
            "includefield": list(map(str, listOf(includefield))),
            "fuzzymatching": fuzzymatching,
            "limit": None if limit is None else _count("limit", limit),
            "matching": {name: _text(value) for name, value in matching.items() if value is not None},
        }
        offset = _count("offset", offset)
        if isinstance(node, (str, Node, ListedNode)):
            params.update(node=referenceTo(node), offset=offset)
            return self._start("search", "search", params, Row, lambda result, rows: tuple(rows))
        if offset and len(node) > 1:
            raise InvalidQuery("an offset counts the results of one node, and several are given", field="offset")
        params.update(nodes=[referenceTo(each) for each in node], **({"offset": offset} if offset else {}))
        job = SearchJob(level)
        self._tellStart(job)
        return job.begin(self._client, "search.nodes", params)

    def search(self, node: Nodes, level: str = "studies", **options: Any) -> Sequence[Attributes]:
        """As :meth:`startSearch`; ``progress`` hears each batch of rows.

        Several nodes: :class:`SearchResults`. What failed is in its ``failures`` and in the log; only when every node
        failed, the error of the first is raised.
        """
        progress = options.pop("progress", None)
        job = self.startSearch(node, level, **options)
        found: Sequence[Attributes] = self.wait(job, progress, news=job.found)
        for error in getattr(found, "failures", ()):
            logging.warning("DICOMWeb Nodes: %s", error)
        return found

    def startMetadata(self, node: NodeName, resource: AboutWhat) -> Job:
        params = {"node": referenceTo(node), "resource": str(resource_of(resource))}
        return self._start("metadata", "metadata", params, Row, lambda result, rows: tuple(rows))

    def metadata(self, node: NodeName, resource: AboutWhat) -> Tuple[Attributes, ...]:
        return self.wait(self.startMetadata(node, resource))

    def startThumbnail(self, node: NodeName, resource: AboutWhat) -> Job:
        params = {"node": referenceTo(node), "resource": str(resource_of(resource))}
        return self._start("thumbnail", "thumbnail", params, base64.b64decode, _picture)

    def thumbnail(self, node: NodeName, resource: AboutWhat) -> Picture:
        return self.wait(self.startThumbnail(node, resource))

    def startClearPreviews(self) -> Job:
        """Empty the cache of thumbnails; the value is how many bytes they were."""
        return self._start("clear previews", "previews.clear", {})

    def clearPreviews(self) -> int:
        return self.wait(self.startClearPreviews())


def _picture(result: Dict[str, Any], pieces: Sequence[bytes]) -> Picture:
    return Picture(result["content_type"], b"".join(pieces))


def _count(field: str, value: Any) -> int:
    try:
        return operator.index(value)
    except TypeError:
        problem = Text("{value!r} is not a whole number", value=value)
        raise InvalidQuery(problem, field=field) from None


def _text(value: Any) -> Any:
    """Dates and numbers as DICOM writes them."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_text(each) for each in value]
    return value.strftime("%Y%m%d") if hasattr(value, "strftime") else str(value)
