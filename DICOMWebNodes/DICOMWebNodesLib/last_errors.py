"""The last errors of this user's programs, for a report to whoever can help: no secrets, no data of patients."""

from __future__ import annotations

import contextlib
import json
import re
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

from .errors import (
    DICOMWebNodesError,
    InvalidValue,
    ProtocolError,
    ResponseError,
    StoreUnavailable,
    TransferError,
)
from .logs import without_uids
from .storage.file_lock import FileLock
from .storage.files import read_settings, write_atomically
from .text import Text

FILE_NAME = "last-errors.json"
MOST = 20
_QUOTED = re.compile("“.*”", re.DOTALL)
_LONGEST = 500  # characters of a cause


class LastErrors:
    """In a file of the settings folder, because the command line is a new process each time."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = folder / FILE_NAME
        self._lock = FileLock(folder / f".{FILE_NAME}.lock", timeout=1.0)
        self._clock = clock

    def note(self, error: BaseException) -> None:
        """Keep it. Nothing is raised when it cannot be kept: there is an error already."""
        with contextlib.suppress(StoreUnavailable):
            with self._lock:
                kept = [*self._read(), self._entry(error)][-MOST:]
                write_atomically(self._path, json.dumps(kept, indent=1).encode())

    def all(self) -> List[Dict[str, str]]:
        """The newest last: "at", "node", "asked", "code", "cause"."""
        try:
            return self._read()
        except StoreUnavailable:
            return []

    def _read(self) -> List[Dict[str, str]]:
        try:
            kept = json.loads(read_settings(self._path) or b"[]")
        except (ValueError, RecursionError):
            return []
        return [each for each in kept if isinstance(each, dict)] if isinstance(kept, list) else []

    def _entry(self, error: BaseException) -> Dict[str, Any]:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._clock()))
        if not isinstance(error, DICOMWebNodesError):
            return {"at": at, "code": type(error).__name__}  # its message may quote anything
        cause = error.cause
        if isinstance(error, InvalidValue):  # what was typed may be a name
            cause = f"in {error.field}" if error.field else ""
        if isinstance(error, ResponseError) and isinstance(cause, Text) and "answer" in cause.values:
            cause = cause.template.format(**{**cause.values, "answer": error.status})
        if isinstance(error, (ResponseError, ProtocolError, TransferError)):  # a server's words may repeat it
            cause = _QUOTED.sub("“…”", cause)
        asked = error.asked
        if isinstance(asked, Text) and "file" in asked.values:  # whose name may be a patient's
            asked = asked.template
        entry = {"at": at, "node": error.node, "asked": asked, "code": error.code, "cause": cause}
        return {name: without_uids(value)[:_LONGEST] for name, value in entry.items() if value}
