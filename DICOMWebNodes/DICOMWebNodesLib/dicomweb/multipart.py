"""Reading multipart bodies (RFC 2046 section 5.1, PS3.18 section 8.6.1.2) without I/O and without copies.

Chunks of any size go in, the heads of the parts and slices of their payload come out. What servers really send
is read as it is meant:

- The boundary in the HTTP header differs from the body's: the body's first delimiter line counts.
- Further parts stand behind a closing delimiter, with the same boundary or another.
- Lines end with a line feed alone; text stands before, between and behind the parts; parts are empty.
- A part's Content-Length is wrong, huge or missing. It is no more than a hint, and settles one question only:
  whether a delimiter that comes earlier than it says is payload. That is so when another one stands exactly where
  it says. To skip the search on its word would win nothing: the search runs at several times the speed of any
  network, and what has been handed out unsearched could not be taken back when the hint proves to be wrong.
"""

from __future__ import annotations

import re
from typing import Generator, Iterator, List, Optional, Sequence, Tuple, TypeVar, Union

from ..errors import LimitExceeded, MalformedMultipart, ProtocolError, TruncatedMultipart
from ..text import Text
from .arrival import Arrival, EndOfBody, Waiting
from .multipart_events import PartEnded, PartEvent, PartStarted, Payload
from .multipart_head import content_length, header_fields

_ENDED = PartEnded()
_Result = TypeVar("_Result")
_Parsing = Generator[Optional[PartEvent], None, _Result]

LONGEST_BOUNDARY = 250  # RFC 2046 allows 70 characters
_LONGEST_LINE = LONGEST_BOUNDARY + 80
# A delimiter that comes earlier than the part's Content-Length says is held back for so many bytes at most, until
# it is known which of the two is right; beyond that the delimiter is.
_HELD_BACK = 1024 * 1024
# What makes a boundary a delimiter: "--" closes, the end of the line (with a little white space before) opens.
_AFTER = re.compile(rb"--|[ \t]{0,64}\r?\n")
_AFTER_SO_FAR = re.compile(rb"-?|[ \t]{0,64}\r?")
_LONGEST_AFTER = 66
_ANY_DELIMITER = re.compile(rb"(--[!-~](?:[ -~]{0,%d}[!-~])?)[ \t]{0,64}\r?\n?" % (LONGEST_BOUNDARY - 2))
_LINE_END = re.compile(rb"[\r\n]")
_HEADER_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")


class MultipartParser:
    """One body. ``boundary`` is what the HTTP header says, None when it says nothing.

    ``whole_parts`` counts the parts that came out to their end. A part's head may have ``max_header_bytes``, and
    as much may stand before the first part. Memory: one chunk, one head, and up to 1 MiB that is held back.

    >>> parser = MultipartParser(b"b")
    >>> for chunk in (b"--b\\r\\nContent-Type: text/plain\\r\\n\\r\\nHel", b"lo\\r\\n--b--"):
    ...     for event in parser.feed(chunk):
    ...         print(bytes(event.data) if isinstance(event, Payload) else event)
    PartStarted(headers={'content-type': 'text/plain'})
    b'Hel'
    b'lo'
    PartEnded()
    >>> parser.close()
    ()
    """

    def __init__(self, boundary: Optional[bytes], *, max_header_bytes: int = 64 * 1024) -> None:
        self.whole_parts = 0
        self._max_header_bytes = max_header_bytes
        self._body = Arrival()
        self._dashes = b"--" + boundary if boundary else b""
        self._delimiters: Tuple[bytes, ...] = ()  # with the line end before them, which belongs to them
        self._closed = False
        self._foreign = False  # something else than parts came first
        self._head = b""  # of the part before, to its empty line: the next one has mostly the same
        self._started = PartStarted({})
        self._length: Optional[int] = None  # as its Content-Length says
        self._parsing = self._parse()

    def feed(self, data: Union[bytes, bytearray, memoryview]) -> Iterator[PartEvent]:
        """Take the next chunk; the iterator gives what it brings, as far as it is iterated.

        While it is iterated, it raises MalformedMultipart for a head or a body that cannot be read, and
        LimitExceeded for a head that is too large.
        """
        self._body.add(data)
        return self._events()

    def close(self) -> Tuple[PartEvent, ...]:
        """The body has ended: gives the events that were held back until this was known (often none).

        Raises TruncatedMultipart when the closing delimiter has not been seen, MalformedMultipart for a body
        without any delimiter.
        """
        whole_parts = self.whole_parts
        self._body.end()
        try:
            held_back = tuple(self._events())
            self._check_end(whole_parts)
        except ProtocolError:
            self.whole_parts = whole_parts  # what was held back did not come out
            raise
        return held_back

    def _check_end(self, whole_parts: int) -> None:
        if self._closed:
            return
        if self._foreign and not self._delimiters:
            raise MalformedMultipart("the answer has no parts: no boundary stands in it")
        if not whole_parts:
            told = Text("the answer ends before its closing delimiter, without any whole part")
        elif whole_parts == 1:
            told = Text("the answer ends before its closing delimiter, behind 1 whole part")
        else:
            told = Text("the answer ends before its closing delimiter, behind {count} whole parts", count=whole_parts)
        raise TruncatedMultipart(told, whole_parts=whole_parts)

    def _events(self) -> Iterator[PartEvent]:
        return iter(self._parsing.__next__, None)

    def _parse(self) -> _Parsing[None]:
        try:
            while True:
                yield from self._pass_over()
                while not self._closed:
                    if not self._has_the_same_head():
                        yield from self._read_head()
                    yield self._started
                    yield from self._payload(self._length)
                    self.whole_parts += 1
                    yield _ENDED
        except EndOfBody:
            return

    # --- between the parts --------------------------------------------------------------------------------------

    def _pass_over(self) -> Waiting[None]:
        """Everything up to the next delimiter line, and this one too."""
        passed = 0
        at_line_start = True
        while True:
            line = yield from self._body.line(_LONGEST_LINE)
            if at_line_start and line.startswith(b"--") and (yield from self._take_delimiter_line(line)):
                return
            at_line_start = line.endswith(b"\n")
            self._foreign = self._foreign or not (line.isspace() or line.startswith(b"-"))
            passed += len(line)
            if passed > self._max_header_bytes and not self._delimiters:
                raise MalformedMultipart(
                    Text("no boundary stands in the first {passed:,} bytes of the answer", passed=passed)
                )

    def _take_delimiter_line(self, line: bytes) -> Waiting[bool]:
        expected = self._dashes and line.startswith(self._dashes) and _AFTER.match(line, len(self._dashes))
        if not expected:
            foreign = _ANY_DELIMITER.fullmatch(line)
            if foreign is None:
                return False
            dashes = foreign.group(1)
            if not (yield from self._header_field_follows()):
                # it may close an empty multipart of another boundary
                self._closed = self._closed or (dashes.endswith(b"--") and bool(dashes.strip(b"-")))
                return False
            self._dashes = dashes
        self._closed = line.startswith(b"--", len(self._dashes))
        if self._closed:
            self._body.at -= len(line) - len(self._dashes) - 2  # another delimiter may stand in the same line
        with_line_feed_alone = line.endswith(b"\n") and not line.endswith(b"\r\n")
        self._delimiters = (b"\r\n" + self._dashes, b"\n" + self._dashes)[: 1 + with_line_feed_alone]
        return True

    def _header_field_follows(self) -> Waiting[bool]:
        """What proves that a line of another boundary than the expected one is meant as a delimiter."""
        try:
            line = yield from self._body.line(_LONGEST_LINE)
        except EndOfBody:
            return False
        self._body.at -= len(line)
        return _HEADER_FIELD.match(line) is not None

    # --- a part -------------------------------------------------------------------------------------------------

    def _has_the_same_head(self) -> bool:
        """As the part before, which is then read already."""
        if not (self._head and self._body.buffer.startswith(self._head, self._body.at)):
            return False
        self._body.at += len(self._head)
        return True

    def _read_head(self) -> Waiting[None]:
        lines: List[bytes] = []
        room = self._max_header_bytes
        while True:
            line = yield from self._body.line(room + 2)
            if line in (b"\r\n", b"\n"):
                self._head = b"".join((*lines, line))
                break
            if len(line) > room:
                raise LimitExceeded(
                    Text(
                        "the head of part {part} is larger than {limit:,} bytes",
                        part=self.whole_parts + 1,
                        limit=self._max_header_bytes,
                    )
                )
            if line.startswith(self._dashes) and _AFTER.match(line, len(self._dashes)):
                self._body.at -= len(line)  # a part without even the empty line
                self._head = b""
                break
            if not line.endswith(b"\n"):
                raise EndOfBody
            room -= len(line)
            lines.append(line)
        headers = header_fields(lines, self.whole_parts + 1)
        self._started = PartStarted(headers)
        self._length = content_length(headers)

    def _payload(self, length: Optional[int]) -> _Parsing[None]:
        """Slices up to the part's delimiter, and over it. ``length`` is what Content-Length hints at."""
        body = self._body
        if not self._is_clearly_payload() and (yield from self._ends_here((self._dashes,), length)):
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
            elif (yield from self._ends_here(self._delimiters, length)):
                return
            else:
                searched = 1

    def _is_clearly_payload(self) -> bool:
        """What is nearly always so: enough bytes are there, and they do not begin a delimiter."""
        buffer, at = self._body.buffer, self._body.at
        return len(buffer) - at >= len(self._dashes) and not buffer.startswith(self._dashes, at)

    def _where_it_should_be(self, length: Optional[int]) -> int:
        """The position of a delimiter that stands where the hint says; -1: it does not, or that is not here yet."""
        if not length or length > _HELD_BACK or len(self._delimiters) > 1:
            return -1
        buffer, at, delimiter = self._body.buffer, self._body.at + length, self._delimiters[0]
        if buffer.startswith(delimiter, at) and _AFTER.match(buffer, at + len(delimiter)):
            return at
        return -1

    def _find_delimiter(self, searched: int) -> int:
        buffer, start = self._body.buffer, self._body.at + searched
        found = buffer.find(self._delimiters[-1], start)
        # where a line feed alone may end a line, a carriage return before it still belongs to the line end
        both = len(self._delimiters) > 1 and found > start and buffer.startswith(b"\r", found - 1)
        return found - both

    def _undecided(self) -> int:
        """From where on the buffer may hold the beginning of a delimiter."""
        buffer = self._body.buffer
        start = max(self._body.at, len(buffer) - len(self._delimiters[0]) + 1)
        for line_end in _LINE_END.finditer(buffer, start):
            tail = buffer[line_end.start() :]
            if any(delimiter.startswith(tail) for delimiter in self._delimiters):
                return line_end.start()
        return len(buffer)

    def _ends_here(self, delimiters: Sequence[bytes], length: Optional[int]) -> Waiting[bool]:
        """Read the delimiter if one stands next and ``length``, the hint, does not prove it to be payload."""
        size = yield from self._delimiter_size(delimiters, 0)
        if not size or (length and 0 < length <= _HELD_BACK and (yield from self._hint_holds(length))):
            return False
        self._body.at += size
        self._closed = self._body.buffer.startswith(b"--", self._body.at - 2)
        return True

    def _hint_holds(self, length: int) -> Waiting[bool]:
        try:
            yield from self._body.gather(length + len(self._delimiters[0]) + 2)
            return (yield from self._delimiter_size(self._delimiters, length)) > 0
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
                    after = _AFTER.match(seen, len(delimiter))
                    if after:
                        return after.end()
                    unfinished = unfinished or _AFTER_SO_FAR.fullmatch(seen, len(delimiter)) is not None
                elif delimiter.startswith(seen):
                    unfinished = True
            if not unfinished:
                return 0
            yield from body.more()
