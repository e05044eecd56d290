"""A loopback HTTP/1.1 server that says what a script tells it to, and remembers what it was asked.

It knows nothing of DICOMweb. It is strict: a request that breaks HTTP, one more than the script foresees, or a
reply that nobody came for fails the test at the end of the ``with`` block.

    with ScriptedServer([Reply(b"[]", headers={"Content-Type": "application/dicom+json"})]) as server:
        ...requests to server.url...
    assert server.requests[0].query == "limit=100&offset=0"
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Union

from .http_thread import HTTPThread

_TARGET = re.compile(r"/[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*")  # RFC 9112 section 3.2.1
_BLOCK = 64 * 1024


class Framing(Enum):
    """How the end of a body is told (RFC 9112 section 6.3)."""

    LENGTH = "Content-Length"
    CHUNKED = "chunked"
    CLOSE = "the connection ends"


@dataclass(frozen=True)
class Reply:
    """One answer. A ``body`` that is no ``bytes`` is iterated once for each time it is sent, never joined."""

    body: Union[bytes, Iterable[bytes]] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    framing: Framing = Framing.LENGTH
    length: Optional[int] = None  # what Content-Length claims; None: the truth (of a body that is bytes)
    cut_after: Optional[int] = None  # end the connection after so many bytes of the body
    early: bool = False  # answer without reading the request's body, then end the connection
    reason: Optional[str] = None  # None: the one of RFC 9110
    silent: bool = False  # read the request and end the connection without a word


def json_reply(content: Any, status: int = 200, **headers: str) -> Reply:
    """``content`` as DICOM JSON; header names with "_" for "-"."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps(content).encode(), status, {"Content-Type": "application/dicom+json", **fields})


@dataclass(frozen=True)
class Request:
    """What arrived. ``headers``: names in lower case. ``body``: at most the server's ``keep`` first bytes."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    length: int
    sha256: str


Step = Union[Reply, Callable[[Request], Reply]]


class ScriptedServer:
    """Answers the requests with the steps of ``script``, in the order of their arrival, until they are used up.

    A step is a :class:`Reply`, or a function that makes it from the request. A single function as ``script``
    answers everything. With ``tls`` it speaks https; with ``proxy`` it takes the requests of a proxy.
    """

    def __init__(
        self,
        script: Union[Iterable[Step], Callable[[Request], Reply]],
        *,
        keep: int = 16 << 20,
        tls: Optional[ssl.SSLContext] = None,
        proxy: bool = False,
    ) -> None:
        self.requests: List[Request] = []
        self.violations: List[str] = []
        self.keep = keep
        self.proxy = proxy
        self._tls = tls
        self._answer_all = script if callable(script) else None
        self._steps = [] if callable(script) else list(script)
        self._lock = threading.Lock()
        self._connections: List[socket.socket] = []

    def __enter__(self) -> ScriptedServer:
        self._http = HTTPThread(_Handler, self)
        if self._tls is not None:
            # The handshake is made by the connection's own thread, at its first read.
            plain = self._http.server.socket
            self._http.server.socket = self._tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self._http.start()
        return self

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        self._http.stop()
        with self._lock:
            for connection in self._connections:
                _end(connection)
        if kind is None:
            assert not self.violations, "\n".join(self.violations)
            assert not self._steps, f"{len(self._steps)} replies were never asked for: {self._steps[0]}"

    @property
    def origin(self) -> str:
        scheme = "https" if self._tls is not None else "http"
        return f"{scheme}://127.0.0.1:{self._http.port}"

    @property
    def url(self) -> str:
        """A node's URL at this server."""
        return f"{self.origin}/dicom-web"

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.append(connection)

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            step = self._answer_all or (self._steps.pop(0) if self._steps else None)
        if step is None:
            return self.violation(f"not in the script: {request.method} {request.path}?{request.query}")
        try:
            return step(request) if callable(step) else step
        except Exception as error:
            return self.violation(f"the script failed at {request.method} {request.path}: {error!r}")

    def next_is_early(self) -> bool:
        with self._lock:
            return bool(self._steps) and isinstance(self._steps[0], Reply) and self._steps[0].early

    def violation(self, text: str) -> Reply:
        with self._lock:
            self.violations.append(text)
        return Reply(text.encode(), 500, {"Content-Type": "text/plain"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = _BLOCK

    @property
    def script(self) -> ScriptedServer:
        return self.server.front  # type: ignore[attr-defined]

    def setup(self) -> None:
        super().setup()
        self.script.opened(self.connection)

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, ssl.SSLError, ValueError):  # the client went away, or the test ended
            self.close_connection = True

    def finish(self) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError, ValueError):
            super().finish()
        _end(self.connection)

    def log_message(self, *_: Any) -> None:
        pass

    def _converse(self) -> None:
        wrong = _violation_in(self, self.script.proxy)
        reply = self.script.violation(wrong) if wrong else self.script.answer(self._request())
        if reply.early or reply.silent or wrong:
            self.close_connection = True
        if not reply.silent:
            self._send(reply)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _converse

    def _request(self) -> Request:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        early = self.script.next_is_early()
        kept, length, digest = bytearray(), 0, hashlib.sha256()
        for block in () if early else self._body(headers):
            kept += block[: self.script.keep - len(kept)]
            length += len(block)
            digest.update(block)
        return Request(self.command, path, query, headers, bytes(kept), length, digest.hexdigest())

    def _body(self, headers: Mapping[str, str]) -> Iterator[bytes]:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while True:
                size = int(self.rfile.readline().partition(b";")[0], 16)
                yield from self._exactly(size)
                self.rfile.readline()
                if not size:
                    return
        yield from self._exactly(int(headers.get("content-length", "0")))

    def _exactly(self, size: int) -> Iterator[bytes]:
        while size:
            block = self.rfile.read(min(size, _BLOCK))
            if not block:
                raise ConnectionError("the request ended before its length")
            size -= len(block)
            yield block

    def _send(self, reply: Reply) -> None:
        fields = self._fields(reply)
        self.send_response_only(reply.status, reply.reason)
        if "Date" not in fields:
            self.send_header("Date", self.date_time_string())
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        chunked = reply.framing is Framing.CHUNKED
        for piece in _up_to(reply.cut_after, reply.body):
            if chunked:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()  # who waits for it may be who makes the next one
            else:
                self.wfile.write(piece)
        if reply.cut_after is not None:
            self.close_connection = True
        elif chunked:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _fields(self, reply: Reply) -> Dict[str, str]:
        fields = dict(reply.headers)
        if reply.framing is Framing.CHUNKED:
            fields["Transfer-Encoding"] = "chunked"
        elif reply.framing is Framing.CLOSE:
            self.close_connection = True
            fields["Connection"] = "close"
        elif reply.length is not None or isinstance(reply.body, bytes):
            length = len(reply.body) if reply.length is None else reply.length
            if reply.status not in (204, 304):
                fields["Content-Length"] = str(length)
        else:
            raise TypeError("a streamed body needs a length, or another framing")
        return fields


def _violation_in(handler: BaseHTTPRequestHandler, proxy: bool) -> str:
    if handler.request_version != "HTTP/1.1" or "Host" not in handler.headers:
        return f"not HTTP/1.1 with a Host: {handler.requestline}"
    # A proxy is asked with the whole address (RFC 9112 section 3.2.2), an origin server never.
    if not _TARGET.fullmatch(re.sub("^http://[^/]+", "", handler.path) if proxy else handler.path):
        return f"not a request target: {handler.path}"
    if len(handler.headers.get_all("Content-Length", [])) > 1:
        return "two lengths of one body"
    return ""


def _up_to(limit: Optional[int], body: Union[bytes, Iterable[bytes]]) -> Iterator[bytes]:
    """The pieces of the body until ``limit`` bytes; empty ones would end a chunked body early."""
    left = limit
    for piece in (body,) if isinstance(body, bytes) else body:
        piece = piece if left is None else piece[:left]
        if piece:
            yield piece
        if left is not None:
            left -= len(piece)
            if left == 0:
                return


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
