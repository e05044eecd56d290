"""Google Cloud Healthcare: its DICOM conformance statement.

Not stated there, and assumed: an instance that is there already is failure 272, as errors of processing are.
"""

from ..behaviours.offers import as_json, errors_as, no_rendering, not_offered
from ..behaviours.retrieving import accept_refused
from ..behaviours.searching import limit_from, silent_about_more
from ..behaviours.storing import DuplicatesFail
from ..dialect import Dialect


def dialect() -> Dialect:
    return Dialect(
        max_results=5000,
        store_response_type="application/dicom+xml",
        behaviours=(
            errors_as(as_json(_error)),
            limit_from(1, 50_000, default=100),
            silent_about_more,
            no_rendering("/thumbnail"),
            not_offered("/studies/*/rendered", "/studies/*/series/*/rendered"),
            accept_refused("single", "single bare", status=406, resources=("/studies/*", "/studies/*/series/*")),
            DuplicatesFail(272),
        ),
    )


def _error(status: int, reason: str) -> object:
    words = {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}
    return [{"error": {"code": status, "message": reason, "status": words.get(status, "FAILED_PRECONDITION")}}]
