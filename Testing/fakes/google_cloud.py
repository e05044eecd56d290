"""Google Cloud's lists of projects, locations, datasets and DICOM stores, behind a proxy that leads nowhere else.

What is asked is the real address, over TLS with a certificate of the test's own authority: a client needs the proxy and
the authority, and nothing else that is made for tests. Requests that Google would refuse are refused.
"""

from __future__ import annotations

import json
import ssl
from http.server import BaseHTTPRequestHandler
from typing import Any, Dict, List, Mapping, Sequence, Tuple
from urllib.parse import parse_qsl

import trustme

from .http_thread import HTTPThread

RESOURCE_MANAGER = "cloudresourcemanager.googleapis.com"
HEALTHCARE = "healthcare.googleapis.com"
_LARGEST_PAGE = 1000

Stores = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]
"""Project ID -> location -> dataset -> DICOM stores."""


class _Refused(Exception):
    def __init__(self, code: int, status: str, message: str) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class GoogleCloud:
    """Runs inside a ``with``. ``token`` is the one bearer token that opens it; ``page``: resources in an answer.

    ``hosts``: whom the proxy was asked for; ``asked``: host and target of each request, in order; ``closed``: hosts
    that answer 403 to everybody; ``proxy_authorization``: the Proxy-Authorization that the proxy wants, "" for none.
    """

    def __init__(self, authority: trustme.CA, token: str, stores: Stores, page: int = 2) -> None:
        self.token = token
        self.stores = stores
        self.hosts: List[str] = []
        self.asked: List[Tuple[str, str]] = []
        self.closed: Dict[str, str] = {}  # host -> Google's words
        self.proxy_authorization = ""
        self._page = page
        self._tokens: Dict[str, Tuple[str, int]] = {}  # page token -> collection and where it goes on
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(RESOURCE_MANAGER, HEALTHCARE).configure_cert(self.tls)
        self._http = HTTPThread(_Handler, self)

    def __enter__(self) -> GoogleCloud:
        self._http.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.stop()

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self._http.port}"

    def answer(self, host: str, target: str, headers: Mapping[str, str]) -> Tuple[int, Any]:
        self.asked.append((host, target))
        path, _, query = target.partition("?")
        try:
            if headers.get("authorization") != f"Bearer {self.token}":
                raise _Refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
            if host in self.closed:
                raise _Refused(403, "PERMISSION_DENIED", self.closed[host])
            member, resources = self._collection(host, path)
            return 200, self._paged(member, resources, f"{host}{path}", _fields(query))
        except _Refused as refused:
            return refused.code, {"error": {"code": refused.code, "message": str(refused), "status": refused.status}}

    def _collection(self, host: str, path: str) -> Tuple[str, List[Dict[str, Any]]]:
        if host == RESOURCE_MANAGER and path == "/v1/projects":
            projects = ({"projectId": each, "name": each.title(), "lifecycleState": "ACTIVE"} for each in self.stores)
            return "projects", list(projects)
        segments = path.split("/")[1:]
        if host != HEALTHCARE or segments[0] != "v1" or segments[1::2] not in _HEALTHCARE:
            raise _Refused(404, "NOT_FOUND", "The requested URL was not found on this server.")
        found: Any = self.stores
        for name in segments[2::2]:
            if name not in found:
                raise _Refused(403, "PERMISSION_DENIED", f"Permission denied on resource {name} (or it may not exist).")
            found = found[name]
        resources = [{"name": f"{path[len('/v1/') :]}/{each}"} for each in found]
        if segments[-1] == "locations":
            resources = [{**each, "locationId": each["name"].rpartition("/")[2]} for each in resources]
        return segments[-1], resources

    def _paged(
        self, member: str, resources: List[Dict[str, Any]], collection: str, fields: Dict[str, str]
    ) -> Dict[str, Any]:
        size, token = int(fields.pop("pageSize", "100")), fields.pop("pageToken", "")
        wanted = {"filter": "lifecycleState:ACTIVE"} if member == "projects" else {}
        start = 0
        if token:
            known, start = self._tokens.get(token, ("", 0))
            if known != collection:
                raise _Refused(400, "INVALID_ARGUMENT", "Invalid page token.")
        if fields != wanted or not 0 < size <= _LARGEST_PAGE:
            raise _Refused(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        end = start + min(self._page, size)
        answer: Dict[str, Any] = {member: resources[start:end]} if resources[start:end] else {}
        if end < len(resources):
            answer["nextPageToken"] = f"next+{len(self._tokens)}/="  # has to be encoded
            self._tokens[answer["nextPageToken"]] = (collection, end)
        return answer


_HEALTHCARE = (
    ["projects", "locations"],
    ["projects", "locations", "datasets"],
    ["projects", "locations", "datasets", "dicomStores"],
)


def _fields(query: str) -> Dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    if len(dict(pairs)) != len(pairs):
        raise _Refused(400, "INVALID_ARGUMENT", "A parameter is given twice.")
    return dict(pairs)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host = ""  # of the tunnel

    @property
    def cloud(self) -> GoogleCloud:
        return self.server.front  # type: ignore[attr-defined]

    def do_CONNECT(self) -> None:
        host, _, port = self.path.partition(":")
        if self.headers.get("Proxy-Authorization", "") != self.cloud.proxy_authorization:
            self.send_error(407)
            return
        self.cloud.hosts.append(host)
        if (host, port) not in ((RESOURCE_MANAGER, "443"), (HEALTHCARE, "443")) or "Authorization" in self.headers:
            self.send_error(403, "This proxy leads to Google only")
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        try:
            self.connection = self.cloud.tls.wrap_socket(self.connection, server_side=True)
        except ssl.SSLError:  # a client that does not trust the authority
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")  # type: ignore[assignment]
        self.host, self.close_connection = host, False

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not self.host or headers.get("host") != self.host:
            self.send_error(421, "Not through a tunnel to this host")
            return
        status, content = self.cloud.answer(self.host, self.path, headers)
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def finish(self) -> None:
        super().finish()
        if self.host:
            self.connection.close()

    def log_message(self, *_: Any) -> None:
        pass
