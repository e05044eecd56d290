"""Does a node work? One cheap, harmless request for each service that it offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Mapping, Optional

from .dicomweb.media_types import DICOM_JSON
from .dicomweb.qido_rs import QidoRS
from .dicomweb.query import Query
from .dicomweb.resource import Resource
from .dicomweb.session import SUCCESS, Session
from .dicomweb.wado_rs import WadoRS
from .errors import DICOMWebNodesError, ResponseError
from .nodes.node import ServiceType

# A UID that no instance has: a branch of the root for examples.
_NOWHERE = "1.2.840.99999999.404"
# An empty message for STOW-RS: nothing can be stored by it, and a server that stores says what it dislikes.
_EMPTY_MULTIPART = b"--nothing--\r\n"
_DISLIKED = frozenset({400, 406, 409, 411, 415, 422})


@dataclass(frozen=True)
class Check:
    """One service of a node. ``ok`` is None when it could not be tried; ``message`` says what was found or why."""

    service: ServiceType
    ok: Optional[bool]
    message: str


def check_services(session: Session) -> tuple[Check, ...]:
    """Try each service of the session's node; what fails is told, not raised."""
    found = _Found()
    tried = _SERVICES if session.node.service_type is ServiceType.DICOMWEB else (session.node.service_type,)
    return tuple(_check(service, session, found) for service in tried)


class _Found:
    """An instance that the search came upon, for the retrieve service to try."""

    instance: Optional[Resource] = None


def _check(service: ServiceType, session: Session, found: _Found) -> Check:
    try:
        return Check(service, *_TRY[service](session, found))
    except DICOMWebNodesError as error:
        return Check(service, False, f"{error.cause}. {error.next_step}".strip())


def _try_search(session: Session, found: _Found) -> tuple[Optional[bool], str]:
    search = QidoRS(session)
    study = next(search.search(Query.studies(limit=1)), None)
    if study is None:
        return True, "answers; it has no studies, or none that you may see"
    series = next(search.search(Query.series(study.study_instance_uid, limit=1)), None)
    if series is not None:
        path = (study.study_instance_uid, series.series_instance_uid)
        instance = next(search.search(Query.instances(*path, limit=1)), None)
        if instance is not None:
            found.instance = Resource(*path, instance.sop_instance_uid)
    return True, "studies, series and instances can be searched" if found.instance else "studies can be searched"


def _try_retrieve(session: Session, found: _Found) -> tuple[Optional[bool], str]:
    if found.instance is not None:
        next(WadoRS(session).metadata(found.instance), None)
        return True, "answers"
    path = f"{Resource(_NOWHERE).path}/metadata"
    asked = "try the retrieve service"
    with session.request("GET", path, asked=asked, accept=DICOM_JSON, accepted=_or(404, 410)) as response:
        if response.media_type == "text/html":
            raise response.not_dicomweb(next(response.chunks(), b""))
    return None, "answers, but there is nothing to try it with"


def _try_wado_uri(session: Session, found: _Found) -> tuple[Optional[bool], str]:
    query = f"requestType=WADO&studyUID={_NOWHERE}&seriesUID={_NOWHERE}&objectUID={_NOWHERE}"
    with session.request("GET", "", query=query, asked="try WADO-URI", accepted=_or(400, 404, 410)) as response:
        if response.media_type == "text/html" and response.status in SUCCESS:
            raise response.not_dicomweb(next(response.chunks(), b""))
    return None, "answers, but there is nothing to try it with"


def _try_store(session: Session, found: _Found) -> tuple[Optional[bool], str]:
    try:
        with session.request(
            "POST",
            "studies",
            asked="try the store service",
            accept=DICOM_JSON,
            body=lambda: _EMPTY_MULTIPART,
            content_type='multipart/related; type="application/dicom"; boundary=nothing',
        ):
            pass
    except ResponseError as error:
        if error.status not in _DISLIKED:
            raise
    return True, "takes instances (tried with an empty message)"


def _or(*statuses: int) -> frozenset[int]:
    return frozenset(SUCCESS) | frozenset(statuses)


_SERVICES = (ServiceType.QIDO_RS, ServiceType.WADO_RS, ServiceType.STOW_RS)
_TRY: Mapping[ServiceType, Callable[[Session, _Found], tuple[Optional[bool], str]]] = {
    ServiceType.QIDO_RS: _try_search,
    ServiceType.WADO_RS: _try_retrieve,
    ServiceType.WADO_URI: _try_wado_uri,
    ServiceType.STOW_RS: _try_store,
}
