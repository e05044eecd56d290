"""What the origin server says there is: the account that a transfer is checked against."""

from __future__ import annotations

from typing import Callable, FrozenSet, Iterable, List, NamedTuple, Optional, Sequence, Tuple, Union

from ..dicomweb.dicom_json import Attributes
from ..dicomweb.names import name_of
from ..dicomweb.qido_rs import QidoRS
from ..dicomweb.query import Query
from ..dicomweb.resource import Level, Resource
from ..dicomweb.unusable import unusable
from ..dicomweb.wado_rs import WadoRS
from ..errors import (
    DICOMWebNodesError,
    MalformedAttribute,
    NotDICOMweb,
    NotFound,
    ResponseError,
    UnsupportedService,
)
from ..text import Text, in_a_row
from .events import Failure, SeriesPlan

_COUNT = "NumberOfSeriesRelatedInstances"
# With these a server says that it has no such service, or none for this resource.
_NOT_OFFERED = frozenset({400, 403, 404, 405, 406, 415, 500, 501})


class SeriesListed(NamedTuple):
    """``unusable``: what the server lists with a UID that is none, so that nobody can ask for it."""

    plans: Tuple[SeriesPlan, ...]
    unusable: Tuple[Failure, ...] = ()


class InstancesListed(NamedTuple):
    """``unusable`` as in :class:`SeriesListed`."""

    instances: FrozenSet[Resource]
    unusable: Tuple[Failure, ...] = ()


class Catalogue:
    """Asks QIDO-RS; where the node has no search, the metadata of WADO-RS, and then ``listing``.

    ``listing`` is QIDO-RS below the address of WADO-RS: PS3.18 gives a study's series and instances the same paths for
    both, and most servers that only are meant to retrieve answer there. Nobody asked for a search, so that it is the
    last resort. All may be missing.
    """

    def __init__(
        self, search: Optional[QidoRS], wado: Optional[WadoRS] = None, listing: Optional[QidoRS] = None
    ) -> None:
        self._search = search
        self._wado = wado
        self._listing = listing

    def series_of(
        self, resource: Resource, begin: Callable[[Sequence[SeriesPlan]], None] = lambda plans: None
    ) -> SeriesListed:
        """The series of a study (or the one that is asked for), each with its number of instances.

        ``begin`` is told of those that are known, page by page, while the server is asked whether there are more.
        Without a search the resource itself is all that is known. Raises :class:`~..errors.NotFound` when the
        server has nothing of it.
        """
        if self._search is None:
            return SeriesListed((SeriesPlan(resource),))
        wanted = resource.series_instance_uid
        filters = {"SeriesInstanceUID": wanted} if wanted else {}
        query = Query.series(resource.study_instance_uid, includefield=(_COUNT,), **filters)
        plans: List[SeriesPlan] = []
        failures: List[Failure] = []
        for found in self._search.search(query, on_page=lambda: begin(plans)):
            plan = _plan(resource, found)
            if isinstance(plan, Failure):
                failures.append(plan)
            elif resource.contains(plan.resource):
                plans.append(plan)
                if wanted:  # there is no other, so that nobody need be asked whether there is
                    break
        if not plans and not failures:
            raise NotFound(
                Text("the server knows no {resource}", resource=name_of(resource)),
                status=404,
                next_step="Check the identifiers, and that this node is the right server.",
            )
        # Who asked for one series and got it is not told of others, which a server sends that ignores the filter.
        return SeriesListed(tuple(plans), () if wanted and plans else tuple(failures))

    def instances_of(self, resource: Resource, counted: Optional[int] = None) -> InstancesListed:
        """Every instance of a series or study, which are ``counted`` by the server's own account, if it gave one.

        Raises :class:`~..errors.UnsupportedService` when nothing of the node lists them, and
        :class:`~..errors.NotFound` when that, or that there are none, is all that its answers can mean.
        """
        if self._search is not None:
            return _listed_by(self._search, resource, counted)
        refusals: List[DICOMWebNodesError] = []
        try:
            if self._wado is not None and self._wado.describes(resource.level):
                return _instances(resource, self._wado.metadata(resource))
        except (ResponseError, NotDICOMweb) as error:
            refusals.append(_refusal(error))
        try:
            if self._listing is not None:
                return _listed_by(self._listing, resource, counted)
        except (ResponseError, NotDICOMweb) as error:
            refusals.append(_refusal(error))
        raise unlisted(resource, refusals)


def unlisted(resource: Resource, refusals: Iterable[DICOMWebNodesError] = ()) -> DICOMWebNodesError:
    """Why a study or series does not come from a node that gives no list of its instances, and what to do."""
    what = name_of(resource)
    remedy = Text(
        "give the node the service type “DICOMweb (all RESTful services)” and the address that can be searched, or add "
        "a QIDO-RS node whose results this one retrieves"
    )
    refusals = tuple(refusals)
    if not refusals:
        return UnsupportedService(
            Text(
                "the node gives single instances, and nothing lists those of {what}: {remedy}", what=what, remedy=remedy
            )
        )
    if all(isinstance(refusal, NotFound) for refusal in refusals):
        return NotFound(
            Text(
                "the server has no {what}, or gives neither the whole of it nor a list of its instances: check the "
                "identifier; {remedy}",
                what=what,
                remedy=remedy,
            ),
            status=404,
        )
    causes = in_a_row(refusal.cause for refusal in refusals)
    return UnsupportedService(
        Text(
            "the server does not list the instances of {what} ({causes}): {remedy}",
            what=what,
            causes=causes,
            remedy=remedy,
        )
    )


def _refusal(error: DICOMWebNodesError) -> DICOMWebNodesError:
    """Raises what says nothing of whether the service is there."""
    if isinstance(error, ResponseError) and error.status not in _NOT_OFFERED:
        raise error
    return error


def _listed_by(search: QidoRS, resource: Resource, counted: Optional[int]) -> InstancesListed:
    query = Query.instances(resource.study_instance_uid, resource.series_instance_uid)
    return _instances(resource, search.search(query, counted=counted or 0))


def _instances(requested: Resource, rows: Iterable[Attributes]) -> InstancesListed:
    found = [_instance(requested, row) for row in rows]
    instances = frozenset(each for each in found if isinstance(each, Resource))
    return InstancesListed(instances, tuple(each for each in found if isinstance(each, Failure)))


def _plan(requested: Resource, found: Attributes) -> Union[SeriesPlan, Failure]:
    """A failure is named by the study, because nothing that is no UID may become part of an address or a path."""
    try:
        return SeriesPlan(Resource(requested.study_instance_uid, found.series_instance_uid), _count(found))
    except MalformedAttribute as error:
        return Failure(requested, unusable(Level.SERIES, error), error.code, max(1, _count(found) or 0))


def _instance(requested: Resource, found: Attributes) -> Union[Resource, Failure]:
    """A failure is named by the series, or by the study when that has no UID either."""
    series = requested.series_instance_uid
    try:
        series = series or found.series_instance_uid
        return Resource(requested.study_instance_uid, series, found.sop_instance_uid)
    except MalformedAttribute as error:
        return Failure(Resource(requested.study_instance_uid, series), unusable(Level.INSTANCE, error), error.code)


def _count(found: Attributes) -> Optional[int]:
    """None also for what is no number: the series comes all the same, and is compared with a list of its instances."""
    try:
        return found.integer(_COUNT)
    except MalformedAttribute:
        return None
