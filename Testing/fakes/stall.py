"""A fault that a test ends: so that something can happen in the middle of a transfer."""

from __future__ import annotations

import threading
from typing import Iterator

from .origin_server import Request, Response


class Stall:
    """A fault: the answer to a retrieve stops in the middle until it may go on."""

    def __init__(self) -> None:
        self.has_stalled = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, request: Request, response: Response) -> Response:
        if request.method != "GET" or "multipart" not in response.content_type:
            return response
        whole = b"".join(response.body)
        return Response(response.status, self._pieces(whole), None, response.content_type, response.headers)

    def _pieces(self, whole: bytes) -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        self.has_stalled.set()
        self.go_on.wait(60)
        yield whole[len(whole) // 2 :]
