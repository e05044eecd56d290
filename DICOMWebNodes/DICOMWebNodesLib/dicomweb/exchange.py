"""One request and its answer: what is sent to whom.

Everything that a node trusts us with (credential, header fields, client certificate) goes to the node's own
origin only, whatever a server answers.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from typing import Callable, ContextManager, Dict, Iterable, Mapping, Optional, Tuple, Union
from urllib.parse import urlsplit

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from requests.hooks import dispatch_hook
from requests.structures import CaseInsensitiveDict

from .. import __version__
from ..auth.abandoning import Abandoning
from ..auth.credentials import Credential
from ..errors import Cancelled, DICOMWebNodesError, ProxyAuthenticationRequired
from ..errors.explain import proxy_refusal, transport_error
from ..logs import request_line
from ..nodes.node import Node
from ..nodes.url import origin_of
from ..proxy import host_of, proxies_for, trusted_authorities
from ..text import Text
from .interruptions import Interruptions, Unwanted
from .pem_file import pem_file
from .redirects import REDIRECTS, another_host, in_a_circle, redirected, unsigned
from .response import Response
from .wire import OpenSockets, Wire

_WANTS_A_SIGN_IN = (401, 403)
_MOST_REDIRECTS = 5
_PROXY_AUTHENTICATION_REQUIRED = 407
_LOG = logging.getLogger(__name__)
_OURS = {"User-Agent": f"DICOMWebNodes/{__version__}", "Accept": "*/*", "Connection": "keep-alive"}
# What follows a node's URL when there is nothing in it that requests would write in another way.
_PLAIN = re.compile(r"(?!.*/\.)/[A-Za-z0-9._~/:?&=,;@+*'()!$-]*")

# Called anew for each attempt; what it returns has ``__len__`` (bytes) and is iterable.
Body = Callable[[], Union[bytes, Iterable[bytes]]]


@dataclass(frozen=True)
class Request:
    """What is sent. ``asked`` completes "could not ..." in the errors."""

    method: str
    url: str
    fields: Mapping[str, str]
    body: Optional[Body]
    asked: str


class Exchange:
    """The transport of one node; safe to use from several threads. ``clock``: seconds, for the speed of answers."""

    def __init__(self, node: Node, credential: Optional[Credential], clock: Callable[[], float]) -> None:
        self._node = node
        self._credential = credential
        self._clock = clock
        self._proxies_of: Dict[str, Dict[str, str]] = {}  # by origin
        self._sockets = OpenSockets()
        self._interruptions = Interruptions(self._sockets.shut_down_of, self._sockets.forget_of)
        self._proxy_authorizations: Dict[str, str] = {}
        # Not a requests.Session: that would add credentials from ~/.netrc to what a node sends, and takes as long for
        # each request as all the rest of it.
        self._wire = Wire(self._sockets, self._proxy_authorizations, pool_maxsize=32)
        self._cookies = RequestsCookieJar()
        self._home = node.origin
        self._base = ""  # the node's URL as requests writes it

    def send(self, request: Request) -> Response:
        """Send it and follow redirects; the answer may have any status.

        Raises :class:`~..errors.ConnectionFailed`, :class:`~..errors.Cancelled` and
        :class:`~..errors.RedirectRefused`.
        """
        visited = {request.url}
        while True:
            response = self._send_once(request)
            if response.status == _PROXY_AUTHENTICATION_REQUIRED:
                response.close()
                self._forget_proxies()
                raise proxy_refusal(urlsplit(request.url).netloc)
            location = response.headers.get("Location", "")
            if response.status not in REDIRECTS or not location:
                if response.status in _WANTS_A_SIGN_IN and not self._is_home(request.url):
                    response.close()
                    raise unsigned(origin_of(request.url), response.status)
                return response
            response.close()
            target = redirected(request.url, location, response.status)
            if request.method != "GET" and not self._is_home(target):
                raise another_host(origin_of(target), response.status)
            if target in visited or len(visited) > _MOST_REDIRECTS:
                raise in_a_circle(response.status)
            visited.add(target)
            request = replace(request, url=target)

    def wait(self, seconds: float) -> None:
        """Let time pass; returns early when it is aborted or interrupted."""
        self._interruptions.wait(seconds)

    def check(self) -> None:
        """Raises :class:`~..errors.Cancelled` after :meth:`abort`, and where nobody wants the answer any more."""
        if self._interruptions.is_unwanted():
            raise Cancelled("it was cancelled")

    def while_wanted(self, unwanted: Unwanted) -> ContextManager[None]:
        """Requests of this thread in the block end with Cancelled when :meth:`interrupt` finds ``unwanted()`` true."""
        return self._interruptions.while_wanted(unwanted)

    def interrupt(self) -> None:
        """From another thread: end the requests that nobody wants any more, and those alone."""
        self._interruptions.look()

    def abort(self) -> None:
        """From another thread: running requests end at once, with :class:`~..errors.Cancelled`."""
        self._interruptions.abort()
        self._sockets.shut_down()

    @property
    def was_aborted(self) -> bool:
        return self._interruptions.was_aborted

    def renew(self) -> bool:
        """Whether the credential is another one now. Raises :class:`~..errors.Cancelled`, and what it raises."""
        with Abandoning(self._interruptions.outlast):
            return self._credential is not None and self._credential.renew()

    def close(self) -> None:
        self._wire.close()

    def _is_home(self, url: str) -> bool:
        return url.startswith(f"{self._node.url}/") or origin_of(url) == self._home

    def _send_once(self, request: Request) -> Response:
        host = urlsplit(request.url).netloc
        at_home = self._is_home(request.url)

        def translate(error: BaseException) -> DICOMWebNodesError:
            if self._interruptions.is_unwanted():
                return Cancelled("it was cancelled", node=self._node.name, asked=request.asked)
            return transport_error(error, host=host).about(node=self._node.name, asked=request.asked)

        started = self._clock()
        try:
            prepared = self._prepared(request, at_home)
            answer = self._wire.send(
                prepared,
                stream=True,
                timeout=(self._node.connect_timeout, self._node.read_timeout),
                verify=self._verification(),
                cert=self._client_certificate() if at_home else None,
                proxies=self._proxies(request.url, self._home if at_home else origin_of(request.url)),
            )
            if prepared.hooks["response"]:
                answer = dispatch_hook("response", prepared.hooks, answer, stream=True)  # type: ignore[no-untyped-call]
            if at_home and "Set-Cookie" in answer.headers:
                extract_cookies_to_jar(self._cookies, prepared, answer.raw)  # type: ignore[no-untyped-call]
        except (requests.RequestException, OSError, ValueError) as error:
            failure = translate(error)
            if isinstance(failure, ProxyAuthenticationRequired):
                self._forget_proxies()
            self._log(request, failure.code, started)
            raise failure from error
        self._log(request, str(answer.status_code), started)
        return Response(
            answer,
            translate,
            node=self._node.name,
            asked=request.asked,
            document_limit=self._node.document_limit << 20,
            patience=self._node.read_timeout,
            clock=self._clock,
        )

    def _log(self, request: Request, what: str, started: float) -> None:
        if _LOG.isEnabledFor(logging.DEBUG):
            line = request_line(request.method, request.url, self._node.url)
            _LOG.debug("%s: %s -> %s, %.3f s", self._node.name, line, what, self._clock() - started)

    def _prepared(self, request: Request, at_home: bool) -> requests.PreparedRequest:
        """As a requests.Session would, in a quarter of its time."""
        prepared = requests.PreparedRequest()
        prepared.prepare_method(request.method)
        prepared.url = self._written(request.url)
        prepared.headers = CaseInsensitiveDict(_OURS)
        if at_home:
            prepared.headers.update(self._node.headers)
        prepared.headers.update(request.fields)
        if at_home and self._cookies:
            prepared.prepare_cookies(self._cookies)
        if request.body is not None:
            prepared.prepare_body(request.body(), None)
        elif request.method != "GET":
            prepared.prepare_content_length(None)
        if at_home and self._credential is not None:
            with Abandoning(self._interruptions.outlast):
                prepared.prepare_auth(self._credential)
        return prepared

    def _written(self, url: str) -> str:
        base = self._node.url
        if not (url.startswith(base) and _PLAIN.fullmatch(url, len(base))):
            return _as_requests_writes(url)
        self._base = self._base or _as_requests_writes(f"{base}/")[:-1]
        return self._base + url[len(base) :]

    def _verification(self) -> Union[bool, str]:
        tls = self._node.tls
        if not tls.verify:
            return False
        return trusted_authorities(pem_file(tls.ca_file, Text("CA file")) if tls.ca_file else "")

    def _client_certificate(self) -> Union[str, Tuple[str, str], None]:
        tls = self._node.tls
        if not tls.client_certificate:
            return None
        certificate = pem_file(tls.client_certificate, Text("client certificate"))
        return (certificate, pem_file(tls.client_key, Text("client key"))) if tls.client_key else certificate

    def _proxies(self, url: str, origin: str) -> Dict[str, str]:
        """Looked up once for each origin: to read the environment costs as much as a quarter of a request."""
        known = self._proxies_of.get(origin)
        if known is None:
            proxies = proxies_for(url, self._node.proxy)
            self._proxy_authorizations.update(proxies.authorizations)
            own = self._credential.proxy_authorization() if self._credential is not None else ""
            if own and self._node.proxy:
                self._proxy_authorizations[host_of(self._node.proxy)] = own
            known = self._proxies_of[origin] = dict(proxies.addresses)
        return dict(known)

    def _forget_proxies(self) -> None:
        """A person may give another password before the next request."""
        self._proxies_of.clear()
        self._proxy_authorizations.clear()
        self._wire.forget_proxies()


def _as_requests_writes(url: str) -> str:
    """Raises ValueError for what cannot be written."""
    prepared = requests.PreparedRequest()
    prepared.prepare_url(url, None)
    return prepared.url or ""
