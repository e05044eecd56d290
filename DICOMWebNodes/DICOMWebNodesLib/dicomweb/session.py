"""Requests to one node: in what form, how often, and what is made of failures."""

from __future__ import annotations

import contextlib
import time
from typing import Callable, Container, ContextManager, Iterator, Mapping, Optional, Tuple

from ..auth.credentials import Credential
from ..auth.redaction import redacted
from ..errors import (
    ConnectionFailed,
    ConnectionLost,
    ConnectionRefused,
    DICOMWebNodesError,
    ProxyAuthenticationRequired,
    ProxyFailed,
    ResponseError,
    Unauthorized,
)
from ..errors.explain import response_error
from ..nodes.node import Node
from ..text import Text
from .exchange import Body, Exchange, Request
from .findings import Findings
from .interruptions import Unwanted
from .pacer import Pacer
from .profile import Profile, Quirk, profile_for
from .response import Response
from .token_bucket import TokenBucket

SUCCESS = range(200, 300)
# Asked again after a pause: the server is busy, not wrong (RFC 9110 section 15.5.9, RFC 6585, RFC 9110 section 15.6).
BUSY = frozenset({408, 429, 502, 503, 504})
# Of these the server says that it did not process the request, so that even a store may be sent again.
REFUSED_UNPROCESSED = frozenset({429, 503})
_ERROR_BODY = 64 * 1024
_PERHAPS_TLS = Text("Check the port in the node's URL; a server with TLS is reached with https://, not http://.")


class Session:
    """Requests to one node over warm connections; safe to use from several threads.

    ``findings``: what is known of the server, to be used and added to. ``bucket`` holds requests back where the server
    takes only so many a second; both are shared with other sessions of the same server. ``wait(seconds)`` pauses
    between attempts; the default returns early when the session is aborted. ``clock`` gives seconds, for the speed of
    answers.
    """

    def __init__(
        self,
        node: Node,
        credential: Optional[Credential] = None,
        *,
        profile: Optional[Profile] = None,
        pacer: Optional[Pacer] = None,
        findings: Optional[Findings] = None,
        bucket: Optional[TokenBucket] = None,
        wait: Optional[Callable[[float], object]] = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.node = node
        self.profile = profile or profile_for(node)
        self._credential = credential
        self._signs = credential is not None and credential.signs
        self.findings = findings or Findings()
        self._pacer = pacer or Pacer()
        self._bucket = bucket or self.profile.bucket()
        self._exchange = Exchange(node, credential, clock)
        self._wait = self._exchange.wait if wait is None else wait
        self._answered = False
        self._hidden: Tuple[str, ...] = ()

    @contextlib.contextmanager
    def request(
        self,
        method: str,
        path: str,
        *,
        asked: str,
        query: str = "",
        accept: str = "",
        headers: Optional[Mapping[str, str]] = None,
        body: Optional[Body] = None,
        content_type: str = "",
        accepted: Container[int] = SUCCESS,
    ) -> Iterator[Response]:
        """Send a request and give its answer, to be read inside the ``with`` block.

        ``path`` is relative to the node's URL, ``query`` ready-made; ``asked`` completes "could not ...".
        ``body`` is called anew for each attempt; what it returns has ``__len__`` (bytes) and is iterable.
        GET is repeated when the server is busy or drops the connection; anything else only when the server
        cannot have processed it. Raises one of :class:`~..errors.ConnectionFailed`,
        :class:`~..errors.ResponseError` (a status that is not in ``accepted``), :class:`~..errors.Cancelled`.
        """
        fields = {"Accept-Encoding": "identity", **(headers or {})}
        if accept:
            fields["Accept"] = accept
        if content_type:
            fields["Content-Type"] = content_type
        url = f"{self.node.url}/{path}".rstrip("/") + (f"?{query}" if query else "")
        try:
            response = self._until_answered(Request(method, url, fields, body, asked), accepted)
        except DICOMWebNodesError as error:
            raise error.about(node=self.node.name, asked=asked) from error.__cause__
        try:
            yield response
        finally:
            response.close()

    def may_ask_again(self, attempt: int) -> bool:
        """After an answer that broke while it was read, of the attempt number ``attempt`` (1 is the first): wait, and
        say whether to ask again. Raises :class:`~..errors.Cancelled`."""
        delay = self._pacer.delay(attempt)
        if delay is None:
            return False
        self._pause(delay)
        return True

    def close(self) -> None:
        """Give up the connections; running answers can still be read."""
        self._exchange.close()

    @property
    def was_aborted(self) -> bool:
        """Whether it answers no request any more."""
        return self._exchange.was_aborted

    def pace(self, pacer: Pacer) -> None:
        """From now on ``pacer`` decides how often a request is sent."""
        self._pacer = pacer

    def abort(self) -> None:
        """From another thread: every request that runs or waits ends at once with :class:`~..errors.Cancelled`."""
        self._exchange.abort()

    def while_wanted(self, unwanted: Unwanted) -> ContextManager[None]:
        """Requests of this thread in the block end with Cancelled as soon as somebody calls :meth:`interrupt` and
        ``unwanted()`` is true. The rest goes on."""
        return self._exchange.while_wanted(unwanted)

    def interrupt(self) -> None:
        """From another thread: end at once what is not wanted any more."""
        self._exchange.interrupt()

    # --- one request, as often as it takes ----------------------------------------------------------------------

    def _until_answered(self, request: Request, accepted: Container[int]) -> Response:
        attempt = 0
        renewed = False
        while True:
            attempt += 1
            self._pause(max(self._pacer.held_for(), self._bucket.take()))
            try:
                response = self._exchange.send(request)
            except ConnectionFailed as failure:
                delay = self._pacer.delay(attempt) if self._may_repeat(request.method, failure) else None
                if delay is None:
                    if isinstance(failure, ConnectionLost) and not self._answered and request.url.startswith("http:"):
                        failure.next_step = _PERHAPS_TLS
                    raise
                self._pause(delay)
                continue
            self._answered = True
            if response.status in accepted:
                return response
            if self._is_unauthorized(response.status) and not renewed and self._exchange.renew():
                renewed = True
                response.close()
                continue
            error = self._error_of(response)
            delay = self._delay_after(error, attempt, request.method)
            if delay is None:
                raise error
            self._pause(delay)

    def _delay_after(self, error: ResponseError, attempt: int, method: str) -> Optional[float]:
        """Seconds until a busy server is asked again; None: it is not busy, or has been asked often enough."""
        if error.status not in (BUSY if method == "GET" else REFUSED_UNPROCESSED):
            return None
        self._pacer.on_busy()
        delay = self._pacer.delay(attempt, error.retry_after)
        if delay is not None and error.retry_after is not None:
            self._pacer.hold(delay)
        return delay

    def _may_repeat(self, method: str, error: ConnectionFailed) -> bool:
        """Whether asking again can help and can do no harm."""
        if isinstance(error, (ConnectionRefused, ProxyFailed)):
            # A port that never answered is a mistake in the URL; one that did is a server, or a proxy, that restarts.
            return self._answered and not isinstance(error, ProxyAuthenticationRequired)
        return isinstance(error, ConnectionLost) and method == "GET"

    def _is_unauthorized(self, status: int) -> bool:
        return status == 401 or (status == 403 and self.profile.has(Quirk.FORBIDDEN_IS_UNAUTHORIZED))

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self._wait(seconds)
        self._exchange.check()

    def _error_of(self, response: Response) -> ResponseError:
        try:
            content = b"".join(_first(response.chunks(), _ERROR_BODY))
        except DICOMWebNodesError:
            content = b""
        finally:
            response.close()
        body = self.redacted(content.decode("utf-8", "replace"))
        reason = self.redacted(response.reason)
        error = response_error(response.status, reason, body, retry_after=response.retry_after())
        if not self._signs and self._is_unauthorized(response.status):
            return Unauthorized(error.cause, status=error.status, detail=error.detail)
        return error

    def redacted(self, text: str) -> str:
        """``text`` of a server that may have echoed what we sent, without what nobody else may see."""
        secrets = self._credential.secrets() if self._credential is not None else ()
        headers = [part for _, value in self.node.headers for part in (value, value.rpartition(" ")[2])]
        return redacted(text, (*secrets, *headers, *self._hidden))

    def hide(self, *secrets: str) -> None:
        """Cut these out of what the server is quoted with, too."""
        self._hidden = tuple(dict.fromkeys((*self._hidden, *secrets)))


def _first(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The chunks up to ``limit`` bytes: an error body is read for its words, not to its end."""
    taken = 0
    for chunk in chunks:
        yield chunk[: limit - taken]
        taken += len(chunk)
        if taken >= limit:
            return
