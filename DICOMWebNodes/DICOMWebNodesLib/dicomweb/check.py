"""Does a node work? One cheap, harmless request for each service that it offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, Optional

from ..errors import DICOMWebNodesError
from ..nodes.service_type import ServiceType
from ..text import Text
from .findings import Offer
from .media_types import DICOM_JSON
from .probe import NOWHERE, Probe, described
from .resource import Resource
from .session import SUCCESS, Session


@dataclass(frozen=True)
class Check:
    """One service of a node. ``ok`` is None when it could not be tried, or is not offered by a server of which it
    was not expected; ``message`` says what was found or why. ``offers``: what the server has and has not, in words.
    """

    service: ServiceType
    ok: Optional[bool]
    message: str
    offers: Mapping[str, bool] = field(default_factory=dict)
    code: str = ""  # of the error, when one ended it

    def as_dict(self) -> Dict[str, Any]:
        """As JSON values."""
        return {
            "service": self.service.value,
            "ok": self.ok,
            "message": self.message,
            "offers": dict(self.offers),
        }


def check_services(session: Session) -> tuple[Check, ...]:
    """Try each service of the session's node; what fails is told, not raised.

    What was found is kept with the session's findings, in the place of what was known before.
    """
    probe = Probe(session)
    tried = _SERVICES if session.node.service_type is ServiceType.DICOMWEB else (session.node.service_type,)
    checks = tuple(_check(service, session, probe) for service in tried)
    if probe.notes:
        session.findings.renew(probe.notes)
    return checks


def _check(service: ServiceType, session: Session, probe: Probe) -> Check:
    before, code = set(probe.notes), ""
    try:
        ok, message = _TRY[service](session, probe)
    except DICOMWebNodesError as error:
        ok, message, code = False, error.sentences, error.code
    offers = {each.value: has for each, has in probe.notes.items() if each not in before}
    return Check(service, ok, message, offers, code)


def _try_search(session: Session, probe: Probe) -> tuple[Optional[bool], str]:
    probe.search()
    if Offer.SEARCH_SERIES not in probe.notes:
        return True, Text("answers; it has no studies, or none that you may see")
    levels = described(
        probe.notes,
        (Offer.SEARCH_STUDIES, Text("studies")),
        (Offer.SEARCH_SERIES, Text("series")),
        (Offer.SEARCH_INSTANCES, Text("instances")),
    )
    across = described(
        probe.notes,
        (Offer.SEARCH_ALL_SERIES, Text("all series")),
        (Offer.SEARCH_ALL_INSTANCES, Text("all instances")),
        (Offer.SEARCH_STUDY_INSTANCES, Text("the instances of a study")),
    )
    page = session.node.page_size or session.profile.page_size
    details = {
        "levels": levels,
        "across": Text("{across} at once", across=across) if across else Text("series within their study only"),
        "rows": min(page, session.findings.page_cap or page),
    }
    if probe.notes[Offer.COUNT]:
        return True, Text(
            "{levels} can be searched; {across}, with the number of instances; a page has {rows} at most", **details
        )
    return True, Text(
        "{levels} can be searched; {across}, without the number of instances; a page has {rows} at most", **details
    )


def _try_retrieve(session: Session, probe: Probe) -> tuple[Optional[bool], str]:
    if probe.instance is None:
        return _try_retrieve_nothing(session)
    probe.retrieve(probe.instance)
    units = described(
        probe.notes,
        (Offer.RETRIEVE_STUDY, Text("a study")),
        (Offer.RETRIEVE_SERIES, Text("a series")),
        (Offer.RETRIEVE_INSTANCE, Text("an instance")),
    )
    forms = described(
        probe.notes, (Offer.MULTIPART, Text("multipart/related")), (Offer.SINGLE_PART, Text("application/dicom"))
    )
    pictures = described(
        probe.notes, (Offer.THUMBNAIL, Text("thumbnails")), (Offer.RENDERED, Text("rendered pictures"))
    )
    details = {"units": units, "forms": forms, "pictures": pictures or Text("no pictures")}
    if Offer.RETRIEVE_STUDY in probe.notes:
        return True, Text("gives {units} at once, as {forms}; {pictures}", **details)
    return True, Text("gives {units} at once (a study was too large to be tried), as {forms}; {pictures}", **details)


def _try_retrieve_nothing(session: Session) -> tuple[Optional[bool], str]:
    path = f"{Resource(NOWHERE).path}/metadata"
    asked = Text("try the retrieve service")
    with session.request("GET", path, asked=asked, accept=DICOM_JSON, accepted=_or(400, 404, 410)) as response:
        if response.media_type == "text/html":
            raise response.not_dicomweb(next(response.chunks(), b""))
    return None, Text("answers, but there is nothing to try it with")


def _try_wado_uri(session: Session, probe: Probe) -> tuple[Optional[bool], str]:
    query = f"requestType=WADO&studyUID={NOWHERE}&seriesUID={NOWHERE}&objectUID={NOWHERE}"
    with session.request("GET", "", query=query, asked=Text("try WADO-URI"), accepted=_or(400, 404, 410)) as response:
        if response.media_type == "text/html" and response.status in SUCCESS:
            raise response.not_dicomweb(next(response.chunks(), b""))
    return None, Text(
        "answers, but there is nothing to try it with. It gives single instances: studies and series come when a "
        "QIDO-RS node, which lists them, is retrieved by it"
    )


def _try_store(session: Session, probe: Probe) -> tuple[Optional[bool], str]:
    takes = probe.store()
    if takes is None:
        return None, Text("cannot be tried without storing something")
    if takes:
        return True, Text("takes instances (tried with an empty message)")
    only_store = session.node.service_type is ServiceType.STOW_RS
    return False if only_store else None, Text("the server does not offer it: nothing can be stored there")


def _or(*statuses: int) -> frozenset[int]:
    return frozenset(SUCCESS) | frozenset(statuses)


_SERVICES = (ServiceType.QIDO_RS, ServiceType.WADO_RS, ServiceType.STOW_RS)
_TRY: Mapping[ServiceType, Callable[[Session, Probe], tuple[Optional[bool], str]]] = {
    ServiceType.QIDO_RS: _try_search,
    ServiceType.WADO_RS: _try_retrieve,
    ServiceType.WADO_URI: _try_wado_uri,
    ServiceType.STOW_RS: _try_store,
}
