"""The bytes of a body as far as they have arrived, for a parser that is written as a coroutine.

Such a parser reads as if the whole body were there; where bytes are missing it yields None and is resumed when
the next chunk has come. Whatever the chunk sizes, a byte is joined to others a bounded number of times.
"""

from __future__ import annotations

from collections import deque
from typing import Deque, Generator, List, TypeVar, Union

_Result = TypeVar("_Result")
Waiting = Generator[None, None, _Result]


class EndOfBody(Exception):
    """There are no more bytes, and there will be none."""


class Arrival:
    """``buffer[at:]`` is what has arrived and is not read yet; a reader moves ``at`` on."""

    __slots__ = ("_chunks", "_ended", "at", "buffer")

    def __init__(self) -> None:
        self.buffer = b""
        self.at = 0
        self._chunks: Deque[bytes] = deque()
        self._ended = False

    def add(self, data: Union[bytes, bytearray, memoryview]) -> None:
        """Take a chunk; bytes are kept as they are, anything else is copied because its owner may change it."""
        self._chunks.append(data if type(data) is bytes else bytes(data))

    def end(self) -> None:
        self._ended = True

    def more(self) -> Waiting[None]:
        """Wait for a chunk and put it behind what is unread. Raises EndOfBody."""
        rest = self.buffer[self.at :]
        chunk = yield from self._next()
        self.buffer = rest + chunk if rest else chunk
        self.at = 0

    def gather(self, count: int) -> Waiting[None]:
        """Wait until ``count`` bytes are unread. Raises EndOfBody; what has come until then stays."""
        missing = count - (len(self.buffer) - self.at)
        if missing <= 0:
            return
        pieces = self._unread()
        try:
            while missing > 0:
                pieces.append((yield from self._next()))
                missing -= len(pieces[-1])
        finally:
            self._join(pieces)

    def line(self, limit: int) -> Waiting[bytes]:
        """Read a line with its line feed, or ``limit`` bytes of a longer one.

        The last line of the body may be without a line feed; raises EndOfBody behind it. Subtract the line's
        length from ``at`` to put it back.
        """
        end = self.buffer.find(b"\n", self.at, self.at + limit) + 1
        if not end:
            end = yield from self._line_across_chunks(limit)
        line = self.buffer[self.at : end]
        self.at = end
        return line

    def _line_across_chunks(self, limit: int) -> Waiting[int]:
        pieces = self._unread()
        length = len(self.buffer) - self.at
        try:
            while length < limit:
                pieces.append((yield from self._next()))
                found = pieces[-1].find(b"\n", 0, limit - length) + 1
                if found:
                    return length + found
                length += len(pieces[-1])
            return limit
        except EndOfBody:
            if not length:
                raise
            return length
        finally:
            self._join(pieces)

    def _unread(self) -> List[bytes]:
        rest = self.buffer[self.at :]
        return [rest] if rest else []  # to join one piece alone is no copy

    def _join(self, pieces: List[bytes]) -> None:
        self.buffer = b"".join(pieces)
        self.at = 0

    def _next(self) -> Waiting[bytes]:
        while not self._chunks:
            if self._ended:
                raise EndOfBody
            yield None
        return self._chunks.popleft()
