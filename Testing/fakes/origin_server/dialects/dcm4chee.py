"""dcm4chee-arc-light 5: QidoRS, WadoRS and StowRS in its source."""

import json

from ..behaviours.offers import errors_as, with_fields
from ..behaviours.retrieving import accept_refused
from ..behaviours.searching import counts, limit_from
from ..dialect import Dialect


def dialect() -> Dialect:
    return Dialect(
        max_results=1000,
        announces_length=False,
        behaviours=(
            errors_as(_error),
            counts,
            limit_from(1, 99_999, default=1000),
            accept_refused("single", "single bare", status=406),
            with_fields({"Cache-Control": "no-cache"}),
        ),
    )


def _error(status: int, reason: str) -> "tuple[str, str]":
    """text/plain that holds JSON, or a stack trace where the server itself fails."""
    if status >= 500:
        return f"java.lang.NullPointerException: {reason}\n\tat org.dcm4chee.arc.wado.WadoRS.retrieve", "text/plain"
    return json.dumps({"errorMessage": reason}), "text/plain"
