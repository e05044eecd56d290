"""The elements of a data set, stepped over without decoding them (PS3.5 section 7), without I/O.

It runs once for every instance of a transfer, between two writes to disk: hence one loop, and integers instead of
objects.
"""

from __future__ import annotations

import re
import struct
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Tuple, Union

from ..errors import MalformedInstance

_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_VALUE_REPRESENTATION = re.compile(rb"[A-Z]{2}")
_ITEM_GROUP, _ITEM = 0xFFFE, 0xE000
UNDEFINED = 0xFFFFFFFF
_LONGEST_UID_VALUE = 1024  # some are padded beyond the 64 characters that they may have
# Value representations whose length has four bytes (PS3.5 section 7.1.2).
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})

Step = Tuple[int, int, int, int]
"""A tag, where its element begins, where its value begins and where that ends."""
ELSEWHERE: Step = (-1, 0, 0, 0)  # in a walk: what comes next depends on more than the headers of elements
Bytes = Union[bytes, bytearray, memoryview]
_Unpack = Callable[[Bytes, int], Tuple[Any, ...]]


class Encoding(NamedTuple):
    """How the header of an element is laid out (PS3.5 section 7.1)."""

    explicit: bool
    header: _Unpack
    item: _Unpack  # items have no value representation
    length: _Unpack


def _laid_out(byte_order: str, explicit: bool) -> Encoding:
    item = struct.Struct(byte_order + "HHI").unpack_from
    header = struct.Struct(byte_order + "HH2sH").unpack_from if explicit else item
    return Encoding(explicit, header, item, struct.Struct(byte_order + "I").unpack_from)


EXPLICIT_LITTLE = _laid_out("<", explicit=True)
_EXPLICIT_BIG = _laid_out(">", explicit=True)
_IMPLICIT_LITTLE = _laid_out("<", explicit=False)


def encoding_of(head: Bytes, at: int, transfer_syntax_uid: str) -> Encoding:
    """By the first element: files whose transfer syntax says another value representation than they have exist."""
    if not _VALUE_REPRESENTATION.fullmatch(bytes(head[at + 4 : at + 6])):
        return _IMPLICIT_LITTLE
    return _EXPLICIT_BIG if transfer_syntax_uid == _BIG_ENDIAN else EXPLICIT_LITTLE


def collect(
    head: Bytes, at: int, encoding: Encoding, wanted: FrozenSet[int], last: int, walked: List[Step]
) -> Tuple[Dict[int, str], Optional[int]]:
    """The UIDs among ``wanted``, and where the first element behind ``last`` begins: None when the head ends before.

    ``walked`` gets each element. They stand in ascending order (PS3.5 section 7.1), so that nothing behind ``last``
    need be looked at.
    """
    found: Dict[int, str] = {}
    explicit, header, _, long_length = encoding
    end = len(head)
    try:
        while True:
            if explicit:
                group, element, vr, length = header(head, at)
                value_at = at + 8
                if vr in _LONG:
                    (length,) = long_length(head, value_at)
                    value_at += 4
            else:
                group, element, length = header(head, at)
                value_at, vr = at + 8, b""
            tag = group << 16 | element
            if tag > last:
                return found, at
            if length == UNDEFINED:
                at = _behind_items(head, value_at, encoding if vr != b"UN" else _IMPLICIT_LITTLE)
                walked.append(ELSEWHERE)
                continue
            walked.append((tag, at, value_at, value_at + length))
            at = value_at + length
            if tag in wanted:
                if at > end:
                    return found, None
                found[tag] = text_of(head[value_at:at])
                if tag == last:
                    return found, at
    except struct.error:
        return found, None


def _behind_items(head: Bytes, at: int, encoding: Encoding) -> int:
    """The position behind a value of undefined length: items up to their delimiter (PS3.5 section 7.5).

    Raises struct.error when the head ends before. Whatever is nested in whatever, it is a loop.
    """
    around = [encoding]  # of each sequence and item of undefined length that is open
    while around:
        encoding = around[-1]
        group, element, length = encoding.item(head, at)
        at += 8
        if group == _ITEM_GROUP and element != _ITEM:
            around.pop()  # a delimiter, of an item or of a sequence
            continue
        if group != _ITEM_GROUP and encoding.explicit:
            _, _, vr, length = encoding.header(head, at - 8)
            if vr in _LONG:
                (length,) = encoding.length(head, at)
                at += 4
            if vr == b"UN":
                encoding = _IMPLICIT_LITTLE  # PS3.5 section 6.2.2, note 2
        if length == UNDEFINED:
            around.append(encoding)
        else:
            at += length
    return at


def text_of(value: Bytes) -> str:
    if len(value) > _LONGEST_UID_VALUE:
        raise MalformedInstance("one of its UIDs is longer than a kilobyte")
    return bytes(value).rstrip(b"\0 ").decode("latin-1")
