"""Reads of TLS that bring all records that are there: OpenSSL gives one at a time, of 16 KB at most (RFC 8446 section
5.1), and the way up through all layers, for each, costs more than to decrypt it."""

from __future__ import annotations

import io
import ssl
from typing import Any, Optional

RECORD = 16_384
"""Bytes that a record holds at most."""


def many_records(raw: io.RawIOBase, sock: Any) -> io.RawIOBase:
    """``raw`` reads from ``sock``; for what is no TLS connection it is given back as it is."""
    return TLSRecords(raw, sock) if isinstance(sock, ssl.SSLSocket) else raw


class TLSRecords(io.RawIOBase):
    """What ``raw`` reads from ``sock``, which is its own to set the time-out of while it reads."""

    def __init__(self, raw: io.RawIOBase, sock: Any) -> None:
        self._raw = raw
        self._socket = sock
        self._error: Optional[OSError] = None  # that came after bytes, which go first

    def readinto(self, buffer: Any, /) -> Optional[int]:
        """Waits for the first byte only."""
        error, self._error = self._error, None
        if error is not None:
            raise error
        count = self._raw.readinto(buffer)
        if count and len(buffer) - count >= RECORD:
            count += self._what_is_there(memoryview(buffer)[count:])
        return count

    def _what_is_there(self, room: memoryview) -> int:
        patience, count = self._socket.gettimeout(), 0
        self._socket.settimeout(0)
        try:
            while len(room) - count >= RECORD:
                record = self._raw.readinto(room[count:])
                if not record:
                    break  # the end, which the next read finds too
                count += record
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass  # no more, or not all of a record
        except OSError as error:
            self._error = error
        finally:
            self._socket.settimeout(patience)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
