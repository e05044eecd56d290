"""What a server does not have at all, who it lets in, and how it says no."""

from __future__ import annotations

import json
import threading
import time
from typing import Callable, Mapping, Sequence

from ..dialect import Answer, Behaviour
from ..messages import Request, Response
from .paths import body_of, is_retrieve, resource, with_body

# Makes an error body: of (status, reason), its content and content type.
ErrorBody = Callable[[int, str], "tuple[str, str]"]


def not_offered(*resources: str, status: int = 404, reason: str = "there is no such resource here") -> Behaviour:
    """``resources``: paths with ``*`` for UIDs, or with a method in front: "POST /studies"."""

    def behaviour(request: Request, answer: Answer) -> Response:
        where = resource(request)
        if where in resources or f"{request.method} {where}" in resources:
            return Response.of_text(status, reason)
        return answer(request)

    return behaviour


def no_rendering(*endings: str, status: int = 404) -> Behaviour:
    """Neither ``/thumbnail`` nor ``/rendered``, or only one of them, at whatever level."""

    def behaviour(request: Request, answer: Answer) -> Response:
        if request.path.endswith(endings):
            return Response.of_text(status, "there is no such picture")
        return answer(request)

    return behaviour


def errors_as(error_body: ErrorBody) -> Behaviour:
    """Every error of the server with a body in its own form."""

    def behaviour(request: Request, answer: Answer) -> Response:
        response = answer(request)
        if response.status < 400 or not response.content_type.startswith("text/plain"):
            return response
        content, content_type = error_body(response.status, body_of(response).decode())
        return with_body(response, content.encode(), content_type=content_type)

    return behaviour


def as_json(make: Callable[[int, str], object], content_type: str = "application/json") -> ErrorBody:
    return lambda status, reason: (json.dumps(make(status, reason)), content_type)


def as_page(status: int, reason: str) -> tuple[str, str]:
    """As web frameworks do."""
    page = (
        "<!doctype html>\n<html lang=en>\n<title>{} {}</title>\n<h1>Error</h1>\n<p>The server answered {}.</p>\n</html>"
    )
    words = {404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error"}.get(status, "Error")
    return page.format(status, words, status), "text/html; charset=utf-8"


def bearer_wanted(status: int, content: str, content_type: str) -> Behaviour:
    """Who comes without a bearer token is told so with this status."""

    def behaviour(request: Request, answer: Answer) -> Response:
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return Response.of_bytes(status, content.encode(), content_type)
        return answer(request)

    return behaviour


class Throttle:
    """So many requests a second, and ``burst`` at once after a pause; ``refused`` counts all others."""

    def __init__(
        self, rate: float, burst: int, refusal: Callable[[], Response], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.refused = 0
        self._rate = rate
        self._burst = burst
        self._refusal = refusal
        self._lock = threading.Lock()
        self._tokens = float(burst)
        self._clock = clock
        self._at = clock()

    def __call__(self, request: Request, answer: Answer) -> Response:
        with self._lock:
            now = self._clock()
            self._tokens = min(float(self._burst), self._tokens + (now - self._at) * self._rate)
            self._at = now
            if self._tokens < 1:
                self.refused += 1
                return self._refusal()
            self._tokens -= 1
        return answer(request)


def redirected(to: str, studies: Sequence[str], status: int = 307) -> Behaviour:
    """What belongs to ``studies`` is retrieved from another archive, whose base URL is ``to``."""

    def behaviour(request: Request, answer: Answer) -> Response:
        if is_retrieve(request) and request.path.split("/")[3] in studies:
            below = request.target.split("/", 2)[2]
            return Response(status, headers={"Location": f"{to}/{below}"})
        return answer(request)

    return behaviour


def with_fields(fields: Mapping[str, str]) -> Behaviour:
    """Header fields that every success has."""

    def behaviour(request: Request, answer: Answer) -> Response:
        response = answer(request)
        if response.status >= 300:
            return response
        return Response(
            response.status,
            response.body,
            response.length,
            response.content_type,
            {**response.headers, **fields},
        )

    return behaviour
