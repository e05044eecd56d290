"""Lines of an HTTP message (RFC 9112): none without an end, and none that comes so slowly that it has none either.

A read time-out ends a wait for the next byte only. A server that sends a byte of its header now and then would never
meet it, and the size of a chunk (section 7.1), which is a line as well, may be as long as the server likes. Behind the
last chunk (section 7.1.2), and in a proxy's answer to CONNECT, there may be as many lines as it likes.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any, Callable, Optional

from .chunked import chunks_in, is_begun
from .tls_records import many_records

LONGEST_LINE = 65_536
"""Bytes of a line; the same as http.client allows to a line of the header."""

_TYPE, _TYPE_SET_ASIDE = b"content-type:", b"Content-Type-Set-Aside:"


class PromptReader(io.BufferedReader):
    """What a server sends. ``patience``: seconds in which a line, and all others that follow it before anything else is
    read, have to end from when it begins; None: any time.

    Raises socket.timeout for lines that take longer, and http.client.LineTooLong.
    """

    def __init__(self, raw: io.RawIOBase, patience: Optional[float], clock: Callable[[], float]) -> None:
        self._timed = _Timed(raw, patience, clock)
        self._is_in_head = False
        self._is_in_lines = False
        super().__init__(self._timed)

    def begin_head(self) -> None:
        """The lines until :meth:`end_head` are those of the header."""
        self._is_in_head = True
        self._timed.begin()

    def end_head(self) -> None:
        self._is_in_head = False
        self._end_lines()

    def give_back(self, rest: bytes) -> None:
        """What was read last, when nothing else is in the buffer, comes once more."""
        self._timed.give_back(rest)

    def readline(self, size: Optional[int] = -1, /) -> bytes:
        most = LONGEST_LINE + 1 if size is None or size < 0 else size
        if self._is_in_head:
            line = super().readline(most)
            return _TYPE_SET_ASIDE + line[len(_TYPE) :] if line[: len(_TYPE)].lower() == _TYPE else line
        if not self._is_in_lines:
            self._is_in_lines = True
            self._timed.begin()
        line = super().readline(most)
        if len(line) > LONGEST_LINE:
            raise http.client.LineTooLong("line between chunks")
        return line

    def read(self, size: Optional[int] = -1, /) -> bytes:
        self._end_lines()
        return super().read(size)

    def read1(self, size: int = -1, /) -> bytes:
        self._end_lines()
        return super().read1(size)

    def readinto(self, buffer: Any, /) -> int:
        self._end_lines()
        return super().readinto(buffer)

    def _end_lines(self) -> None:
        self._is_in_lines = False
        self._timed.end()


class _Timed(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, patience: Optional[float], clock: Callable[[], float]) -> None:
        self._raw = raw
        self._patience = patience
        self._clock = clock
        self._is_on = False
        self._since: Optional[float] = None
        self._given_back = b""

    def begin(self) -> None:
        """From the next byte on, which itself may take as long as the read time-out lets it."""
        self._is_on, self._since = self._patience is not None, None

    def end(self) -> None:
        self._is_on = False

    def give_back(self, rest: bytes) -> None:
        self._given_back = rest + self._given_back

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: Any, /) -> Optional[int]:
        if self._given_back:
            count: Optional[int] = min(len(buffer), len(self._given_back))
            buffer[:count], self._given_back = self._given_back[:count], self._given_back[count:]
        else:
            count = self._raw.readinto(buffer)
        if self._is_on:
            now = self._clock()
            if self._since is None:
                self._since = now
            elif self._patience is not None and now - self._since >= self._patience:
                raise socket.timeout("the lines did not end in time")  # which urllib3 knows before Python 3.10 too
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class PromptResponse(http.client.HTTPResponse):
    """Its header has to be there within the connection's read time-out from its first byte on.

    What parses it is meant for e-mail: it would look for the parts of a multipart message, which are not there yet, and
    for that compile an expression of each boundary. That takes longer than all the rest of a request, so that the
    type is shown to it under another name.
    """

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = many_records(self.fp.detach(), sock)
        self.fp = self._reader = PromptReader(raw, sock.gettimeout(), time.monotonic)
        self._rest = b""  # of what has arrived: the head of a chunk, as far as it has come

    def begin(self) -> None:
        self._reader.begin_head()
        try:
            super().begin()
        finally:
            self._reader.end_head()
        name, aside = (each.decode()[:-1] for each in (_TYPE.title(), _TYPE_SET_ASIDE))
        for media_type in self.headers.get_all(aside, ()):
            self.headers[name] = media_type
        del self.headers[aside]

    def read1(self, n: int = -1, /) -> bytes:
        """At most ``n`` bytes of the body, and waits for the first one only."""
        left = self.chunk_left if self.chunked else None  # None before the first chunk and after the last one too
        if left is not None and n >= io.DEFAULT_BUFFER_SIZE:
            content = self._chunks(n, left)
            if content:
                return content
        return super().read1(n)

    def _chunks(self, n: int, left: int) -> bytes:
        """The content of the chunks that are there; none when it needs http.client to say what comes next. ``n`` is so
        large that nothing stays in the reader's own buffer, before which it could not be given back."""
        arrived = self._rest + self._reader.read1(n)
        content, used, self.chunk_left = chunks_in(arrived, left)
        self._rest = arrived[used:]
        if self._rest and not (content and is_begun(self._rest)):
            self._reader.give_back(self._rest)
            self._rest = b""
        return b"".join(content)
