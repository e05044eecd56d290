"""The payload of one part of a multipart body: everything up to the delimiter that is meant as one.

A part's Content-Length is wrong, huge or missing. It is no more than a hint, and settles one question only: whether a
delimiter that comes earlier than it says is payload. That is so when another one stands exactly where it says. To skip
the search on its word would win nothing: the search runs at several times the speed of any network, and what has been
handed out unsearched could not be taken back when the hint proves to be wrong.
"""

from __future__ import annotations

import re
from typing import Generator, Optional, Sequence, Tuple, TypeVar

from .arrival import Arrival, EndOfBody, Waiting
from .multipart_events import PartEvent, Payload

_Result = TypeVar("_Result")
Parsing = Generator[Optional[PartEvent], None, _Result]

# What makes a boundary a delimiter: "--" closes, the end of the line (with a little white space before) opens.
AFTER_BOUNDARY = re.compile(rb"--|[ \t]{0,64}\r?\n")
_AFTER_SO_FAR = re.compile(rb"-?|[ \t]{0,64}\r?")
_LONGEST_AFTER = 66
_LINE_END = re.compile(rb"[\r\n]")
# A delimiter that comes earlier than the part's Content-Length says is held back for so many bytes at most, until
# it is known which of the two is right; beyond that the delimiter is.
_HELD_BACK = 1024 * 1024


class PayloadReader:
    """Reads one part's payload after another, with the delimiters behind them, from ``body``.

    ``dashes``: two of them and the boundary, b"" while none is known; ``delimiters``: these with the line ends that
    stand before them and belong to them, as the body writes them; ``closed``: the last one closes the body.
    """

    def __init__(self, body: Arrival, dashes: bytes) -> None:
        self.dashes = dashes
        self.delimiters: Tuple[bytes, ...] = ()
        self.closed = False
        self._body = body

    def expect(self, dashes: bytes, line: bytes) -> None:
        """``line`` is a delimiter line of the body: further ones are like it."""
        self.dashes = dashes
        self.closed = line.startswith(b"--", len(dashes))
        with_line_feed_alone = line.endswith(b"\n") and not line.endswith(b"\r\n")
        self.delimiters = (b"\r\n" + dashes, b"\n" + dashes)[: 1 + with_line_feed_alone]

    def of_part(self, length: Optional[int]) -> Parsing[None]:
        """Slices up to the part's delimiter, and over it. ``length`` is what Content-Length hints at."""
        body = self._body
        if not self._is_clearly_payload() and (yield from self._ends_here((self.dashes,), length)):
            return  # the empty line before the payload is also the line end of the delimiter
        searched = 0
        while True:
            buffer, at = body.buffer, body.at
            found = self._where_it_should_be(length) if not searched else -1
            if found < 0:
                found = self._find_delimiter(searched)
            stop = self._undecided() if found < 0 else found
            if stop > at:
                body.at = stop
                length = length - (stop - at) if length else None
                yield Payload(memoryview(buffer)[at:stop])
            if found < 0:
                yield from body.more()
                searched = 0
            elif (yield from self._ends_here(self.delimiters, length)):
                return
            else:
                searched = 1

    def _is_clearly_payload(self) -> bool:
        """What is nearly always so: enough bytes are there, and they do not begin a delimiter."""
        buffer, at = self._body.buffer, self._body.at
        return len(buffer) - at >= len(self.dashes) and not buffer.startswith(self.dashes, at)

    def _where_it_should_be(self, length: Optional[int]) -> int:
        """The position of a delimiter that stands where the hint says; -1: it does not, or that is not here yet."""
        if not length or length > _HELD_BACK or len(self.delimiters) > 1:
            return -1
        buffer, at, delimiter = self._body.buffer, self._body.at + length, self.delimiters[0]
        if buffer.startswith(delimiter, at) and AFTER_BOUNDARY.match(buffer, at + len(delimiter)):
            return at
        return -1

    def _find_delimiter(self, searched: int) -> int:
        buffer, start = self._body.buffer, self._body.at + searched
        found = buffer.find(self.delimiters[-1], start)
        # where a line feed alone may end a line, a carriage return before it still belongs to the line end
        both = len(self.delimiters) > 1 and found > start and buffer.startswith(b"\r", found - 1)
        return found - both

    def _undecided(self) -> int:
        """From where on the buffer may hold the beginning of a delimiter."""
        buffer = self._body.buffer
        start = max(self._body.at, len(buffer) - len(self.delimiters[0]) + 1)
        for line_end in _LINE_END.finditer(buffer, start):
            tail = buffer[line_end.start() :]
            if any(delimiter.startswith(tail) for delimiter in self.delimiters):
                return line_end.start()
        return len(buffer)

    def _ends_here(self, delimiters: Sequence[bytes], length: Optional[int]) -> Waiting[bool]:
        """Read the delimiter if one stands next and ``length``, the hint, does not prove it to be payload."""
        size = yield from self._delimiter_size(delimiters, 0)
        if not size or (length and 0 < length <= _HELD_BACK and (yield from self._hint_holds(length))):
            return False
        self._body.at += size
        self.closed = self._body.buffer.startswith(b"--", self._body.at - 2)
        return True

    def _hint_holds(self, length: int) -> Waiting[bool]:
        try:
            yield from self._body.gather(length + len(self.delimiters[0]) + 2)
            return (yield from self._delimiter_size(self.delimiters, length)) > 0
        except EndOfBody:
            return False

    def _delimiter_size(self, delimiters: Sequence[bytes], offset: int) -> Waiting[int]:
        """The size of the delimiter that stands ``offset`` bytes further, with what makes it one; 0 for none."""
        body = self._body
        while True:
            start = body.at + offset
            seen = body.buffer[start : start + len(delimiters[0]) + _LONGEST_AFTER]
            unfinished = False
            for delimiter in delimiters:
                if seen.startswith(delimiter):
                    after = AFTER_BOUNDARY.match(seen, len(delimiter))
                    if after:
                        return after.end()
                    unfinished = unfinished or _AFTER_SO_FAR.fullmatch(seen, len(delimiter)) is not None
                elif delimiter.startswith(seen):
                    unfinished = True
            if not unfinished:
                return 0
            yield from body.more()
