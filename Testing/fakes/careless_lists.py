"""A server whose lists have what is no UID."""

from __future__ import annotations

from typing import Any, Optional

from .origin_server import Response
from .origin_server.behaviours.paths import rows_of

_COUNT = "00201209"  # NumberOfSeriesRelatedInstances


def careless_list(tag: str, uid: str, written: Any = "../../outside", count: Optional[object] = None) -> Any:
    """A behaviour of the origin server: it writes ``written`` for ``uid`` in its lists. ``count``: what it tells beside
    as the number of a series' instances; None: what is right."""

    def behaviour(request: Any, answer: Any) -> Response:
        response = answer(request)
        if response.content_type != "application/dicom+json":
            return response
        rows = rows_of(response)
        for row in rows:
            if row.get(tag, {}).get("Value") == [uid]:
                row[tag]["Value"] = [written]
                if count is not None:
                    row[_COUNT] = {"vr": "IS", "Value": [count]}
        return Response.of_json(200, rows)

    return behaviour
