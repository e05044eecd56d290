"""When there is no use in going on: after a fatal error, or after too many others in a row."""

from __future__ import annotations

import threading

from ..errors import (
    AuthenticationError,
    ConnectionLost,
    ConnectionRefused,
    DICOMWebNodesError,
    NameNotResolved,
    ProxyFailed,
    ServerError,
    TimedOut,
    TLSFailed,
    TransferError,
    Unauthorized,
)

# After these there is no use in asking for the next instance.
_FATAL = (TransferError, AuthenticationError, Unauthorized, NameNotResolved, ConnectionRefused, TLSFailed, ProxyFailed)
# After these there may be; but not when it happens this often in a row.
_TROUBLE = (ConnectionLost, TimedOut, ServerError)
_MOST_IN_A_ROW = 10


def is_fatal(error: DICOMWebNodesError) -> bool:
    return isinstance(error, _FATAL)


class Trouble:
    """What a transfer has met since an instance came. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_a_row = 0

    def note_success(self) -> None:
        self._in_a_row = 0

    def ends_with(self, error: DICOMWebNodesError) -> bool:
        """Notes the error; whether it is the last one that there is any use in."""
        if isinstance(error, _TROUBLE):
            with self._lock:
                self._in_a_row += 1
        return is_fatal(error) or self._in_a_row >= _MOST_IN_A_ROW
