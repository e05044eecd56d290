"""The metadata of a study or series, also where a server gives it for smaller pieces only."""

from __future__ import annotations

from typing import Iterator, Optional, Sequence

from ..errors import NotDICOMweb, ResponseError
from .dicom_json import Attributes
from .qido_rs import QidoRS
from .query import Query
from .resource import Level, Resource
from .wado_rs import WadoRS

# With these a server says that it has none for this level, or does not know the resource.
_NOT_OFFERED = frozenset({400, 404, 405, 406, 501})


class Metadata:
    """Asks WADO-RS; ``search`` finds what a study or series is made of, None where that cannot be found."""

    def __init__(self, wado: WadoRS, search: Optional[QidoRS]) -> None:
        self._wado = wado
        self._search = search

    def of(self, resource: Resource) -> Iterator[Attributes]:
        """One :class:`Attributes` for each instance; raises what :meth:`WadoRS.metadata` raises."""
        parts: Sequence[Resource] = ()
        if not self._wado.describes(resource.level):
            parts = self._parts_of(resource)
        if not parts:
            try:
                yield from self._wado.metadata(resource)
                return
            except (ResponseError, NotDICOMweb) as error:
                if isinstance(error, ResponseError) and error.status not in _NOT_OFFERED:
                    raise
                parts = self._parts_of(resource)
                if not parts:
                    raise
        for part in parts:
            yield from self.of(part)

    def _parts_of(self, resource: Resource) -> Sequence[Resource]:
        return tuple(self._found_in(resource))

    def _found_in(self, resource: Resource) -> Iterator[Resource]:
        if self._search is None or resource.level is Level.INSTANCE:
            return
        if resource.level is Level.STUDY:
            for series in self._search.search(Query.series(*resource.uids)):
                yield Resource(resource.study_instance_uid, series.series_instance_uid)
        else:
            for instance in self._search.search(Query.instances(*resource.uids)):
                yield resource.instance(instance.sop_instance_uid)
