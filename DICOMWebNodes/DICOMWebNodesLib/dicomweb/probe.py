"""What a server offers, found out by requests that cost it little and change nothing."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Tuple

from ..errors import DICOMWebNodesError, NotFound, ProtocolError, ResponseError
from ..text import Text, listed
from .dicom_json import Attributes
from .findings import Offer
from .media_types import DICOM_JSON, multipart_dicom, single_dicom
from .profile import Quirk
from .qido_rs import QidoRS
from .query import Query
from .resource import Resource
from .session import Session
from .wado_rs import PREVIEW, WadoRS

# A UID that no instance has: a branch of the root for examples.
NOWHERE = "1.2.840.99999999.404"
# An empty message for STOW-RS: nothing can be stored by it, and a server that stores says what it dislikes.
_EMPTY_MULTIPART = b"--nothing--\r\n"
_DISLIKED = frozenset({400, 406, 409, 411, 415, 422})
_NO_STORE = frozenset({404, 405, 501})
_NOT_OFFERED = frozenset({400, 404, 405, 406, 415, 500, 501})
# An answer is given up at its head, but some servers only begin it when all of it is ready.
_FEW = 10  # instances
_SOME_SERIES = 20
_COUNT = "NumberOfSeriesRelatedInstances"


class Probe:
    """Tries the services of one node; ``notes`` is what was found. Each method raises what the server refuses."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wado = WadoRS(session)
        self.notes: Dict[Offer, bool] = {}
        self.instance: Optional[Resource] = None  # that the search came upon
        self._small: List[Resource] = []  # a series, and a study, of few instances

    def search(self) -> None:
        """Look for one study, one of its series and one instance; then for the same across studies and series."""
        search = QidoRS(self._session)
        study = next(search.search(Query.studies(limit=1)), None)
        self._try_page_size(search)
        self.notes[Offer.SEARCH_STUDIES] = True
        if study is None:
            return
        uid = study.study_instance_uid
        query = Query.series(uid, includefield=(_COUNT,), limit=_SOME_SERIES)
        every = list(search.search(query, lambda warning: None))
        self.notes[Offer.SEARCH_SERIES] = bool(every)
        if not every:
            return
        self.notes[Offer.COUNT] = all(each.integer(_COUNT) is not None for each in every)
        series = Resource(uid, min(every, key=_size).series_instance_uid)
        found = next(search.search(Query.instances(*series.uids, limit=1)), None)
        self.notes[Offer.SEARCH_INSTANCES] = found is not None
        if found is not None:
            self.instance = series.instance(found.sop_instance_uid)
        sizes = [_size(each) for each in every]
        if min(sizes) <= _FEW:
            self._small.append(series)
        if sum(sizes) <= _FEW and len(every) < _SOME_SERIES:
            self._small.append(Resource(uid))
        within = f"StudyInstanceUID={uid}"
        self._try_rows(Offer.SEARCH_ALL_SERIES, "series", within)
        self._try_rows(Offer.SEARCH_ALL_INSTANCES, "instances", f"{within}&SeriesInstanceUID={series.uids[1]}")
        self._try_rows(Offer.SEARCH_STUDY_INSTANCES, f"studies/{uid}/instances", "")

    def retrieve(self, instance: Resource) -> None:
        """Metadata, both forms of an instance, pictures, and a series and a study when they are small."""
        is_image = self._try_metadata(instance)
        refusals = [
            self._try(Offer.MULTIPART, instance, multipart_dicom(), "multipart/"),
            self._try(Offer.SINGLE_PART, instance, single_dicom(), "application/dicom"),
        ]
        if any(self.notes.get(form) for form in (Offer.MULTIPART, Offer.SINGLE_PART)):
            self.notes[Offer.RETRIEVE_INSTANCE] = True
        else:
            raise next((each for each in refusals if each), NotFound("the instance does not come", status=404))
        for resource in self._small:
            self._try(Offer.retrieve(resource.level), resource, multipart_dicom(), "multipart/")
        self._try(Offer.THUMBNAIL, instance.parent, PREVIEW, "image/", "/thumbnail")
        self._try(Offer.RENDERED, instance, PREVIEW, "image/", "/rendered")
        for offer in (Offer.THUMBNAIL, Offer.RENDERED):
            if not (is_image or self.notes.get(offer)):
                self.notes.pop(offer, None)  # of what is no image there may be no picture anywhere

    def store(self) -> Optional[bool]:
        """Whether the server takes instances; None when that cannot be known without storing one."""
        if self._session.profile.has(Quirk.STORE_NAMES_SERIES):
            return None
        status = self._status_of_empty_store()
        self.notes[Offer.STORE] = status not in _NO_STORE
        return self.notes[Offer.STORE]

    def _status_of_empty_store(self) -> int:
        try:
            with self._session.request(
                "POST",
                "studies",
                asked=Text("try the store service"),
                accept=DICOM_JSON,
                body=lambda: _EMPTY_MULTIPART,
                content_type='multipart/related; type="application/dicom"; boundary=nothing',
            ) as response:
                return response.status
        except ResponseError as error:
            if error.status not in _DISLIKED | _NO_STORE:
                raise
            return error.status

    # --- one thing at a time --------------------------------------------------------------------------------------

    def _try_page_size(self, search: QidoRS) -> None:
        """Whether the server finds the pages too large that will be asked for; the search remembers that."""
        self._session.findings.note_page_cap(None)
        next(search.search(Query.studies(StudyInstanceUID=NOWHERE)), None)

    def _try_rows(self, offer: Offer, path: str, matching: str) -> None:
        asked = Text("try what it offers ({offer})", offer=offer.value)
        query = f"{matching}&limit=1" if matching else "limit=1"
        try:
            with self._session.request("GET", path, query=query, asked=asked, accept=DICOM_JSON) as response:
                self.notes[offer] = any(True for _ in Attributes.each(response.json()))
        except (ResponseError, ProtocolError) as error:
            self._note_refusal(offer, error)

    def _try_metadata(self, instance: Resource) -> bool:
        """Whether it is an image, by its metadata."""
        try:
            rows = list(self._wado.metadata(instance))
        except (ResponseError, ProtocolError) as error:
            self._note_refusal(Offer.METADATA, error)
            return False
        self.notes[Offer.METADATA] = bool(rows)
        return any(row.integer("Rows") for row in rows)

    def _try(
        self, offer: Offer, resource: Resource, accept: str, media_type: str, below: str = ""
    ) -> Optional[DICOMWebNodesError]:
        """Note whether the head of an answer is a success of this type; the rest of it is not waited for."""
        asked = Text("try what it offers ({offer})", offer=offer.value)
        try:
            with self._session.request("GET", f"{resource.path}{below}", asked=asked, accept=accept) as response:
                self.notes[offer] = response.media_type.startswith(media_type)
        except ResponseError as error:
            self._note_refusal(offer, error)
            return error
        return None

    def _note_refusal(self, offer: Offer, error: DICOMWebNodesError) -> None:
        """What is forbidden, or fails for the moment, may be there for others and later."""
        if not isinstance(error, ResponseError) or error.status in _NOT_OFFERED:
            self.notes[offer] = False


def _size(series: Attributes) -> int:
    count = series.integer(_COUNT)
    return _FEW + 1 if count is None else count


def described(notes: Mapping[Offer, bool], *offers: Tuple[Offer, str]) -> str:
    """The words of those that the server has, as a list for people; "" for none."""
    return listed([text for offer, text in offers if notes.get(offer)])
