"""The metadata of a study or series, also where a server gives it for smaller pieces only."""

from __future__ import annotations

from typing import Iterator, List, Optional, Sequence

from ..errors import MalformedAttribute, NotDICOMweb, ResponseError
from .dicom_json import Attributes
from .qido_rs import QidoRS
from .query import Query
from .resource import Level, Resource
from .unusable import noted
from .wado_rs import WadoRS

# With these a server says that it has none for this level, or does not know the resource.
_NOT_OFFERED = frozenset({400, 404, 405, 406, 501})


class Metadata:
    """Asks WADO-RS; ``search`` finds what a study or series is made of, None where that cannot be found."""

    def __init__(self, wado: WadoRS, search: Optional[QidoRS]) -> None:
        self._wado = wado
        self._search = search

    def of(self, resource: Resource) -> Iterator[Attributes]:
        """One :class:`Attributes` for each instance; raises what :meth:`WadoRS.metadata` raises.

        A part that the server lists with a UID that is none holds nothing up: MalformedAttribute names the first of
        them when the others have come.
        """
        problems: List[MalformedAttribute] = []
        yield from self._of(resource, problems)
        if problems:
            raise problems[0]

    def _of(self, resource: Resource, problems: List[MalformedAttribute]) -> Iterator[Attributes]:
        parts: Sequence[Resource] = ()
        if not self._wado.describes(resource.level):
            parts = self._parts_of(resource, problems)
        if not parts:
            try:
                yield from self._wado.metadata(resource)
                return
            except (ResponseError, NotDICOMweb) as error:
                if isinstance(error, ResponseError) and error.status not in _NOT_OFFERED:
                    raise
                parts = self._parts_of(resource, problems)
                if not parts:
                    raise
        for part in parts:
            yield from self._of(part, problems)

    def _parts_of(self, resource: Resource, problems: List[MalformedAttribute]) -> Sequence[Resource]:
        return tuple(self._found_in(resource, problems))

    def _found_in(self, resource: Resource, problems: List[MalformedAttribute]) -> Iterator[Resource]:
        if self._search is None or resource.level is Level.INSTANCE:
            return
        is_study = resource.level is Level.STUDY
        query = Query.series(*resource.uids) if is_study else Query.instances(*resource.uids)
        for found in self._search.search(query):
            with noted(query.level, problems):
                if is_study:
                    yield Resource(resource.study_instance_uid, found.series_instance_uid)
                else:
                    yield resource.instance(found.sop_instance_uid)
