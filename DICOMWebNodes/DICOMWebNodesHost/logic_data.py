"""The logic's part that looks at what nodes have."""

import base64
from dataclasses import dataclass, field
from typing import Any, Dict, Sequence, Tuple, Union

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.nodes.node import Node

from .job import Job
from .logic_base import LogicBase, resourceOf
from .logic_nodes import referenceTo
from .row import Row


@dataclass(frozen=True)
class Picture:
    """As the server sent it: PNG, JPEG or GIF."""

    contentType: str
    data: bytes = field(repr=False)


class DataLogic(LogicBase):
    def startSearch(
        self,
        node: Union[str, Node],
        level: str = "studies",
        within: Union[str, Resource] = "",
        includefield: Sequence[str] = (),
        fuzzymatching: bool = False,
        limit: Union[int, None] = None,
        offset: int = 0,
        **matching: Any,
    ) -> Job:
        """``level``: studies, series or instances; ``within``: a study or series; ``matching``: DICOM keywords with
        text (wildcards, ranges), a date, or a list of texts."""
        params = {
            "node": referenceTo(node),
            "level": level,
            "within": str(within),
            "includefield": list(includefield),
            "fuzzymatching": fuzzymatching,
            "limit": limit,
            "offset": offset,
            "matching": {name: _text(value) for name, value in matching.items()},
        }
        return self._start("search", "search", params, Row, lambda result, rows: tuple(rows))

    def search(self, node: Union[str, Node], level: str = "studies", **options: Any) -> Tuple[Attributes, ...]:
        """As :meth:`startSearch`; ``progress`` hears each batch of rows."""
        progress = options.pop("progress", None)
        job = self.startSearch(node, level, **options)
        if progress is not None:
            job.found.connect(lambda rows: job.cancel() if progress(rows) is False else None)
        return self.wait(job)

    def startMetadata(self, node: Union[str, Node], resource: Union[str, Resource]) -> Job:
        params = {"node": referenceTo(node), "resource": str(resourceOf(resource))}
        return self._start("metadata", "metadata", params, Row, lambda result, rows: tuple(rows))

    def metadata(self, node: Union[str, Node], resource: Union[str, Resource]) -> Tuple[Attributes, ...]:
        return self.wait(self.startMetadata(node, resource))

    def startThumbnail(self, node: Union[str, Node], resource: Union[str, Resource]) -> Job:
        params = {"node": referenceTo(node), "resource": str(resourceOf(resource))}
        return self._start("thumbnail", "thumbnail", params, base64.b64decode, _picture)

    def thumbnail(self, node: Union[str, Node], resource: Union[str, Resource]) -> Picture:
        return self.wait(self.startThumbnail(node, resource))


def _picture(result: Dict[str, Any], pieces: Sequence[bytes]) -> Picture:
    return Picture(result["content_type"], b"".join(pieces))


def _text(value: Any) -> Any:
    """Dates and numbers as DICOM writes them."""
    if isinstance(value, (list, tuple)):
        return [_text(each) for each in value]
    return value.strftime("%Y%m%d") if hasattr(value, "strftime") else str(value)
