"""A loopback HTTP proxy (RFC 9110 section 3.7): whole addresses for http, CONNECT tunnels for https.

It is strict about who may use it and about the form of requests, and it can end a conversation at any byte.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, List, Optional
from urllib.parse import urlsplit

from .http_thread import HTTPThread

_BLOCK = 16 * 1024


class ForwardProxy:
    """A proxy inside a ``with`` block. ``authorization``: the Proxy-Authorization that it wants, "" for none.

    ``cut_after`` is asked once for each answer and tunnel: so many bytes of it pass, None for all. ``asked``: what
    each request was for, "CONNECT host:port" or "GET http://..."; ``told``: the Proxy-Authorization of each, or "".
    """

    def __init__(self, authorization: str = "", cut_after: Callable[[], Optional[int]] = lambda: None) -> None:
        self.authorization = authorization
        self.cut_after = cut_after
        self.asked: List[str] = []
        self.told: List[str] = []
        self.violations: List[str] = []

    def __enter__(self) -> ForwardProxy:
        self._http = HTTPThread(_Handler, self)
        self._http.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.stop()
        assert not self.violations, self.violations

    @property
    def address(self) -> str:
        """ "host:port"."""
        return f"127.0.0.1:{self._http.port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def proxy(self) -> ForwardProxy:
        return self.server.front  # type: ignore[attr-defined]

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def log_message(self, *_: Any) -> None:
        pass

    def _admitted(self) -> bool:
        """One answer for each connection: what follows a refused body would not be a request."""
        self.close_connection = True
        self.proxy.asked.append(f"{self.command} {self.path}")
        self.proxy.told.append(self.headers.get("Proxy-Authorization", ""))
        if self.proxy.authorization and self.headers.get("Proxy-Authorization") != self.proxy.authorization:
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False
        return True

    def do_CONNECT(self) -> None:
        if not self._admitted():
            return
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port)), 30) as there:
            self.send_response(200)
            self.end_headers()
            going = threading.Thread(target=pass_on, args=(self.connection, there), daemon=True)
            going.start()
            pass_on(there, self.connection, self.proxy.cut_after())

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        if target.scheme != "http" or not target.netloc:
            self.proxy.violations.append(f"not the whole address (RFC 9112 section 3.2.2): {self.path}")
        if not self._admitted():
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kept = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        there = HTTPConnection(target.hostname or "", target.port, timeout=30)
        path = target.path + (f"?{target.query}" if target.query else "")
        there.request(self.command, path, body or None, {**kept, "Connection": "close"})
        assert there.sock is not None
        pass_on(there.sock, self.connection, self.proxy.cut_after())
        there.close()

    do_POST = do_GET


def pass_on(source: socket.socket, target: socket.socket, limit: Optional[int] = None) -> None:
    """Everything, or so many bytes; then the conversation is over for both."""
    left = limit
    with contextlib.suppress(OSError):
        while left is None or left > 0:
            block = source.recv(_BLOCK if left is None else min(_BLOCK, left))
            if not block:
                break
            target.sendall(block)
            left = None if left is None else left - len(block)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
