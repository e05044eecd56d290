"""What goes wrong between an origin server and its client, one fault a function, each seeded.

A fault takes a random generator and a response and gives the response that is sent instead. :class:`Faults`
applies them to some requests; what it does follows from its seed alone.
"""

from __future__ import annotations

import dataclasses
import email.utils
import random
import threading
from typing import Dict, Sequence

from .connection_faults import (
    closed_keep_alive,
    cut,
    dripping,
    gzip_cut,
    gzipped,
    large_header,
    length_too_small,
    oddly_chunked,
    reset,
    stalled,
)
from .faulty import Fault, body_of, with_body
from .multipart_faults import (
    another_boundary,
    another_of_the_series,
    cut_part,
    cut_part_without_length,
    empty_multipart,
    foreign_part,
    foreign_parts_too,
    html_in_a_part,
    large_part_head,
    missing_part,
    no_closing_delimiter,
    no_part_length,
    partial_content,
    repeated_part,
    shuffled,
    thousand_parts,
    wrong_part_length,
)
from .origin_server import Request, Response

# --- an instance that comes bare ------------------------------------------------------------------------------------


def another_instance(rng: random.Random, response: Response) -> Response:
    """What comes is another one than was asked for, by what its data set says."""
    return with_body(response, body_of(response).replace(b"1.2.826.0.1.99.", b"1.2.826.0.1.66."))


def ends_early(rng: random.Random, response: Response) -> Response:
    """A proper end at a random byte of its pixel data: the server could not read on."""
    body = body_of(response)
    end = rng.randrange(body.index(b"\xe0\x7f\x10\x00") + 12, len(body))
    return dataclasses.replace(response, body=(body[:end],), length=None)


def nothing(rng: random.Random, response: Response) -> Response:
    return with_body(response, b"", status=rng.choice([200, 204]))


# --- JSON ------------------------------------------------------------------------------------------------------------


def deep_json(rng: random.Random, response: Response) -> Response:
    """Nested ten thousand deep."""
    return with_body(response, b"[" * 10_000 + b"]" * 10_000)


def huge_json(rng: random.Random, response: Response) -> Response:
    """Two gigabytes, by what it says of itself; nobody has to take them."""
    return dataclasses.replace(response, body=(b"[",), length=1 << 31)


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


# --- two at once ---------------------------------------------------------------------------------------------------

_IN_PARTS = [
    another_boundary,
    cut_part,
    foreign_part,
    foreign_parts_too,
    html_in_a_part,
    missing_part,
    no_closing_delimiter,
    no_part_length,
    shuffled,
    thousand_parts,
    wrong_part_length,
]
_AROUND = [closed_keep_alive, cut, gzip_cut, gzipped, length_too_small, oddly_chunked, reset]


def two_at_once(rng: random.Random, response: Response) -> Response:
    """Something is wrong with the parts, and something with how they come."""
    return rng.choice(_AROUND)(rng, rng.choice(_IN_PARTS)(rng, response))


# --- what they come to ---------------------------------------------------------------------------------------------

HARMLESS = [
    oddly_chunked,
    gzipped,
    closed_keep_alive,
    another_boundary,
    wrong_part_length,
    no_part_length,
    repeated_part,
    foreign_parts_too,
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
    length_too_small,
    two_at_once,
]
REFUSED = [*map(status, (403, 404, 408, 409, 410, 413, 500, 502, 503, 504)), status_429]
ENDING = [status(401)]
"""Nobody goes on asking after these."""

UNCOUNTED = [another_of_the_series]
"""Those that a right number of instances hides: who wants to know verifies."""

PARTED = [*HARMLESS, *BROKEN, *REFUSED, *ENDING, *UNCOUNTED]
"""Those that a multipart answer may have."""

ALL = [*HARMLESS, *BROKEN, *REFUSED, *ENDING]
ANYWHERE = [
    oddly_chunked,
    gzipped,
    closed_keep_alive,
    cut,
    reset,
    gzip_cut,
    large_header,
    length_too_small,
    html,
    *REFUSED,
    *ENDING,
]
"""Those that any answer may have, and that the client does not have to wait for."""

SEARCHED = [*ANYWHERE, deep_json, huge_json]
"""Those that the results of a search may have."""

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
        possible = PARTED if in_parts else BARE if is_bare else SEARCHED
        with self._lock:
            fitting = [each for each in self._faults if each in possible]
            if not fitting or not self._left or self._rng.random() >= self._share:
                return response
            self._left -= 1
            fault = self._rng.choice(fitting)
            self.done[fault.__name__] = self.done.get(fault.__name__, 0) + 1
            rng = random.Random(self._rng.random())
        return fault(rng, response)
