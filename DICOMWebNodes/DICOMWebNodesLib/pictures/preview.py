"""A small picture of a study, series or instance, in the best way that the server has."""

from __future__ import annotations

import contextlib
from typing import Callable, Dict, Iterator, List, Optional, Protocol, Sequence, Tuple, Union

from ..dicomweb.dicom_json import Attributes
from ..dicomweb.findings import Findings, Offer
from ..dicomweb.multipart_events import PartEvent, Payload
from ..dicomweb.names import name_of
from ..dicomweb.qido_rs import QidoRS
from ..dicomweb.query import Query
from ..dicomweb.resource import Level, Resource
from ..dicomweb.wado_rs import Image, WadoRS
from ..errors import DICOMWebNodesError, LimitExceeded, NoPicture, NotDICOMweb, NotFound, ResponseError
from ..nodes.node import Node
from ..text import Text
from .arriving_file import ArrivingFile
from .cache import PreviewCache
from .made_here import LONGEST, NOT_IMAGES, no_image, preview_of
from .png import MEDIA_TYPE

MOST_BYTES = 64 * 1024 * 1024
"""Of one instance that is fetched to make a preview."""

_COUNT, _FRAMES = "NumberOfSeriesRelatedInstances", "NumberOfFrames"
_MOST_SERIES = 20  # of a study that are looked at to find one with images
# With these a server says that it has no such service, or none for this kind of instance.
_NOT_OFFERED = frozenset({400, 404, 405, 406, 415, 500, 501})
# Of an instance that is not rendered, these say that none is; the others may be about its kind, or its frames.
_NEVER_RENDERED = frozenset({404, 405, 501})

_Way = Tuple[Optional[Offer], Callable[[Resource], Image]]
_Instance = Tuple[Resource, int]  # and how many frames it has, 0: not known
_Failure = Tuple[Optional[Offer], DICOMWebNodesError]


class Source(Protocol):
    """WADO-RS or WADO-URI of a node."""

    def retrieve(self, resource: Resource) -> contextlib.AbstractContextManager[Iterator[PartEvent]]: ...

    def rendered(self, resource: Resource, *, frame: int = 0, viewport: int = 0) -> Image: ...


class Preview:
    """``/thumbnail`` where there is one, else ``/rendered``, else made here, of the instance in a series' middle.

    ``search`` finds that instance; without it only instances can be shown by a server without thumbnails. What a
    server turned out not to have is noted in ``findings`` and from then on the last that is tried;
    ``has_thumbnails`` is what its profile says as long as nobody knows. ``cache`` keeps pictures.
    ``turn(made_here)`` is waited for before each way is gone.
    """

    def __init__(
        self,
        node: Node,
        source: Source,
        search: Optional[QidoRS],
        *,
        findings: Optional[Findings] = None,
        has_thumbnails: bool = True,
        cache: Optional[PreviewCache] = None,
        turn: Callable[[bool], contextlib.AbstractContextManager[None]] = lambda made_here: contextlib.nullcontext(),
    ) -> None:
        self._node = node
        self._source = source
        self._search = search
        self._findings = findings or Findings()
        self._has_thumbnails = has_thumbnails
        self._cache = cache
        self._turn = turn
        self._ways: List[_Way] = [(Offer.RENDERED, self._rendered), (None, self._made_here)]
        if isinstance(source, WadoRS):
            self._ways.insert(0, (Offer.THUMBNAIL, source.thumbnail))
        self._middle: Dict[Resource, _Instance] = {}

    def of(self, resource: Resource) -> Image:
        """Raises :class:`~..errors.NoPicture` for what is none, :class:`~..errors.NotFound` for what has no
        instances, and what the server refuses."""
        kept = self._cache.get(self._node, resource) if self._cache else None
        if isinstance(kept, NoPicture):
            raise self._about(kept, resource)
        if kept is not None:
            return kept
        try:
            image = self._in_some_way(resource)
        except NoPicture as error:
            if self._cache and error.modality in NOT_IMAGES:
                self._cache.put(self._node, resource, error)
            raise self._about(error, resource) from error.__cause__
        if self._cache:
            self._cache.put(self._node, resource, image)
        return image

    def _about(self, error: NoPicture, resource: Resource) -> DICOMWebNodesError:
        return error.about(node=self._node.name, asked=Text("show {resource}", resource=name_of(resource)))

    def _in_some_way(self, resource: Resource) -> Image:
        failed: List[_Failure] = []
        for offer, way in sorted(self._ways, key=lambda way: self._lacks(way[0])):
            with self._turn(offer is None):
                image = _tried(way, resource)
            if isinstance(image, Image):
                self._note(offer, failed)
                return image
            failed.append((offer, image))
        raise next((error for _, error in failed if isinstance(error, NoPicture)), failed[-1][1])

    def _lacks(self, offer: Optional[Offer]) -> bool:
        assumed = self._has_thumbnails if offer is Offer.THUMBNAIL else True
        return offer is not None and not self._findings.has(offer, assumed)

    def _note(self, had: Optional[Offer], failed: Sequence[_Failure]) -> None:
        """There was a picture, and yet one way did not give it: unless it ever did, the server does not have it."""
        if had is not None:
            self._findings.note(had, True)
        for offer, error in failed:
            if offer is None or self._findings.known(offer) is not None:
                continue
            if offer is Offer.THUMBNAIL or (isinstance(error, ResponseError) and error.status in _NEVER_RENDERED):
                self._findings.note(offer, False)

    # --- ways -------------------------------------------------------------------------------------------------------

    def _rendered(self, resource: Resource) -> Image:
        instance, frames = self._instance_of(resource)
        return self._source.rendered(instance, frame=frames // 2 + 1 if frames > 1 else 0, viewport=LONGEST)

    def _made_here(self, resource: Resource) -> Image:
        instance, _ = self._instance_of(resource)
        with self._source.retrieve(instance) as events, ArrivingFile(_pieces(events), MOST_BYTES) as file:
            try:
                return Image(MEDIA_TYPE, preview_of(file))
            except LimitExceeded as error:
                raise NoPicture(error.cause) from error

    # --- which instance ---------------------------------------------------------------------------------------------

    def _instance_of(self, resource: Resource) -> _Instance:
        if resource.level is Level.INSTANCE:
            return resource, 0
        if resource not in self._middle:
            self._middle[resource] = self._found_in(resource)
        return self._middle[resource]

    def _found_in(self, resource: Resource) -> _Instance:
        if self._search is None:
            raise NotFound(Text("the server has no picture of {resource}", resource=name_of(resource)), status=404)
        series = self._series_of(resource, self._search)
        path = (resource.study_instance_uid, series.series_instance_uid)
        middle = (series.integer(_COUNT) or 1) // 2
        for instance in self._search.search(Query.instances(*path, includefield=(_FRAMES,), limit=1, offset=middle)):
            return Resource(*path, instance.sop_instance_uid), instance.integer(_FRAMES) or 0
        raise NotFound(Text("the server has no instance of {resource}", resource=resource), status=404)

    def _series_of(self, resource: Resource, search: QidoRS) -> Attributes:
        """The series, or the first one of the study that has images."""
        only = {"SeriesInstanceUID": resource.series_instance_uid} if resource.series_instance_uid else {}
        query = Query.series(
            resource.study_instance_uid, includefield=(_COUNT,), limit=1 if only else _MOST_SERIES, **only
        )
        without: Tuple[str, ...] = ()
        for series in search.search(query):
            if series.text("Modality") not in NOT_IMAGES:
                return series
            without = (*without, series.text("Modality"))
        if without:
            raise no_image(without[0])
        raise NotFound(Text("the server has no instance of {resource}", resource=resource), status=404)


def _tried(way: Callable[[Resource], Image], resource: Resource) -> Union[Image, DICOMWebNodesError]:
    """The error when another way may have it. Raises what the server refuses in any way."""
    try:
        return way(resource)
    except ResponseError as error:
        if error.status not in _NOT_OFFERED:
            raise
        return error
    except (NotDICOMweb, NoPicture) as error:
        return error


def _pieces(events: Iterator[PartEvent]) -> Iterator[memoryview]:
    return (event.data for event in events if isinstance(event, Payload))
