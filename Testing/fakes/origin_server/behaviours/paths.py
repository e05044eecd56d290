"""What a request is for, and small changes to requests and responses."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any, Callable, Iterable, List, Tuple
from urllib.parse import quote

from ..messages import Request, Response
from ..routes import DICOMWEB

Parameters = List[Tuple[str, str]]

_UID = re.compile(r"/[0-9][0-9.]*(?=/|$)")
SEARCHES = (
    "/studies",
    "/series",
    "/instances",
    "/studies/*/series",
    "/studies/*/instances",
    "/studies/*/series/*/instances",
)
RETRIEVES = ("/studies/*", "/studies/*/series/*", "/studies/*/series/*/instances/*")


def resource(request: Request) -> str:
    """The path below the base, each UID as ``*``: "/studies/*/series"."""
    return _UID.sub("/*", request.path.removeprefix(DICOMWEB))


def is_search(request: Request) -> bool:
    return request.method == "GET" and resource(request) in SEARCHES


def is_retrieve(request: Request) -> bool:
    return request.method == "GET" and resource(request) in RETRIEVES


def is_store(request: Request) -> bool:
    return request.method == "POST" and resource(request) in ("/studies", "/studies/*")


def with_parameters(request: Request, parameters: Iterable[Tuple[str, str]]) -> Request:
    query = "&".join(f"{name}={quote(value, safe='*?,')}" for name, value in parameters)
    path = request.target.partition("?")[0]
    return dataclasses.replace(request, target=f"{path}?{query}" if query else path)


def with_changed(request: Request, change: Callable[[Parameters], Iterable[Tuple[str, str]]]) -> Request:
    return with_parameters(request, change(request.parameters))


def body_of(response: Response) -> bytes:
    return b"".join(response.body)


def with_body(response: Response, body: bytes, **changes: Any) -> Response:
    return dataclasses.replace(response, **{"body": (body,), "length": len(body), **changes})


def rows_of(response: Response) -> List[Any]:
    """Of a search; the response's body is used up."""
    content = body_of(response)
    return json.loads(content) if content and response.status == 200 else []
