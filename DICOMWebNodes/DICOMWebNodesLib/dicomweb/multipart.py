"""Reading multipart bodies (RFC 2046 section 5.1, PS3.18 section 8.6.1.2) without I/O and without copies.

Chunks of any size go in, the heads of the parts and slices of their payload come out. What servers really send
is read as it is meant:

- The boundary in the HTTP header differs from the body's: the body's first delimiter line counts.
- Further parts stand behind a closing delimiter, with the same boundary or another.
- Lines end with a line feed alone; text stands before, between and behind the parts; parts are empty.
- A part's Content-Length is wrong, huge or missing (:mod:`.multipart_payload`).
"""

from __future__ import annotations

import re
from typing import Iterator, List, Optional, Tuple, Union

from ..errors import LimitExceeded, MalformedMultipart, ProtocolError, TruncatedMultipart
from ..text import Text
from .arrival import Arrival, EndOfBody, Waiting
from .multipart_events import PartEnded, PartEvent, PartStarted
from .multipart_head import content_length, header_fields
from .multipart_payload import AFTER_BOUNDARY, Parsing, PayloadReader

_ENDED = PartEnded()

LONGEST_BOUNDARY = 250  # RFC 2046 allows 70 characters
_LONGEST_LINE = LONGEST_BOUNDARY + 80
_ANY_DELIMITER = re.compile(rb"(--[!-~](?:[ -~]{0,%d}[!-~])?)[ \t]{0,64}\r?\n?" % (LONGEST_BOUNDARY - 2))
_HEADER_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")


class MultipartParser:
    """One body. ``boundary`` is what the HTTP header says, None when it says nothing.

    ``whole_parts`` counts the parts that came out to their end. A part's head may have ``max_header_bytes``, and
    as much may stand before the first part. Memory: one chunk, one head, and up to 1 MiB that is held back.

    >>> from DICOMWebNodesLib.dicomweb.multipart_events import Payload
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
        self._payloads = PayloadReader(self._body, b"--" + boundary if boundary else b"")
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
        if self._payloads.closed:
            return
        if self._foreign and not self._payloads.delimiters:
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

    def _parse(self) -> Parsing[None]:
        try:
            while True:
                yield from self._pass_over()
                while not self._payloads.closed:
                    if not self._has_the_same_head():
                        yield from self._read_head()
                    yield self._started
                    yield from self._payloads.of_part(self._length)
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
            if passed > self._max_header_bytes and not self._payloads.delimiters:
                raise MalformedMultipart(
                    Text("no boundary stands in the first {passed:,} bytes of the answer", passed=passed)
                )

    def _take_delimiter_line(self, line: bytes) -> Waiting[bool]:
        payloads, dashes = self._payloads, self._payloads.dashes
        if not (dashes and line.startswith(dashes) and AFTER_BOUNDARY.match(line, len(dashes))):
            foreign = _ANY_DELIMITER.fullmatch(line)
            if foreign is None:
                return False
            dashes = foreign.group(1)
            if not (yield from self._header_field_follows()):
                # it may close an empty multipart of another boundary
                payloads.closed = payloads.closed or (dashes.endswith(b"--") and bool(dashes.strip(b"-")))
                return False
        payloads.expect(dashes, line)
        if payloads.closed:
            self._body.at -= len(line) - len(dashes) - 2  # another delimiter may stand in the same line
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
            if line.startswith(self._payloads.dashes) and AFTER_BOUNDARY.match(line, len(self._payloads.dashes)):
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
