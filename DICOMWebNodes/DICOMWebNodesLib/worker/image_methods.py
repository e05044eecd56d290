"""Methods that look at what a node has: search, metadata, thumbnail."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Dict, Iterable, Optional, Set

from .jobs import Job
from .methods import Method, NodeReference, Object, Strings
from .values import passable_row

if TYPE_CHECKING:
    from ..dicomweb.dicom_json import Attributes
    from .service import Service

_PIECE = 256 * 1024  # bytes of a picture in one item


def methods(service: Service) -> Dict[str, Method]:
    images = ImageMethods(service)
    return {
        "search": Method(images.search),
        "metadata": Method(images.metadata),
        "thumbnail": Method(images.thumbnail),
    }


class ImageMethods:
    def __init__(self, service: Service) -> None:
        self._service = service

    def search(
        self,
        job: Job,
        *,
        node: NodeReference,
        level: str = "studies",
        matching: Optional[Object] = None,
        within: str = "",
        includefield: Optional[Strings] = None,
        fuzzymatching: bool = False,
        limit: Optional[int] = None,
        offset: int = 0,
    ) -> Object:
        """Items: rows of DICOM JSON (PS3.18 annex F). ``matching``: attributes with text, or a list of texts."""
        from ..dicomweb.query import Query
        from ..dicomweb.resource import Level, Resource

        query = Query(
            _level(Level, level),
            tuple((name, _values(name, value)) for name, value in (matching or {}).items()),
            Resource.parse(within) if within else None,
            tuple(includefield or ()),
            fuzzymatching,
            limit,
            offset,
        )
        found = self._service.workspace.search(self._service.node(node), query, job.warn, control=job.control)
        return _tell_rows(job, found)

    def metadata(self, job: Job, *, node: NodeReference, resource: str) -> Object:
        """Items: the attributes of every instance, as DICOM JSON."""
        from ..dicomweb.resource import Resource

        described = self._service.workspace.metadata(
            self._service.node(node), Resource.parse(resource), control=job.control
        )
        return _tell_rows(job, described)

    def thumbnail(self, job: Job, *, node: NodeReference, resource: str) -> Object:
        """Items: pieces of the picture in Base64, each of which decodes by itself."""
        from ..dicomweb.resource import Resource

        image = self._service.workspace.thumbnail(
            self._service.node(node), Resource.parse(resource), control=job.control
        )
        for start in range(0, len(image.content), _PIECE):
            job.tell("items", base64.b64encode(image.content[start : start + _PIECE]).decode("ascii"))
        return {"content_type": image.content_type, "bytes": len(image.content)}


def _tell_rows(job: Job, rows: Iterable[Attributes]) -> Object:
    count = 0
    left_out: Set[str] = set()
    for attributes in rows:
        row, omitted = passable_row(attributes.raw)
        left_out.update(omitted)
        job.tell("items", row)
        count += 1
    if left_out:
        named = ", ".join(sorted(left_out)[:20])
        job.warn(f"attributes that are too long to be shown were left out: {named}")
    return {"count": count}


def _level(levels: Any, level: str) -> Any:
    from ..errors import InvalidQuery

    try:
        return levels(level)
    except ValueError:
        choices = ", ".join(each.value for each in levels)
        raise InvalidQuery(f"the level is {level!r}", field="level", next_step=f"Choose one of {choices}.") from None


def _values(name: str, value: Any) -> Any:
    from ..errors import InvalidQuery

    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\\".join(value)
    if not isinstance(value, str):
        raise InvalidQuery(f"{name} is {value!r}", field=name, next_step="Give text, or a list of texts.")
    return value
