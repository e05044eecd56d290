"""Whether a DICOM file came to its end, from its own structure (PS3.10 section 7, PS3.5 section 7), as it passes by.

For answers whose end nothing else proves: a bare instance with neither Content-Length nor chunks looks the same
whether the server finished or broke down, and so does a part without its length. Only the headers of elements are
looked at; values are stepped over.
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import BinaryIO, Generator, Optional, Tuple, Union

from .part10 import ends_with_a_value

_TRANSFER_SYNTAX = 0x00020010
_IMPLICIT = "1.2.840.10008.1.2"
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
_SEQUENCE, _AN_ITEM = 0, 1
# Deeper than that no data set is nested, and it is not followed.
_DEEPEST = 1 << 16
_READ = 64 * 1024
# Value representations whose length has four bytes (PS3.5 section 7.1.2).
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})

# What the walk asks for: so many bytes to see (positive) or to step over (negative).
_Walk = Generator[int, bytes, None]
_Header = Tuple[int, int]


def is_whole(content: Union[bytes, memoryview]) -> bool:
    """Whether the file could end with these bytes, which are all of it."""
    if ends_with_a_value(content):
        return True
    file = WholeFile()
    file.feed(content)
    return file.ends_here


def is_whole_file(file: BinaryIO) -> bool:
    """The same of an open file, whose long values are not read."""
    whole = WholeFile()
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left:
        passed = whole.step_over(left)
        file.seek(passed, os.SEEK_CUR)
        data = file.read(_READ)
        whole.feed(data)
        left -= passed + len(data)
    return whole.ends_here


class WholeFile:
    """Fed with the bytes of one file, it knows whether they could end here."""

    def __init__(self) -> None:
        self._walk = self._file()
        self._seen = bytearray()
        self._wanted = next(self._walk)
        self._at_boundary = False
        self._inflating: Optional[zlib._Decompress] = None
        self._readable = True

    def feed(self, data: Union[bytes, memoryview]) -> None:
        view = memoryview(data)
        while len(view) and self._readable:
            if self._inflating is not None:
                self._inflate(view)
                return
            size = min(len(view), abs(self._wanted) - len(self._seen) if self._wanted > 0 else -self._wanted)
            self._pass(view[:size])
            view = view[size:]

    def step_over(self, most: int) -> int:
        """How many of the next bytes, ``most`` at most, are of no interest: they are as good as fed."""
        count = min(most, -self._wanted) if self._wanted < 0 and self._readable and self._inflating is None else 0
        if count:
            self._step(count)
        return count

    @property
    def ends_here(self) -> bool:
        """True between two elements of the data set; also when it is built in a way that cannot be followed."""
        if self._inflating is not None:
            return self._inflating.eof
        return not self._readable or (self._at_boundary and not self._seen)

    def _pass(self, piece: memoryview) -> None:
        if self._wanted < 0:
            self._step(len(piece))
        else:
            self._seen += piece
            if len(self._seen) == self._wanted:
                seen, self._seen = bytes(self._seen), bytearray()
                self._send(seen)

    def _step(self, count: int) -> None:
        self._wanted += count
        if not self._wanted:
            self._send(b"")

    def _send(self, seen: bytes) -> None:
        try:
            self._wanted = self._walk.send(seen)
            while self._wanted == 0:
                self._wanted = self._walk.send(b"")
        except (StopIteration, _TooDeep):
            self._readable = self._inflating is not None

    def _inflate(self, view: memoryview) -> None:
        assert self._inflating is not None
        try:
            rest = bytes(view)
            while rest and not self._inflating.eof:
                self._inflating.decompress(rest, 1 << 20)
                rest = self._inflating.unconsumed_tail
        except zlib.error:
            self._inflating = zlib.decompressobj()  # one that never ends

    # --- the walk ---------------------------------------------------------------------------------------------------

    def _file(self) -> _Walk:
        yield -132
        syntax = ""
        elements = _Elements("")
        while True:
            tag, length = header = yield from elements.header()
            if tag >> 16 != 2:
                break
            value = (yield length) if length and tag == _TRANSFER_SYNTAX else b""
            syntax = value.decode("latin-1").rstrip("\0 ") if value else syntax
            if not value:
                yield -length
        if syntax == _DEFLATED:
            self._inflating = zlib.decompressobj(-zlib.MAX_WBITS)
            self._inflate(memoryview(elements.last))
            return
        data_set = _Elements(syntax)
        header = yield from data_set.reread(elements.last)
        while True:
            yield from data_set.value(*header)
            self._at_boundary = True
            first = yield 4
            self._at_boundary = False
            header = yield from data_set.reread(first)


class _TooDeep(Exception):
    """Sequences in sequences without an end."""


class _Elements:
    """Headers and values in one transfer syntax. ``last``: the bytes of the last header."""

    def __init__(self, syntax: str) -> None:
        order = ">" if syntax == _BIG_ENDIAN else "<"
        self._tag = struct.Struct(order + "HH").unpack
        self._short = struct.Struct(order + "H").unpack
        self._long = struct.Struct(order + "I").unpack
        self._implicit = syntax == _IMPLICIT
        self.last = b""

    def header(self) -> Generator[int, bytes, _Header]:
        """Tag and length of the element that comes next."""
        return (yield from self.reread((yield 4)))

    def reread(self, start: bytes) -> Generator[int, bytes, _Header]:
        """The header that begins with bytes that have been seen already."""
        while len(start) < 8:
            start += yield 8 - len(start)
        self.last = start
        group, element = self._tag(start[:4])
        tag = group << 16 | element
        if self._implicit or group == 0xFFFE:
            return tag, self._long(start[4:8])[0]
        if start[4:6] not in _LONG:
            return tag, self._short(start[6:8])[0]
        self.last += yield 4
        return tag, self._long(self.last[8:12])[0]

    def value(self, tag: int, length: int) -> _Walk:
        """Step over a value; items and fragments up to their delimiter when it has no length of its own."""
        if length != _UNDEFINED:
            yield -length
            return
        around = bytearray((_SEQUENCE,))  # what is open, each of undefined length
        while around:
            tag, length = yield from self.header()
            if tag == (_SEQUENCE_END if around[-1] == _SEQUENCE else _ITEM_END):
                around.pop()
            elif length != _UNDEFINED or (around[-1] == _SEQUENCE and tag != _ITEM):
                yield -length
            elif len(around) == _DEEPEST:
                raise _TooDeep
            else:
                around.append(_SEQUENCE if around[-1] == _AN_ITEM else _AN_ITEM)
