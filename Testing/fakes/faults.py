"""What goes wrong between an origin server and its client, one fault a function, each seeded.

A fault takes a random generator and a response and gives the response that is sent instead. :class:`Faults`
applies them to some requests; what it does follows from its seed alone.
"""

from __future__ import annotations

import dataclasses
import email.utils
import gzip
import random
import re
import threading
from typing import Callable, Dict, List, Sequence

from .origin_server import ConnectionCut, ConnectionReset, Request, Response

Fault = Callable[[random.Random, Response], Response]

_DELIMITER = re.compile(rb"\r\n--[0-9a-f]{32}\r\n")


def _body(response: Response) -> bytes:
    return b"".join(response.body)


def _with_body(response: Response, body: bytes, **changes) -> Response:
    return dataclasses.replace(response, body=(body,), length=len(body), **changes)


def _parts(body: bytes) -> List[bytes]:
    """Head and content of each part, and the closing delimiter as the last."""
    starts = [found.start() for found in _DELIMITER.finditer(body)]
    end = body.rindex(b"\r\n--")
    return [body[start:stop] for start, stop in zip(starts, [*starts[1:], end])] + [body[end:]]


# --- the connection ------------------------------------------------------------------------------------------------


def cut(rng: random.Random, response: Response) -> Response:
    """The connection ends at a random byte, the first and the last among them."""
    body = _body(response)
    at = rng.choice([0, max(0, len(body) - 1), rng.randrange(len(body) + 1)])

    def pieces():
        yield body[:at]
        raise ConnectionCut

    return dataclasses.replace(response, body=pieces(), length=rng.choice([None, len(body)]))


def stalled(rng: random.Random, response: Response) -> Response:
    """Nothing comes for longer than the client waits; then the connection ends."""
    body = _body(response)
    at = rng.randrange(len(body) + 1)

    def pieces():
        yield body[:at]
        threading.Event().wait(STALL)
        raise ConnectionCut

    return dataclasses.replace(response, body=pieces(), length=len(body))


STALL = 1.0  # seconds; the client's read time-out has to be shorter


def dripping(rng: random.Random, response: Response) -> Response:
    """From a random byte on, a byte every tenth of a second: no read time-out ever ends it."""
    body = _body(response)
    at = rng.randrange(len(body) + 1)

    def pieces():
        yield body[:at]
        for position in range(at, len(body)):
            threading.Event().wait(0.1)
            yield body[position : position + 1]

    return dataclasses.replace(response, body=pieces(), length=len(body))


def reset(rng: random.Random, response: Response) -> Response:
    """The connection is reset (RST) at a random byte."""
    body = _body(response)
    at = rng.randrange(len(body) + 1)

    def pieces():
        yield body[:at]
        raise ConnectionReset

    return dataclasses.replace(response, body=pieces(), length=len(body))


def closed_keep_alive(rng: random.Random, response: Response) -> Response:
    """No fault in this answer: the connection ends behind it, and nothing has said so."""
    body = _body(response)

    def pieces():
        yield body
        raise ConnectionCut

    return dataclasses.replace(response, body=pieces(), length=len(body))


def large_header(rng: random.Random, response: Response) -> Response:
    return dataclasses.replace(response, headers={**response.headers, "X-Large": "x" * (1 << 20)})


def oddly_chunked(rng: random.Random, response: Response) -> Response:
    """No fault at all: the same bytes in chunks of 1 to 977 bytes."""
    body = _body(response)

    def pieces():
        at = 0
        while at < len(body):
            size = rng.choice([1, 2, 3, 977])
            yield body[at : at + size]
            at += size

    return dataclasses.replace(response, body=pieces(), length=None)


def gzipped(rng: random.Random, response: Response) -> Response:
    """No fault either, although nobody asked for it."""
    return _with_body(response, gzip.compress(_body(response)), headers={"Content-Encoding": "gzip"})


def gzip_cut(rng: random.Random, response: Response) -> Response:
    body = gzip.compress(_body(response))
    return _with_body(response, body[: rng.randrange(1, len(body))], headers={"Content-Encoding": "gzip"})


# --- the multipart body ---------------------------------------------------------------------------------------------


def no_closing_delimiter(rng: random.Random, response: Response) -> Response:
    return _with_body(response, b"".join(_parts(_body(response))[:-1]))


def another_boundary(rng: random.Random, response: Response) -> Response:
    return dataclasses.replace(response, content_type=re.sub("boundary=.*", "boundary=other", response.content_type))


def wrong_part_length(rng: random.Random, response: Response) -> Response:
    length = rng.choice([0, 1, 700, 10**6, 10**15])
    return _with_body(response, re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % length, _body(response)))


def no_part_length(rng: random.Random, response: Response) -> Response:
    return _with_body(response, re.sub(rb"Content-Length: \d+\r\n", b"", _body(response)))


def repeated_part(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(_body(response))
    return _with_body(response, b"".join([*parts, rng.choice(parts), end]))


def missing_part(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(_body(response))
    parts.pop(rng.randrange(len(parts)))
    return _with_body(response, b"".join([*parts, end]))


def partial_content(rng: random.Random, response: Response) -> Response:
    return dataclasses.replace(missing_part(rng, response), status=206)


def shuffled(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(_body(response))
    rng.shuffle(parts)
    return _with_body(response, b"".join([*parts, end]))


def cut_part(rng: random.Random, response: Response) -> Response:
    """A part that ends at a random byte, with a proper delimiter behind it: the server could not read on."""
    *parts, end = _parts(_body(response))
    index = rng.randrange(len(parts))
    head = parts[index].index(b"\r\n\r\n") + 4
    parts[index] = parts[index][: rng.choice([head + rng.randrange(100), rng.randrange(head, len(parts[index]))])]
    return _with_body(response, b"".join([*parts, end]))


def cut_part_without_length(rng: random.Random, response: Response) -> Response:
    """A part that ends in its pixel data, which only its own structure tells."""
    *parts, end = _parts(_body(response))
    index = rng.randrange(len(parts))
    pixel_data = parts[index].index(b"\xe0\x7f\x10\x00") + 12
    parts[index] = parts[index][: rng.randrange(pixel_data, len(parts[index]))]
    return no_part_length(rng, _with_body(response, b"".join([*parts, end])))


def foreign_part(rng: random.Random, response: Response) -> Response:
    """Another instance in the place of one: its data set's UID differs."""
    *parts, end = _parts(_body(response))
    index = rng.randrange(len(parts))
    parts[index] = parts[index].replace(b"1.2.826.0.1.99.", b"1.2.826.0.1.66.")
    return _with_body(response, b"".join([*parts, end]))


def another_of_the_series(rng: random.Random, response: Response) -> Response:
    """In the place of one instance another of the same series, consistent in itself, that no list has."""
    *parts, end = _parts(_body(response))
    index = rng.randrange(len(parts))
    parts[index] = re.sub(rb"(\x08\x00\x18\x00UI..1\.2\.)826", rb"\g<1>628", parts[index], flags=re.DOTALL)
    return _with_body(response, b"".join([*parts, end]))


def large_part_head(rng: random.Random, response: Response) -> Response:
    """A megabyte of header fields in one part."""
    *parts, end = _parts(_body(response))
    index = rng.randrange(len(parts))
    head = parts[index].index(b"\r\n", 2) + 2
    parts[index] = parts[index][:head] + b"X-Large: " + b"x" * (1 << 20) + b"\r\n" + parts[index][head:]
    return _with_body(response, b"".join([*parts, end]))


def thousand_parts(rng: random.Random, response: Response) -> Response:
    """Among the parts a thousand that hold nothing."""
    *parts, end = _parts(_body(response))
    delimiter = parts[0][: parts[0].index(b"\r\n", 2) + 2]
    parts.insert(rng.randrange(len(parts) + 1), (delimiter + b"Content-Type: application/dicom\r\n\r\n") * 1000)
    return _with_body(response, b"".join([*parts, end]))


def empty_multipart(rng: random.Random, response: Response) -> Response:
    return _with_body(response, _parts(_body(response))[-1])


def html_in_a_part(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(_body(response))
    index = rng.randrange(len(parts))
    head = parts[index].index(b"\r\n\r\n") + 4
    parts[index] = parts[index][:head] + b"<html>error</html>" * 20
    return _with_body(response, b"".join([*parts, end]))


# --- an instance that comes bare ------------------------------------------------------------------------------------


def another_instance(rng: random.Random, response: Response) -> Response:
    """What comes is another one than was asked for, by what its data set says."""
    return _with_body(response, _body(response).replace(b"1.2.826.0.1.99.", b"1.2.826.0.1.66."))


def ends_early(rng: random.Random, response: Response) -> Response:
    """A proper end at a random byte of its pixel data: the server could not read on."""
    body = _body(response)
    end = rng.randrange(body.index(b"\xe0\x7f\x10\x00") + 12, len(body))
    return dataclasses.replace(response, body=(body[:end],), length=None)


def nothing(rng: random.Random, response: Response) -> Response:
    return _with_body(response, b"", status=rng.choice([200, 204]))


# --- the status ----------------------------------------------------------------------------------------------------


def html(rng: random.Random, response: Response) -> Response:
    return Response.of_bytes(200, b"<html><title>Maintenance</title></html>", "text/html")


def status(code: int) -> Fault:
    def refused(rng: random.Random, response: Response) -> Response:
        return Response.of_text(code, "no")

    refused.__name__ = f"status_{code}"
    return refused


def status_429(rng: random.Random, response: Response) -> Response:
    """Too many requests; when to come again is said in seconds or as a date (RFC 9110 section 10.2.3)."""
    return Response.of_text(429, "no", {"Retry-After": rng.choice(["0", email.utils.formatdate(usegmt=True)])})


# --- what they come to ---------------------------------------------------------------------------------------------

HARMLESS = [
    oddly_chunked,
    gzipped,
    closed_keep_alive,
    another_boundary,
    wrong_part_length,
    no_part_length,
    repeated_part,
    shuffled,
    thousand_parts,
]
BROKEN = [
    cut,
    reset,
    stalled,
    dripping,
    gzip_cut,
    large_header,
    no_closing_delimiter,
    missing_part,
    partial_content,
    cut_part,
    cut_part_without_length,
    foreign_part,
    large_part_head,
    empty_multipart,
    html_in_a_part,
    html,
]
REFUSED = [*map(status, (403, 404, 408, 409, 410, 413, 500, 502, 503, 504)), status_429]
ENDING = [status(401)]
"""Nobody goes on asking after these."""

UNCOUNTED = [another_of_the_series]
"""Those that a right number of instances hides: who wants to know verifies."""

PARTED = [*HARMLESS, *BROKEN, *REFUSED, *ENDING, *UNCOUNTED]
"""Those that a multipart answer may have."""

ALL = [*HARMLESS, *BROKEN, *REFUSED, *ENDING]
ANYWHERE = [oddly_chunked, gzipped, closed_keep_alive, cut, reset, gzip_cut, large_header, html, *REFUSED, *ENDING]
"""Those that any answer may have, and that the client does not have to wait for."""

BARE = [another_instance, ends_early, nothing, stalled, dripping, *ANYWHERE]
"""Those that an instance may have which comes without parts."""


class Faults:
    """Does ``faults`` to a ``share`` of the answers, at most ``most`` times: to those with instances, each those that
    it may have, and with ``anywhere`` to the results of searches too; ``series_only``: not to single instances."""

    def __init__(
        self,
        seed: int,
        faults: Sequence[Fault],
        *,
        share: float = 1.0,
        most: int = 10**9,
        anywhere: bool = False,
        series_only: bool = False,
    ) -> None:
        self._rng = random.Random(seed)
        self._faults = faults
        self._share = share
        self._left = most
        self._anywhere = anywhere
        self._series_only = series_only
        self._lock = threading.Lock()
        self.done: Dict[str, int] = {}

    def __call__(self, request: Request, response: Response) -> Response:
        in_parts = "multipart/related" in response.content_type
        is_bare = response.content_type.partition(";")[0] == "application/dicom"
        if response.status != 200 or not (in_parts or is_bare or self._anywhere):
            return response
        if self._series_only and "/instances/" in request.path:
            return response
        possible = PARTED if in_parts else BARE if is_bare else ANYWHERE
        with self._lock:
            fitting = [each for each in self._faults if each in possible]
            if not fitting or not self._left or self._rng.random() >= self._share:
                return response
            self._left -= 1
            fault = self._rng.choice(fitting)
            self.done[fault.__name__] = self.done.get(fault.__name__, 0) + 1
            rng = random.Random(self._rng.random())
        return fault(rng, response)
