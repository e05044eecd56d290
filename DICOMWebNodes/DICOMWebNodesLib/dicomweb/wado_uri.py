"""WADO-URI, the older way to one instance (PS3.18 section 9)."""

from __future__ import annotations

import contextlib
from typing import Iterator
from urllib.parse import quote

from .multipart import PartEvent
from .profile import Quirk
from .resource import Level, Resource
from .session import Session
from .wado_rs import PREVIEW, Image, single_part


class WadoURI:
    """Retrieves single instances from one node, whose URL is the service's own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def retrieves(self, level: Level) -> bool:
        return level is Level.INSTANCE

    def refused(self, level: Level) -> None:
        """It never was asked for anything else."""

    @contextlib.contextmanager
    def retrieve(self, resource: Resource) -> Iterator[Iterator[PartEvent]]:
        """One instance as multipart events, as :meth:`WadoRS.retrieve` gives it (PS3.18 section 9.1.2)."""
        query = self._query(resource, "application/dicom", self._session.node.transfer_syntax)
        asked = f"retrieve instance {resource.sop_instance_uid}"
        with self._session.request("GET", "", query=query, asked=asked, accept="application/dicom") as response:
            yield single_part(response)

    def rendered(self, resource: Resource, *, frame: int = 0, viewport: int = 0) -> Image:
        """The instance (or one ``frame``, from 1) as a picture (PS3.18 section 9.1.2.2).

        ``viewport``: pixels that it is at most high and wide; 0: as it is.
        """
        query = self._query(resource, "image/jpeg", "")
        query += f"&frameNumber={frame}" if frame else ""
        query += f"&rows={viewport}&columns={viewport}" if viewport else ""
        asked = f"show instance {resource.sop_instance_uid}"
        with self._session.request("GET", "", query=query, asked=asked, accept=PREVIEW) as response:
            if not response.media_type.startswith("image/"):
                raise response.not_dicomweb()
            return Image(response.media_type, response.read())

    def _query(self, instance: Resource, content_type: str, transfer_syntax: str) -> str:
        raw_slash = self._session.profile.has(Quirk.WADO_URI_RAW_SLASH)
        query = (
            f"requestType=WADO&studyUID={instance.study_instance_uid}&seriesUID={instance.series_instance_uid}"
            f"&objectUID={instance.sop_instance_uid}&contentType={quote(content_type, safe='/' if raw_slash else '')}"
        )
        # "*" is WADO-RS's word; here leaving it out asks for the default, and only a UID may be named.
        return query if transfer_syntax in ("", "*") else f"{query}&transferSyntax={transfer_syntax}"
