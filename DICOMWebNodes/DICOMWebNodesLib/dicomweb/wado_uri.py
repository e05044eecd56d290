"""WADO-URI, the older way to one instance (PS3.18 section 9)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import ContextManager, Iterator, Mapping, Optional, Tuple
from urllib.parse import parse_qsl, quote

from ..errors import ResponseError
from ..text import Text
from .multipart_events import PartEvent
from .names import name_of
from .profile import Quirk
from .resource import Level, Resource
from .response import Response
from .session import Session
from .wado_rs import PREVIEW, Image, single_part


@dataclass(frozen=True)
class Addressing:
    """How a service is asked for instances, where somebody wants it otherwise than PS3.18 section 9 says."""

    parameters: str = field(default="", repr=False)  # added to every query, "session=1&token=2"; may be secret
    only_object: bool = False  # neither studyUID nor seriesUID
    files: Mapping[Resource, str] = field(default_factory=dict, repr=False)
    """Paths below the service's URL, each with its query if any, of instances that are plain files."""

    def secrets(self) -> Tuple[str, ...]:
        queries = (self.parameters, *(file.partition("?")[2] for file in self.files.values()))
        return tuple(dict.fromkeys(value for query in queries for _, value in parse_qsl(query)))


class WadoURI:
    """Retrieves single instances from one node, whose URL is the service's own."""

    def __init__(self, session: Session, addressing: Optional[Addressing] = None) -> None:
        self._session = session
        self._addressing = addressing or Addressing()
        self._raw_slash = session.profile.has(Quirk.WADO_URI_RAW_SLASH)
        session.hide(*self._addressing.secrets())

    def retrieves(self, level: Level) -> bool:
        return level is Level.INSTANCE

    def refused(self, level: Level) -> None:
        """It never was asked for anything else."""

    @contextlib.contextmanager
    def retrieve(self, resource: Resource) -> Iterator[Iterator[PartEvent]]:
        """One instance as multipart events, as :meth:`WadoRS.retrieve` gives it (PS3.18 section 9.1.2)."""
        asked = Text("retrieve {resource}", resource=name_of(resource))
        raw_slash = self._raw_slash
        with contextlib.ExitStack() as opened:
            try:
                response = opened.enter_context(self._requested(resource, asked, raw_slash))
            except ResponseError as error:
                if error.status != 400 or raw_slash or resource in self._addressing.files:
                    raise
                # Both forms are right (RFC 3986 section 3.4), and some servers know but one.
                try:
                    response = opened.enter_context(self._requested(resource, asked, True))
                except ResponseError:
                    raise error from None
                self._raw_slash = True
            yield single_part(response)

    def _requested(self, resource: Resource, asked: str, raw_slash: bool) -> ContextManager[Response]:
        path, _, query = self._addressing.files.get(resource, "").partition("?")
        if resource not in self._addressing.files:
            query = self._query(resource, "application/dicom", self._session.node.transfer_syntax, raw_slash)
        query = "&".join(filter(None, (query, self._addressing.parameters)))
        return self._session.request("GET", path, query=query, asked=asked, accept="application/dicom")

    def rendered(self, resource: Resource, *, frame: int = 0, viewport: int = 0) -> Image:
        """The instance (or one ``frame``, from 1) as a picture (PS3.18 section 9.1.2.2).

        ``viewport``: pixels that it is at most high and wide; 0: as it is.
        """
        query = self._query(resource, "image/jpeg", "", self._raw_slash)
        query += f"&frameNumber={frame}" if frame else ""
        query += f"&rows={viewport}&columns={viewport}" if viewport else ""
        asked = Text("show {resource}", resource=name_of(resource))
        with self._session.request("GET", "", query=query, asked=asked, accept=PREVIEW) as response:
            if not response.media_type.startswith("image/"):
                raise response.not_dicomweb()
            return Image(response.media_type, response.read())

    def _query(self, instance: Resource, content_type: str, transfer_syntax: str, raw_slash: bool) -> str:
        above = f"&studyUID={instance.study_instance_uid}&seriesUID={instance.series_instance_uid}"
        query = (
            f"requestType=WADO{'' if self._addressing.only_object else above}"
            f"&objectUID={instance.sop_instance_uid}&contentType={quote(content_type, safe='/' if raw_slash else '')}"
        )
        # "*" is WADO-RS's word; here leaving it out asks for the default, and only a UID may be named.
        return query if transfer_syntax in ("", "*") else f"{query}&transferSyntax={transfer_syntax}"
