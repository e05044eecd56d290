"""A file that is still on its way: what is read is fetched as far as it is needed, and no further."""

from __future__ import annotations

import os
import tempfile
from types import TracebackType
from typing import Iterator, Optional, Type

from ..errors import LimitExceeded
from ..text import Text


class ArrivingFile:
    """Reads from ``pieces`` as they come, and keeps them in a temporary file so that it can seek.

    Never more than ``limit`` bytes are fetched: then :class:`~..errors.LimitExceeded`. What ``pieces`` raises comes
    out of :meth:`read`. The temporary file has no name that others could open, and is gone when this is closed.
    """

    def __init__(self, pieces: Iterator[memoryview], limit: int) -> None:
        self._pieces = pieces
        self._limit = limit
        self._file = tempfile.TemporaryFile(prefix="dicomweb-")  # noqa: SIM115 - closed in __exit__
        self._arrived = 0
        self._at = 0

    def __enter__(self) -> ArrivingFile:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._file.close()

    @property
    def arrived(self) -> int:
        """Bytes that were fetched."""
        return self._arrived

    def read(self, size: int = -1) -> bytes:
        self._fetch(self._at + size if size >= 0 else self._limit + 1)
        self._file.seek(self._at)
        content = self._file.read(size)
        self._at += len(content)
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_CUR:
            offset += self._at
        elif whence == os.SEEK_END:
            self._fetch(self._limit + 1)
            offset += self._arrived
        self._at = max(0, offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def _fetch(self, until: int) -> None:
        if until <= self._arrived:
            return
        self._file.seek(0, os.SEEK_END)
        while self._arrived < until:
            piece = next(self._pieces, None)
            if piece is None:
                return
            if self._arrived + len(piece) > self._limit:
                raise LimitExceeded(
                    Text("more than {size} MB of it would have to be fetched", size=self._limit // 1000000)
                )
            self._file.write(piece)
            self._arrived += len(piece)
