"""What goes wrong with a connection, and with an answer as a whole; see :mod:`.faults`."""

from __future__ import annotations

import dataclasses
import gzip
import random
import threading

from .faulty import body_of, with_body
from .origin_server import ConnectionCut, ConnectionReset, Response

STALL = 30.0  # seconds; nobody has to wait for so long


def cut(rng: random.Random, response: Response) -> Response:
    """The connection ends at a random byte, the first and the last among them."""
    body = body_of(response)
    at = rng.choice([0, max(0, len(body) - 1), rng.randrange(len(body) + 1)])

    def pieces():
        yield body[:at]
        raise ConnectionCut

    return dataclasses.replace(response, body=pieces(), length=rng.choice([None, len(body)]))


def stalled(rng: random.Random, response: Response) -> Response:
    """Nothing comes for longer than the client waits; then the connection ends."""
    body = body_of(response)
    at = rng.randrange(len(body) + 1)

    def pieces():
        yield body[:at]
        threading.Event().wait(STALL)
        raise ConnectionCut

    return dataclasses.replace(response, body=pieces(), length=len(body))


def dripping(rng: random.Random, response: Response) -> Response:
    """From a random byte on, a byte every tenth of a second: no read time-out ever ends it."""
    body = body_of(response)
    at = rng.randrange(len(body) + 1)

    def pieces():
        yield body[:at]
        for position in range(at, len(body)):
            threading.Event().wait(0.1)
            yield body[position : position + 1]

    return dataclasses.replace(response, body=pieces(), length=len(body))


def reset(rng: random.Random, response: Response) -> Response:
    """The connection is reset (RST) at a random byte."""
    body = body_of(response)
    at = rng.randrange(len(body) + 1)

    def pieces():
        yield body[:at]
        raise ConnectionReset

    return dataclasses.replace(response, body=pieces(), length=len(body))


def closed_keep_alive(rng: random.Random, response: Response) -> Response:
    """No fault in this answer: the connection ends behind it, and nothing has said so."""
    body = body_of(response)

    def pieces():
        yield body
        raise ConnectionCut

    return dataclasses.replace(response, body=pieces(), length=len(body))


def large_header(rng: random.Random, response: Response) -> Response:
    return dataclasses.replace(response, headers={**response.headers, "X-Large": "x" * (1 << 20)})


def oddly_chunked(rng: random.Random, response: Response) -> Response:
    """No fault at all: the same bytes in chunks of 1 to 977 bytes."""
    body = body_of(response)

    def pieces():
        at = 0
        while at < len(body):
            size = rng.choice([1, 2, 3, 977])
            yield body[at : at + size]
            at += size

    return dataclasses.replace(response, body=pieces(), length=None)


def gzipped(rng: random.Random, response: Response) -> Response:
    """No fault either, although nobody asked for it."""
    return with_body(response, gzip.compress(body_of(response)), headers={"Content-Encoding": "gzip"})


def gzip_cut(rng: random.Random, response: Response) -> Response:
    """A proper end at a random byte, often in the trailer (RFC 1952 section 2.3.1), when all the content has come."""
    body = gzip.compress(body_of(response))
    end = rng.choice([rng.randrange(1, len(body)), len(body) - rng.randrange(1, 9)])
    return with_body(response, body[:end], headers={"Content-Encoding": "gzip"})


def length_too_small(rng: random.Random, response: Response) -> Response:
    """More comes than was announced, and the connection stays: the next answer on it begins with the rest of this."""
    body = body_of(response)
    return dataclasses.replace(response, body=(body,), length=rng.randrange(len(body)))
