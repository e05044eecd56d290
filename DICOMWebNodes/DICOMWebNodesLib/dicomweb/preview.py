"""A small picture of a study, series or instance, in the best way that the server has."""

from __future__ import annotations

from typing import Optional

from ..errors import NotDICOMweb, NotFound, ResponseError
from .profile import Quirk
from .qido_rs import QidoRS
from .query import Query
from .resource import Level, Resource
from .session import Session
from .wado_rs import Image, WadoRS

_COUNT = "NumberOfSeriesRelatedInstances"
# With these a server says that it has no such service, or none for this kind of instance.
_NOT_OFFERED = frozenset({400, 404, 405, 406, 415, 500, 501})


class Preview:
    """``/thumbnail`` where there is one, else ``/rendered`` of an instance in the middle of the series.

    ``search`` finds that instance; without it only instances can be shown by a server without thumbnails.
    """

    def __init__(self, session: Session, search: Optional[QidoRS]) -> None:
        self._wado = WadoRS(session)
        self._search = search
        self._has_thumbnails = not session.profile.has(Quirk.NO_THUMBNAIL)

    def of(self, resource: Resource) -> Image:
        """Raises :class:`~..errors.NotFound` for what has no instances, and what the server refuses."""
        if self._has_thumbnails:
            try:
                return self._wado.thumbnail(resource)
            except (ResponseError, NotDICOMweb) as error:
                if isinstance(error, ResponseError) and error.status not in _NOT_OFFERED:
                    raise
        return self._wado.rendered(self._instance_of(resource))

    def _instance_of(self, resource: Resource) -> Resource:
        if resource.level is Level.INSTANCE:
            return resource
        if self._search is None:
            raise NotFound(f"the server has no picture of the {resource.level.name.lower()}", status=404)
        series = Query.series(resource.study_instance_uid, includefield=(_COUNT,), limit=1, **_only(resource))
        for found in self._search.search(series):
            path = (resource.study_instance_uid, found.series_instance_uid)
            middle = Query.instances(*path, limit=1, offset=(found.integer(_COUNT) or 1) // 2)
            for instance in self._search.search(middle):
                return Resource(*path, instance.sop_instance_uid)
        raise NotFound(f"the server has no instance of {resource}", status=404)


def _only(resource: Resource) -> dict[str, str]:
    return {"SeriesInstanceUID": resource.series_instance_uid} if resource.series_instance_uid else {}
