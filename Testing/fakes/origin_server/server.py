"""The server: an archive behind HTTP/1.1 on the loopback interface."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import tempfile
import threading
import traceback
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Callable, Iterable, List, Optional

from .archive import Archive
from .dialect import STANDARD, Dialect
from .messages import ConnectionCut, ConnectionReset, Refusal, Request, Response
from .routes import DICOMWEB, WADO_URI, Routes

Fault = Callable[[Request, Response], Response]


@dataclass(frozen=True)
class Exchange:
    """What was asked and the status of what was answered."""

    request: Request
    status: int


class OriginServer:
    """Serves ``files`` from entering to leaving a ``with`` block.

    ``fault`` sees each request with its response and gives the response that is sent instead; a body that raises
    :class:`ConnectionCut` ends the connection there. ``authorized`` is asked with the Authorization header field.
    ``cut_request`` is told the length of each request's body and gives after how many bytes of it the connection
    ends, None for not at all. With ``tls`` it speaks https.
    """

    def __init__(
        self,
        files: Iterable[Path] = (),
        *,
        dialect: Dialect = STANDARD,
        fault: Optional[Fault] = None,
        authorized: Callable[[str], bool] = lambda authorization: True,
        cut_request: Callable[[int], Optional[int]] = lambda length: None,
        tls: Optional[ssl.SSLContext] = None,
    ) -> None:
        self._http = _LoopbackServer(("127.0.0.1", 0), _Handler)
        if tls is not None:  # the handshake is made by the connection's own thread, at its first read
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._http.origin_server = self
        self._storage = tempfile.TemporaryDirectory(prefix="origin-server-")
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._root = f"{'http' if tls is None else 'https'}://127.0.0.1:{self._http.server_port}"
        self._dialect = dialect
        self._fault = fault
        self._authorized = authorized
        self.cut_request = cut_request
        self.archive = Archive(self.url)
        self.archive.add_all(files)
        self.exchanges: List[Exchange] = []
        self.clients: List[object] = []  # the address of whoever connected, once for each connection
        self._routes = Routes(self.archive, Path(self._storage.name), dialect)

    @property
    def url(self) -> str:
        """The base of the RESTful services."""
        return self._root + DICOMWEB

    @property
    def wado_uri_url(self) -> str:
        return self._root + WADO_URI

    def __enter__(self) -> OriginServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._storage.cleanup()

    def answer(self, request: Request) -> Response:
        """The response to one request, with everything that a fault makes of it."""
        if self._authorized(request.headers.get("Authorization", "")):
            response = self._dialect.answer(request, self._answer_or_explain)
        else:
            response = Response.of_text(401, "who are you?", {"WWW-Authenticate": 'Basic realm="origin server"'})
        if response.length and not self._dialect.announces_length:
            response = Response(response.status, response.body, None, response.content_type, response.headers)
        if self._fault:
            response = self._fault(request, response)
        self.exchanges.append(Exchange(request, response.status))
        return response

    def _answer_or_explain(self, request: Request) -> Response:
        try:
            return self._routes.answer(request)
        except Exception:  # an error of this server, shown where the test looks
            return Response.of_text(500, traceback.format_exc())


class _LoopbackServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    origin_server: OriginServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "OriginServer"
    disable_nagle_algorithm = True
    timeout = 60
    server: _LoopbackServer

    def handle(self) -> None:
        self.server.origin_server.clients.append(self.client_address)
        with contextlib.suppress(ConnectionError, ssl.SSLError):  # the client went away, perhaps in an answer's middle
            super().handle()

    def _exchange(self) -> None:
        try:
            request = Request(self.command, self.path, self.headers, self._read_body())
            response = self.server.origin_server.answer(request)
        except ConnectionCut:
            self.close_connection = True
            return
        except Refusal as refusal:  # the body was not read: what follows on the connection is not a request
            response = Response.of_text(refusal.status, refusal.reason)
            self.close_connection = True
        try:
            self._send(response)
        except (ConnectionCut, ConnectionError, TimeoutError) as end:
            self.close_connection = True
            if isinstance(end, ConnectionReset):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _exchange

    def _read_body(self) -> bytes:
        if self.request_version == "HTTP/1.1" and not self.headers.get("Host"):
            raise Refusal(400, "HTTP/1.1 without Host (RFC 9112 3.2)")
        length = self.headers.get("Content-Length")
        if self.headers.get("Transfer-Encoding"):
            if length or self.headers["Transfer-Encoding"].lower() != "chunked":
                raise Refusal(400, "either a Content-Length or Transfer-Encoding: chunked (RFC 9112 6.1)")
            return b"".join(iter(self._read_chunk, b""))
        if length is None:
            return b""
        if not (length.isascii() and length.isdigit()):
            raise Refusal(400, f"not a Content-Length: {length!r}")
        end = self.server.origin_server.cut_request(int(length))
        if end is not None:
            self._read_exactly(end)
            raise ConnectionCut
        return self._read_exactly(int(length))

    def _read_chunk(self) -> bytes:
        size = int(self.rfile.readline(100).partition(b";")[0], 16)
        chunk = self._read_exactly(size)
        self.rfile.readline(100)
        return chunk

    def _read_exactly(self, size: int) -> bytes:
        content = self.rfile.read(size)
        if len(content) < size:
            raise Refusal(400, "the body is shorter than announced")
        return content

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        if response.content_type:
            self.send_header("Content-Type", response.content_type)
        for name, value in response.headers.items():
            self.send_header(name, value)
        chunked = response.length is None
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif response.status != 204:
            self.send_header("Content-Length", str(response.length))
        self.end_headers()
        if self.command == "HEAD":
            return
        for piece in response.body:
            if piece:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests look at :attr:`OriginServer.exchanges` instead."""
