"""WADO-RS, the Studies Service's retrieve transaction (PS3.18 section 10.4)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Iterator, List, Sequence, Tuple
from urllib.parse import urlsplit

from ..errors import ConnectionLost, NotAcceptable, ProtocolError, ResponseError
from ..text import Text
from .dicom_json import Attributes
from .findings import Offer
from .media_types import DICOM_JSON, multipart_dicom, multipart_octet_stream, parse_media_type, single_dicom
from .multipart import MultipartParser
from .multipart_events import PartEnded, PartEvent, PartStarted, Payload
from .names import name_of
from .profile import Quirk
from .resource import Level, Resource
from .response import Response
from .session import Session
from .whole_file import WholeFile

_SINGLE = ("application/dicom", "application/octet-stream")
# Only as stored: whether a server has another transfer syntax depends on the instance too.
_OFFERS = {multipart_dicom(): Offer.MULTIPART, single_dicom(): Offer.SINGLE_PART}
PREVIEW = "image/jpeg"  # every server has it (PS3.18 table 8.7.4-1), and Orthanc understands no list of types


@dataclass(frozen=True)
class Image:
    """A rendered picture as the server sent it; ``content_type`` is "image/jpeg", "image/png" ..."""

    content_type: str
    content: bytes


class WadoRS:
    """Retrieves from one node. ``session`` does the HTTP.

    Remembers which form of Accept the server understands, so that it is found out once: as stored for everybody
    (:class:`~.findings.Findings`), in other transfer syntaxes for itself.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._refused: List[str] = []

    def retrieves(self, level: Level) -> bool:
        """Whether whole studies, series or instances can be retrieved, by what is known of the server."""
        profile, findings = self._session.profile, self._session.findings
        return findings.has(Offer.retrieve(level), assumed=level in profile.retrieve_levels)

    def refused(self, level: Level) -> None:
        """What could not be retrieved whole came in smaller pieces: the next time that is done at once."""
        self._session.findings.note(Offer.retrieve(level), False)

    def describes(self, level: Level) -> bool:
        """Whether there may be metadata of whole studies, series or instances."""
        return level is not Level.STUDY or not self._session.profile.has(Quirk.NO_STUDY_METADATA)

    @contextlib.contextmanager
    def retrieve(self, resource: Resource) -> Iterator[Iterator[PartEvent]]:
        """The instances of a study, of a series or a single one, as multipart events (PS3.18 section 10.4.1.1).

        The bytes are the server's own, in the node's transfer syntax. Raises
        :class:`~..errors.TruncatedMultipart` and :class:`~..errors.NotDICOMweb` while it is iterated.
        """
        forms = self._forms_for_instances(resource.level)
        with self._accepted(
            resource.path, forms, asked=Text("retrieve {resource}", resource=name_of(resource))
        ) as response:
            yield _instances(response)

    def metadata(self, resource: Resource) -> Iterator[Attributes]:
        """One :class:`Attributes` for each instance, without bulk data (PS3.18 section 10.4.1.1.2)."""
        asked = Text("read the metadata of {resource}", resource=name_of(resource))
        with self._session.request("GET", f"{resource.path}/metadata", asked=asked, accept=DICOM_JSON) as response:
            content = response.json()
        yield from Attributes.each(content)

    def rendered(self, resource: Resource, *, frame: int = 0, viewport: int = 0) -> Image:
        """The instance (or one ``frame``, from 1) as a picture for people (PS3.18 section 10.4.1.1.3).

        ``viewport``: pixels that it is at most high and wide (section 8.3.5.1.3), if the server minds; 0: as it is.
        """
        path = f"{resource.path}/frames/{frame}" if frame else resource.path
        query = f"viewport={viewport},{viewport}" if viewport else ""
        return self._image(f"{path}/rendered", Text("show {resource}", resource=name_of(resource)), query)

    def thumbnail(self, resource: Resource) -> Image:
        """A small picture of a study, series or instance (PS3.18 section 10.4.1.1.4)."""
        return self._image(f"{resource.path}/thumbnail", Text("show {resource}", resource=name_of(resource)))

    @contextlib.contextmanager
    def frames(self, instance: Resource, numbers: Sequence[int]) -> Iterator[Iterator[PartEvent]]:
        """Frames (numbered from 1) of one instance as multipart events (PS3.18 section 10.4.1.1.6)."""
        path = f"{instance.path}/frames/{','.join(map(str, numbers))}"
        forms = self._forms_for_bulk_data(self._session.node.transfer_syntax)
        with self._accepted(
            path, forms, asked=Text("retrieve frames of {resource}", resource=name_of(instance))
        ) as response:
            yield _parts(response)

    @contextlib.contextmanager
    def bulk_data(self, uri: str) -> Iterator[Iterator[PartEvent]]:
        """What a BulkDataURI of this server names, as multipart events (PS3.18 section 10.4.1.1.5).

        The address is taken relative to the node's URL whatever host it names: credentials stay at home.
        """
        path, query = self._at_home(uri)
        forms = self._forms_for_bulk_data("*")
        with self._accepted(path, forms, asked=Text("retrieve bulk data"), query=query) as response:
            yield _parts(response)

    # --- how it is asked ----------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _accepted(self, path: str, forms: Sequence[str], *, asked: str, query: str = "") -> Iterator[Response]:
        """The answer to the first form of Accept that the server takes."""
        forms = [form for form in forms if not self._is_refused(form)] or list(forms)
        with contextlib.ExitStack() as opened:
            for form in forms:
                request = self._session.request("GET", path, asked=asked, accept=form, query=query)
                try:
                    response = opened.enter_context(request)
                    break
                except ResponseError as error:
                    if form == forms[-1] or not (isinstance(error, NotAcceptable) or error.status == 400):
                        raise
            self._note_refused(forms[: forms.index(form)])
            yield response

    def _is_refused(self, form: str) -> bool:
        return form in self._refused or (form in _OFFERS and not self._session.findings.has(_OFFERS[form]))

    def _note_refused(self, forms: Sequence[str]) -> None:
        for form in forms:
            if form in _OFFERS:
                self._session.findings.note(_OFFERS[form], False)
            else:
                self._refused.append(form)

    def _forms_for_instances(self, level: Level) -> Tuple[str, ...]:
        """From the form that the standard prefers to the one that the fewest servers refuse.

        Without the transfer syntax parameter a server may transcode to Explicit VR Little Endian.
        """
        syntax = self._session.node.transfer_syntax
        if level is not Level.INSTANCE:
            return (multipart_dicom(syntax), multipart_dicom(""))
        if self._session.profile.has(Quirk.SINGLE_PART):
            return (single_dicom(syntax), multipart_dicom(syntax))
        return (multipart_dicom(syntax), single_dicom(syntax), multipart_dicom(""))

    def _forms_for_bulk_data(self, transfer_syntax: str) -> Tuple[str, ...]:
        """Uncompressed bytes, else whatever the server has: compressed pixels come as images (PS3.18 section 8.7.3)."""
        return (multipart_octet_stream(transfer_syntax), 'multipart/related; type="*/*"', "*/*")

    def _image(self, path: str, asked: str, query: str = "") -> Image:
        with self._session.request("GET", path, asked=asked, accept=PREVIEW, query=query) as response:
            if not response.media_type.startswith("image/"):
                raise response.not_dicomweb()
            return Image(response.media_type, response.read())

    def _at_home(self, uri: str) -> Tuple[str, str]:
        parts = urlsplit(uri)
        segments = parts.path.split("/")
        if "studies" in segments and ".." not in segments:
            below = segments[len(segments) - 1 - segments[::-1].index("studies") :]
            return "/".join(below), parts.query
        raise ProtocolError(
            "the server names a place for bulk data that is not below its studies",
            node=self._session.node.name,
            asked="retrieve bulk data",
        )


def _instances(response: Response) -> Iterator[PartEvent]:
    """Multipart events of an answer that should hold instances, whichever form it has."""
    if response.status == 204:
        return iter(())
    if response.media_type in _SINGLE:
        return single_part(response)
    return _parts(response)


def _parts(response: Response) -> Iterator[PartEvent]:
    if not response.media_type.startswith("multipart/"):
        raise response.not_dicomweb(next(response.chunks(), b""))
    boundary = parse_media_type(response.content_type).parameters.get("boundary", "")
    parser = MultipartParser(boundary.encode("latin-1", "replace") or None)
    for chunk in response.chunks():
        yield from parser.feed(chunk)
    yield from parser.close()


def single_part(response: Response) -> Iterator[PartEvent]:
    """One instance that came bare, in the events of a multipart answer with one part.

    Its part has no length: that of the answer is where HTTP ended it, also where a server's is too small for what it
    sends, and says nothing of the instance.
    """
    if response.media_type not in _SINGLE:
        raise response.not_dicomweb(next(response.chunks(), b""))
    whole = None if response.has_an_end else WholeFile()
    yield PartStarted({"content-type": response.media_type})
    for chunk in response.chunks():
        if whole is not None:
            whole.feed(chunk)
        yield Payload(memoryview(chunk))
    if whole is not None and not whole.ends_here:
        raise ConnectionLost("the instance ends in the middle, and nothing else said where it should")
    yield PartEnded()
