"""AWS HealthImaging itself: "Using DICOMweb" in its developer guide.

Not stated there, and assumed: what it does not have is 404; a store of what is there already is a success.
"""

from ..behaviours.offers import Throttle, as_json, errors_as, no_rendering, not_offered
from ..behaviours.retrieving import accept_refused, plain_accept_of_metadata
from ..behaviours.searching import arrivals, limit_from, silent_about_more
from ..dialect import Dialect
from ..messages import Response

RATE, BURST = 50, 100  # requests a second, requests at once


def dialect() -> Dialect:
    return Dialect(
        behaviours=(
            errors_as(as_json(lambda status, reason: {"message": reason})),
            Throttle(RATE, BURST, _refusal),
            not_offered("/series", "/instances", "/studies/*/instances"),
            not_offered("GET /studies/*", "GET /studies/*/series/*", "/studies/*/metadata"),
            no_rendering("/thumbnail", "/rendered"),
            limit_from(1, 1000, default=100),
            silent_about_more,
            arrivals,
            accept_refused("multipart", "single bare", status=406),
            plain_accept_of_metadata,
        )
    )


def _refusal() -> Response:
    return Response.of_bytes(429, b'{"message":"Rate exceeded"}', "application/json")
