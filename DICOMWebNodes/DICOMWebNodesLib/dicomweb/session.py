"""HTTP to one node: what is sent, to whom, how often, and what is made of failures.

Everything that a node trusts us with (credential, header fields, client certificate) goes to the node's own
origin only, whatever a server answers.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import Callable, Container, Dict, Iterable, Iterator, Mapping, Optional, Tuple, Union
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import get_environ_proxies

from .. import __version__
from ..auth.credentials import Credential
from ..errors import (
    Cancelled,
    ConnectionFailed,
    ConnectionLost,
    ConnectionRefused,
    DICOMWebNodesError,
    RedirectRefused,
    ResponseError,
)
from ..nodes.node import Node
from ..nodes.profile import Profile, profile_for
from ..nodes.url import origin_of
from .explain import response_error, transport_error
from .pacer import Pacer
from .response import Response
from .wire import OpenSockets, Wire

SUCCESS = range(200, 300)
# Asked again after a pause: the server is busy, not wrong (RFC 9110 section 15.5.9, RFC 6585, RFC 9110 section 15.6).
BUSY = frozenset({408, 429, 502, 503, 504})
# Of these the server says that it did not process the request, so that even a store may be sent again.
REFUSED_UNPROCESSED = frozenset({429, 503})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_ERROR_BODY = 64 * 1024

Body = Callable[[], Union[bytes, Iterable[bytes]]]


class Session:
    """Requests to one node over warm connections; safe to use from several threads.

    ``wait(seconds)`` pauses between attempts; the default returns early when the session is aborted. ``clock`` gives
    seconds, for the speed of answers.
    """

    def __init__(
        self,
        node: Node,
        credential: Optional[Credential] = None,
        *,
        profile: Optional[Profile] = None,
        pacer: Optional[Pacer] = None,
        wait: Optional[Callable[[float], object]] = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.node = node
        self.profile = profile or profile_for(node)
        self._credential = credential
        self._pacer = pacer or Pacer()
        self._aborted = threading.Event()
        self._wait = self._aborted.wait if wait is None else wait
        self._clock = clock
        self._answered = False
        self._sockets = OpenSockets()
        self._http = requests.Session()
        # Otherwise requests would add credentials from ~/.netrc to what a node sends.
        self._http.trust_env = False
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, Wire(self._sockets, pool_maxsize=32))

    # --- what services call -----------------------------------------------------------------------------------

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
            response = self._until_answered(method, url, fields, body, asked, accepted)
        except DICOMWebNodesError as error:
            raise error.about(node=self.node.name, asked=asked) from error.__cause__
        try:
            yield response
        finally:
            response.close()

    def close(self) -> None:
        """Give up the connections; running answers can still be read."""
        self._http.close()

    def abort(self) -> None:
        """From another thread: every request that runs or waits ends at once with :class:`~..errors.Cancelled`."""
        self._aborted.set()
        self._sockets.shut_down()

    # --- one request, as often as it takes ----------------------------------------------------------------------

    def _until_answered(
        self,
        method: str,
        url: str,
        fields: Mapping[str, str],
        body: Optional[Body],
        asked: str,
        accepted: Container[int],
    ) -> Response:
        attempt = 0
        renewed = False
        while True:
            attempt += 1
            self._pause(self._pacer.held_for())
            try:
                response = self._follow(method, url, fields, body, asked)
            except ConnectionFailed as failure:
                delay = self._pacer.delay(attempt) if self._may_repeat(method, failure) else None
                if delay is None:
                    raise
                self._pause(delay)
                continue
            if response.status in accepted:
                return response
            if response.status == 401 and not renewed and self._renew():
                renewed = True
                response.close()
                continue
            error = self._error_of(response)
            if response.status in (BUSY if method == "GET" else REFUSED_UNPROCESSED):
                self._pacer.on_busy()
                delay = self._pacer.delay(attempt, error.retry_after)
                if delay is not None:
                    if error.retry_after is not None:
                        self._pacer.hold(delay)
                    self._pause(delay)
                    continue
            raise error

    def _may_repeat(self, method: str, error: ConnectionFailed) -> bool:
        """Whether asking again can help and can do no harm."""
        if isinstance(error, ConnectionRefused):
            # A port that never answered is a mistake in the URL; one that did is a server that restarts.
            return self._answered
        return isinstance(error, ConnectionLost) and method == "GET"

    def _renew(self) -> bool:
        return self._credential is not None and self._credential.renew()

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self._wait(seconds)
        if self._aborted.is_set():
            raise Cancelled("it was cancelled")

    def _error_of(self, response: Response) -> ResponseError:
        try:
            content = b"".join(_first(response.chunks(), _ERROR_BODY))
        except DICOMWebNodesError:
            content = b""
        finally:
            response.close()
        body = self._redacted(content.decode("utf-8", "replace"))
        return response_error(response.status, response.reason, body, retry_after=response.retry_after())

    def _redacted(self, text: str) -> str:
        """``text`` of a server that may have echoed what we sent, without what nobody else may see."""
        secrets = self._credential.secrets() if self._credential is not None else ()
        for secret in (*secrets, *(value for _, value in self.node.headers)):
            if len(secret) > 3:
                text = text.replace(secret, "***")
        return text

    # --- one attempt ------------------------------------------------------------------------------------------------

    def _follow(self, method: str, url: str, fields: Mapping[str, str], body: Optional[Body], asked: str) -> Response:
        visited = {url}
        while True:
            response = self._send(method, url, fields, body, asked)
            location = response.headers.get("Location", "")
            if response.status not in REDIRECTS or not location:
                return response
            response.close()
            url = self._redirected(method, url, location, response.status)
            if url in visited or len(visited) > _MOST_REDIRECTS:
                raise _refused(response.status, "the server redirects in a circle")
            visited.add(url)

    def _redirected(self, method: str, url: str, location: str, status: int) -> str:
        target = urljoin(url, location)
        where, here = urlsplit(target), urlsplit(url)
        if where.scheme not in ("http", "https") or (here.scheme == "https" and where.scheme == "http"):
            raise _refused(
                status, f"the server redirects to a place that is not safe ({where.scheme}://{where.hostname})"
            )
        if method != "GET" and origin_of(target) != self.node.origin:
            raise _refused(status, f"the server redirects to another host ({origin_of(target)})")
        return target

    def _send(self, method: str, url: str, fields: Mapping[str, str], body: Optional[Body], asked: str) -> Response:
        host = urlsplit(url).netloc
        at_home = origin_of(url) == self.node.origin
        request = requests.Request(
            method,
            url,
            headers={
                "User-Agent": f"DICOMWebNodes/{__version__}",
                **(dict(self.node.headers) if at_home else {}),
                **fields,
            },
            data=body() if body is not None else None,
            auth=self._credential if at_home else None,
        )

        def translate(error: BaseException) -> DICOMWebNodesError:
            if self._aborted.is_set():
                return Cancelled("it was cancelled", node=self.node.name, asked=asked)
            return transport_error(error, host=host).about(node=self.node.name, asked=asked)

        try:
            answer = self._http.send(
                self._http.prepare_request(request),
                stream=True,
                allow_redirects=False,
                timeout=(self.node.connect_timeout, self.node.read_timeout),
                verify=self._verification(),
                cert=self._client_certificate() if at_home else None,
                proxies=self._proxies(url),
            )
        except (requests.RequestException, OSError, ValueError) as error:
            raise translate(error) from error
        self._answered = True
        response = Response(
            answer,
            translate,
            node=self.node.name,
            asked=asked,
            patience=self.node.read_timeout,
            clock=self._clock,
        )
        if self._aborted.is_set():
            response.close()
            raise Cancelled("it was cancelled")
        return response

    def _verification(self) -> Union[bool, str]:
        tls = self.node.tls
        if not tls.verify:
            return False
        return tls.ca_file or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True

    def _client_certificate(self) -> Union[str, Tuple[str, str], None]:
        tls = self.node.tls
        if tls.client_certificate and tls.client_key:
            return (tls.client_certificate, tls.client_key)
        return tls.client_certificate or None

    def _proxies(self, url: str) -> Dict[str, str]:
        if self.node.proxy:
            return {"http": self.node.proxy, "https": self.node.proxy}
        return dict(get_environ_proxies(url, no_proxy=None))


def _refused(status: int, cause: str) -> RedirectRefused:
    return RedirectRefused(cause, status=status)


def _first(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The chunks up to ``limit`` bytes: an error body is read for its words, not to its end."""
    taken = 0
    for chunk in chunks:
        yield chunk[: limit - taken]
        taken += len(chunk)
        if taken >= limit:
            return
