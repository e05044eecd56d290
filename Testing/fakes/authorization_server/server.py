"""The fake authorization server on loopback HTTP."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, Dict, List, Mapping, Tuple
from urllib.parse import parse_qsl

from ..http_thread import HTTPThread
from .authority import Authority
from .model import Client, Refusal


class AuthorizationServer:
    """Runs inside a ``with``. ``authority`` has the rules; ``unexpected`` what no client should ever ask.

    ``down`` makes it answer 503 to everything but metadata, ``calls`` are the requests in order.
    """

    def __init__(self, *clients: Client, path: str = "", clock: Callable[[], float] = time.time) -> None:
        self.unexpected: List[str] = []
        self.calls: List[str] = []
        self.down = False
        self.replacement: Dict[str, Tuple[int, str, bytes]] = {}  # by path: status, media type and body
        self._http = HTTPThread(_Handler, self)
        self._path = path
        self.authority = Authority(f"http://127.0.0.1:{self._http.port}{path}", clients, clock=clock)

    def __enter__(self) -> AuthorizationServer:
        self._http.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.stop()

    @property
    def issuer(self) -> str:
        return self.authority.issuer

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: str
    ) -> Tuple[int, Dict[str, str], bytes]:
        path, _, query = target.partition("?")
        self.calls.append(f"{method} {path}")
        if path in self.replacement:
            status, media_type, content = self.replacement[path]
            return status, {"Content-Type": media_type}, content
        try:
            return self._answer(
                method, path[len(self._path) :] if path.startswith(self._path) else path, query, headers, body
            )
        except Refusal as refusal:
            self.authority.refusals.append(str(refusal))
            if refusal.page:
                return refusal.status, {"Content-Type": "text/html"}, str(refusal).encode()
            content = {"error": refusal.error, "error_description": refusal.description}
            return refusal.status, _JSON, json.dumps(content).encode()

    def _answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: str
    ) -> Tuple[int, Dict[str, str], bytes]:
        if (method, path) == ("GET", "/.well-known/openid-configuration"):
            return 200, _JSON, json.dumps(self.authority.metadata()).encode()
        if self.down:
            return 503, {"Content-Type": "text/plain"}, b"back soon"
        if (method, path) == ("GET", "/authorize"):
            return 302, {"Location": self.authority.authorize(_fields(query))}, b""
        endpoints: Dict[str, Callable[[Mapping[str, str], str], Any]] = {
            "/token": self.authority.token,
            "/device_authorization": self.authority.device_authorization,
            "/revoke": self.authority.revoke,
        }
        if method != "POST" or path not in endpoints or query:
            self.unexpected.append(f"{method} {path}?{query}")
            return 404, {"Content-Type": "text/plain"}, b"not here"
        if headers.get("content-type") != "application/x-www-form-urlencoded":
            raise Refusal("invalid_request", f"content type {headers.get('content-type')}")
        content = endpoints[path](_fields(body), headers.get("authorization", ""))
        return 200, _JSON, json.dumps(content).encode() if content is not None else b""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _converse(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, fields, content = self.server.front.answer(self.command, self.path, headers, body)  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in {**fields, "Content-Length": str(len(content)), "Cache-Control": "no-store"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _converse

    def log_message(self, *_: Any) -> None:
        pass


_JSON = {"Content-Type": "application/json"}


def _fields(encoded: str) -> Dict[str, str]:
    pairs = parse_qsl(encoded, keep_blank_values=True, strict_parsing=bool(encoded))
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Refusal("invalid_request", "a parameter twice", page=True)
    if "" in fields.values():
        raise Refusal("invalid_request", "a parameter without a value", page=True)
    return fields
