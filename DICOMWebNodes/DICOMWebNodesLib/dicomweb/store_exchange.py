"""One store request and what came back, whatever its status (PS3.18 section 10.5.3)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Callable, Iterator, Optional
from urllib.parse import quote

from ..errors import (
    Cancelled,
    ConnectionLost,
    DICOMWebNodesError,
    MalformedStoreResponse,
    ServerError,
    TimedOut,
    TransferError,
)
from ..errors.explain import response_error
from ..text import Text
from .media_types import DICOM_JSON
from .multipart_encoder import MultipartBody
from .profile import Quirk
from .response import Response
from .session import SUCCESS, Session
from .store_batches import Batch
from .store_reason import reason_in_words
from .store_response import StoreResponse

OnItsWay = Callable[[int], None]

_ACCOUNT_LIMIT = 64 * 1024 * 1024  # bytes
# With these a server accounts for the instances, or finds fault with one of them (PS3.18 table 10.5.3-1).
# All others say something of the whole service, and end it.
_ACCOUNTED = frozenset({*SUCCESS, 400, 409, 413, 422, 500})
# A gateway that gave up waiting for the server, which may be because of what it was sent.
_GATEWAY = frozenset({502, 504})
# So many requests in a row may be lost before the service is at fault and not what it is sent: enough to get down
# from the largest batch to a single instance, each twice.
_PATIENCE = 20


class Reception(Enum):
    ACCEPTED = "a success, of all or of some"
    REFUSED = "an error"
    LOST = "no answer: what arrived is not known"


@dataclass(frozen=True)
class Answer:
    """``said``: why instances that the account does not name may be missing, in words; ``code``: the same where the
    server gave one for instances that it could not even identify. ``dropped``: the connection ended, which an idle
    one may have done just now, whatever it was to carry."""

    reception: Reception
    account: StoreResponse = field(default_factory=StoreResponse)
    said: str = ""
    code: Optional[int] = None
    too_large: bool = False
    dropped: bool = False


class StoreExchange:
    """Sends batches to a node, into the study ``study_instance_uid`` or ("") wherever they belong."""

    def __init__(self, session: Session, study_instance_uid: str, boundary: Callable[[], str]) -> None:
        self._session = session
        self._path = f"studies/{study_instance_uid}" if study_instance_uid else "studies"
        self._boundary = boundary
        self._answered = False
        self._lost = 0

    def send(self, batch: Batch, on_its_way: OnItsWay) -> Answer:
        """Send one request, whose progress ``on_its_way`` is told in bytes of files.

        Raises what says that the service fails rather than an instance.
        """
        try:
            answer = self._send(batch, on_its_way)
        except Cancelled:
            raise
        except TransferError as error:  # one of the files cannot be read any more
            return Answer(Reception.REFUSED, said=error.cause)
        except (ConnectionLost, TimedOut, ServerError) as error:
            if not self._may_be_its_content(error):
                raise
            self._lost += 1
            return Answer(Reception.LOST, said=error.cause, dropped=isinstance(error, ConnectionLost))
        self._answered = True
        self._lost = 0
        return answer

    def _may_be_its_content(self, error: DICOMWebNodesError) -> bool:
        """Whether less in a request, or another instance, may fare better."""
        if isinstance(error, ServerError) and error.status not in _GATEWAY:
            return False
        if isinstance(error, TimedOut) and not self._answered:
            return False
        return self._lost < _PATIENCE

    def _send(self, batch: Batch, on_its_way: OnItsWay) -> Answer:
        body = MultipartBody([file.part for file in batch], self._boundary())
        asked = (
            Text("store {count} instances", count=len(batch))
            if len(batch) > 1
            else Text("store {file}", file=batch[0].path.name)
        )
        with self._session.request(
            "POST",
            self._path,
            query=_series_named(batch) if self._session.profile.has(Quirk.STORE_NAMES_SERIES) else "",
            asked=asked,
            accept=DICOM_JSON,
            body=lambda: _Watched(body, sum(file.size for file in batch), on_its_way),
            content_type=body.content_type,
            accepted=_ACCOUNTED,
        ) as response:
            return self._judged(response, response.read(_ACCOUNT_LIMIT))

    def _judged(self, response: Response, content: bytes) -> Answer:
        success = response.status in SUCCESS
        if success and content.strip() and response.media_type == "text/html":
            raise response.not_dicomweb(content)
        account, words = StoreResponse(), ""
        try:
            account = StoreResponse.parse(content)
        except MalformedStoreResponse:
            words = self._session.redacted(content[:20_000].decode("utf-8", "replace"))
        said = response_error(response.status, self._session.redacted(response.reason), words).cause
        code = account.other_failures[0] if account.other_failures else None
        if code is not None:
            said = reason_in_words(code)
        elif success:
            said = Text("{said} and did not say what it stored", said=said)
        reception = Reception.ACCEPTED if success else Reception.REFUSED
        return Answer(reception, account, said, code, too_large=response.status == 413)


def _series_named(batch: Batch) -> str:
    """The series of a batch with their studies, as Kaapana's filter wants them to be named."""
    named = {
        file.identity.series_instance_uid: {"study_instance_uid": file.identity.study_instance_uid}
        for file in batch
        if file.identity.series_instance_uid
    }
    return f"clinical_trial_protocol_info={quote(json.dumps(named, separators=(',', ':')), safe='')}"


class _Watched:
    """A body that tells how much of its files is on its way; begun anew, it tells from the beginning."""

    def __init__(self, body: MultipartBody, files_size: int, on_its_way: OnItsWay) -> None:
        self._body = body
        self._files_size = files_size
        self._on_its_way = on_its_way

    def __len__(self) -> int:
        return len(self._body)

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        for block in self._body:
            yield block
            sent += len(block)
            self._on_its_way(min(sent, self._files_size))
