"""What the origin server says there is: the account that a transfer is checked against."""

from __future__ import annotations

from typing import FrozenSet, Optional, Tuple

from ..dicomweb.dicom_json import Attributes
from ..dicomweb.qido_rs import QidoRS
from ..dicomweb.query import Query
from ..dicomweb.resource import Resource
from ..dicomweb.wado_rs import WadoRS
from ..errors import NotFound
from .events import SeriesPlan

_COUNT = "NumberOfSeriesRelatedInstances"


class Catalogue:
    """Asks QIDO-RS, and the metadata of WADO-RS where a node cannot be searched; either may be missing."""

    def __init__(self, search: Optional[QidoRS], wado: Optional[WadoRS]) -> None:
        self._search = search
        self._wado = wado

    def series_of(self, resource: Resource) -> Tuple[SeriesPlan, ...]:
        """The series of a study (or the one that is asked for), each with its number of instances.

        Without a search the resource itself is all that is known. Raises :class:`~..errors.NotFound` when the
        server has nothing of it.
        """
        if self._search is None:
            return (SeriesPlan(resource),)
        filters = {"SeriesInstanceUID": resource.series_instance_uid} if resource.series_instance_uid else {}
        query = Query.series(resource.study_instance_uid, includefield=(_COUNT,), **filters)
        every = (_plan(resource, found) for found in self._search.search(query))
        plans = tuple(plan for plan in every if resource.contains(plan.resource))
        if not plans:
            raise NotFound(
                f"the server knows no {resource.level.name.lower()} {resource.uids[-1]}",
                status=404,
                next_step="Check the identifiers, and that this node is the right server.",
            )
        return plans

    def instances_of(self, resource: Resource) -> Optional[FrozenSet[Resource]]:
        """Every instance of a series or study; None when the server offers no way to know."""
        if self._search is not None:
            query = Query.instances(resource.study_instance_uid, resource.series_instance_uid)
            return frozenset(_instance(resource, found) for found in self._search.search(query))
        if self._wado is not None:
            return frozenset(_instance(resource, found) for found in self._wado.metadata(resource))
        return None


def _plan(requested: Resource, found: Attributes) -> SeriesPlan:
    series = Resource(requested.study_instance_uid, found.series_instance_uid)
    return SeriesPlan(series, found.integer(_COUNT))


def _instance(requested: Resource, found: Attributes) -> Resource:
    series = requested.series_instance_uid or found.series_instance_uid
    return Resource(requested.study_instance_uid, series, found.sop_instance_uid)
