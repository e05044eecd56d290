"""What a client asked and was told, seen where it signs its requests."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any, List
from urllib.parse import urlsplit

from DICOMWebNodesLib.auth.credentials import Credential

_UID = re.compile(r"/[0-9][0-9.]*(?=/|$)")


@dataclass(frozen=True)
class Asked:
    """``resource``: the path below the node's URL with ``*`` for UIDs, "/studies/*/series"."""

    method: str
    resource: str
    query: str
    accept: str
    status: int


class Recorder(Credential):
    """A credential with a bearer token, which every dialect lets pass; it notes each answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: List[Asked] = []

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = "Bearer of-a-test"
        request.register_hook("response", self._note)
        return request

    def _note(self, response: Any, **_: Any) -> None:
        parts = urlsplit(response.request.url)
        path = _UID.sub("/*", parts.path[parts.path.index("/studies") :] if "/studies" in parts.path else parts.path)
        resource = path if path.startswith("/studies") else "/" + path.rpartition("/")[2]
        asked = Asked(
            response.request.method,
            resource,
            parts.query,
            response.request.headers.get("Accept", ""),
            response.status_code,
        )
        with self._lock:
            self._asked.append(asked)

    def asked(self) -> List[Asked]:
        with self._lock:
            return list(self._asked)

    def answered(self, *resources: str) -> List[Asked]:
        """The requests for these that were no errors."""
        return [each for each in self.asked() if each.resource in resources and each.status < 400]
