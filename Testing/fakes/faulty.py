"""What the faults of an origin server are made with."""

from __future__ import annotations

import dataclasses
import random
from typing import Callable

from .origin_server import Response

Fault = Callable[[random.Random, Response], Response]
"""Takes a response and gives the one that is sent instead."""


def body_of(response: Response) -> bytes:
    return b"".join(response.body)


def with_body(response: Response, body: bytes, **changes) -> Response:
    return dataclasses.replace(response, body=(body,), length=len(body), **changes)
