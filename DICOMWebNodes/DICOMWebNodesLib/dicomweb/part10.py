"""Which instance a DICOM file is, from its first bytes (PS3.10 section 7), without I/O and without reading more.

The elements are stepped over, down to the Series Instance UID; nothing is decoded but the UIDs. It runs once for
every instance of a transfer, between two writes to disk: hence one loop, and integers instead of objects.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple, Union

from ..errors import MalformedInstance
from ..text import Text
from .uid import is_uid

HEAD_LIMIT = 1024 * 1024
"""With so many bytes (or more) and still no series, what is known is returned."""

_PREFIX_AT = 128
_META_AT = 132
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
# Data sets that are compressed as a whole (PS3.5 annex A.5, and the two deflated forms of JPIP).
_DEFLATED = {"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"}
_SOP_CLASS, _SOP_INSTANCE, _TRANSFER_SYNTAX = 0x00020002, 0x00020003, 0x00020010
_END_OF_META = 0x0002FFFF
_META_UIDS = frozenset({_SOP_CLASS, _SOP_INSTANCE, _TRANSFER_SYNTAX})
_DATA_SOP_INSTANCE, _STUDY, _SERIES = 0x00080018, 0x0020000D, 0x0020000E
_DATA_UIDS = frozenset({_DATA_SOP_INSTANCE, _STUDY, _SERIES})
_ALL_UIDS = (_SOP_CLASS, _TRANSFER_SYNTAX, _DATA_SOP_INSTANCE, _STUDY, _SERIES)  # in the order of a file
_ITEM_GROUP, _ITEM = 0xFFFE, 0xE000
_UNDEFINED = 0xFFFFFFFF
_LONGEST_UID_VALUE = 1024  # some are padded beyond the 64 characters that they may have
# Value representations whose length has four bytes (PS3.5 section 7.1.2).
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})

_Step = Tuple[int, int, int, int]
_ELSEWHERE: _Step = (-1, 0, 0, 0)  # in a walk: what comes next depends on more than the headers of elements
_NOWHERE = (0, 0)
_MOST_LAYOUTS = 4

_CAPITALS = re.compile(rb"[A-Z]{2}")

Bytes = Union[bytes, bytearray, memoryview]
_Unpack = Callable[[Bytes, int], Tuple[Any, ...]]


class Identity(NamedTuple):
    """The UIDs of one instance; study and series are "" where the data set does not tell them early."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    study_instance_uid: str = ""
    series_instance_uid: str = ""


def read_identity(head: Bytes, *, whole: bool = False) -> Optional[Identity]:
    """Who the file says it is; None when more bytes are needed to know. ``whole``: there are no more.

    Raises :class:`~..errors.MalformedInstance` for what is no Part 10 file, or has UIDs that are none.
    """
    return _read(head, whole, [])


def ends_with_a_value(content: Bytes) -> bool:
    """Whether the file ends exactly where the value of its last element does.

    False says nothing: of what is deflated, or has no lengths, :mod:`.whole_file` knows, in ten times the time.
    """
    walked: List[_Step] = []
    try:
        meta, at = _collect(content, _META_AT, _EXPLICIT_LITTLE, _META_UIDS, _END_OF_META, walked)
        syntax = meta.get(_TRANSFER_SYNTAX, "")
        if at is None or syntax in _DEFLATED:
            return False
        _collect(content, at, _encoding(content, at, syntax), frozenset(), _UNDEFINED, walked)
    except MalformedInstance:
        return False
    return bool(walked) and walked[-1][3] == len(content)


class IdentityReader:
    """:func:`read_identity` for many files that are laid out alike, as those of a series mostly are.

    Where every element's header up to the Series Instance UID is the same as in a file before, the UIDs stand where
    they stood there: one comparison takes the place of the walk, and most of what an identity costs goes.
    """

    def __init__(self) -> None:
        self._layouts: List[_Layout] = []

    def read(self, head: Bytes, *, whole: bool = False) -> Optional[Identity]:
        """As :func:`read_identity`, with the same errors."""
        for layout in self._layouts:
            identity = layout.identity_of(head)
            if identity is not None:
                return identity
        walked: List[_Step] = []
        identity = _read(head, whole, walked)
        if identity is not None and len(self._layouts) < _MOST_LAYOUTS:
            layout_found = _Layout.of(head, walked)
            if layout_found is not None:
                self._layouts.append(layout_found)
        return identity


def _read(head: Bytes, whole: bool, walked: List[_Step]) -> Optional[Identity]:
    last = whole or len(head) >= HEAD_LIMIT
    _check_prefix(bytes(head[_PREFIX_AT:_META_AT]), last)
    meta, at = _collect(head, _META_AT, _EXPLICIT_LITTLE, _META_UIDS, _END_OF_META, walked)
    if at is None and not last:
        return None
    syntax = _checked(meta.get(_TRANSFER_SYNTAX, ""), "Transfer Syntax UID")
    found: Dict[int, str] = {}
    if at is not None:
        if syntax in _DEFLATED:
            head, at = _inflated(head[at:]), 0
            walked.append(_ELSEWHERE)
            last = last or len(head) >= HEAD_LIMIT
        found, at = _collect(head, at, _encoding(head, at, syntax), _DATA_UIDS, _SERIES, walked)
        if at is None and not last:
            return None
    # Files that were anonymised often kept the old UID in the file meta information: the data set counts, as it
    # does for every database that indexes the file.
    instance = found.get(_DATA_SOP_INSTANCE) or meta.get(_SOP_INSTANCE, "")
    study, series = found.get(_STUDY, ""), found.get(_SERIES, "")
    return Identity(
        meta.get(_SOP_CLASS, ""),
        _checked(instance, "SOP Instance UID"),
        syntax,
        study and _checked(study, "Study Instance UID"),
        series and _checked(series, "Series Instance UID"),
    )


class _Layout:
    """Where everything stands in the head of one file."""

    def __init__(self, head: Bytes, fixed: Sequence[Tuple[int, int]], uids: Sequence[Tuple[int, int]]) -> None:
        self._fixed = _pieces(fixed)
        self._expected = self._fixed(head)
        self._uids = _pieces(uids)
        # The UIDs that the file before shares with its series, as bytes and as text.
        self._before: Tuple[Tuple[bytes, ...], Tuple[str, ...]] = ((), ())

    @classmethod
    def of(cls, head: Bytes, walked: Sequence[_Step]) -> Optional[_Layout]:
        """None for a file whose headers do not tell all of it, or that has not all UIDs where they should be."""
        values = {tag: (start, end) for tag, _, start, end in walked}
        uids = [values.get(tag, _NOWHERE) for tag in _ALL_UIDS]
        if _ELSEWHERE in walked or _NOWHERE in uids or uids != sorted(uids) or uids[-1][1] > len(head):
            return None
        headers = [(start, value_at) for _, start, value_at, _ in walked]
        fixed = sorted([(_PREFIX_AT, _META_AT), *headers, values[_TRANSFER_SYNTAX]])
        return cls(head, fixed, uids)

    def identity_of(self, head: Bytes) -> Optional[Identity]:
        """None for a file that is laid out in another way, or has another fault."""
        try:
            if self._fixed(head) != self._expected:
                return None
            sop_class, syntax, instance, study, series = self._uids(head)
        except struct.error:  # it is shorter
            return None
        shared = (sop_class, syntax, study, series)
        before, texts = self._before  # at once: another thread may write it
        if shared != before:
            texts = tuple(map(_text, shared))
            if not all(map(is_uid, texts[1:])):
                return None
            self._before = shared, texts
        sop_instance_uid = _text(instance)
        if not is_uid(sop_instance_uid):
            return None
        return Identity(texts[0], sop_instance_uid, *texts[1:])


def _pieces(of: Sequence[Tuple[int, int]]) -> Callable[[Bytes], Tuple[bytes, ...]]:
    """What takes these ranges, in ascending order, out of a buffer in one call."""
    layout, at = "<", 0
    for start, end in of:
        layout += f"{start - at}x{end - start}s"
        at = end
    return struct.Struct(layout).unpack_from


def _check_prefix(seen: bytes, last: bool) -> None:
    if seen != b"DICM" and (last or not b"DICM".startswith(seen)):
        raise MalformedInstance("it is no DICOM file: “DICM” does not stand behind its preamble")


def _checked(uid: str, name: str) -> str:
    if not is_uid(uid):
        raise MalformedInstance(Text("its {name} is {uid!r}", name=name, uid=uid[:64]))
    return uid


class _Encoding(NamedTuple):
    """How the header of an element is laid out (PS3.5 section 7.1)."""

    explicit: bool
    header: _Unpack
    item: _Unpack  # items have no value representation
    length: _Unpack


def _laid_out(byte_order: str, explicit: bool) -> _Encoding:
    item = struct.Struct(byte_order + "HHI").unpack_from
    header = struct.Struct(byte_order + "HH2sH").unpack_from if explicit else item
    return _Encoding(explicit, header, item, struct.Struct(byte_order + "I").unpack_from)


_EXPLICIT_LITTLE = _laid_out("<", explicit=True)
_EXPLICIT_BIG = _laid_out(">", explicit=True)
_IMPLICIT_LITTLE = _laid_out("<", explicit=False)


def _encoding(head: Bytes, at: int, transfer_syntax_uid: str) -> _Encoding:
    """By the first element: files whose transfer syntax says another value representation than they have exist."""
    if not _CAPITALS.fullmatch(bytes(head[at + 4 : at + 6])):
        return _IMPLICIT_LITTLE
    return _EXPLICIT_BIG if transfer_syntax_uid == _BIG_ENDIAN else _EXPLICIT_LITTLE


def _inflated(deflated: Bytes) -> bytes:
    """The beginning of a data set that is compressed as a whole; :data:`HEAD_LIMIT` bytes at most."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(deflated, HEAD_LIMIT)
    except zlib.error:
        raise MalformedInstance("its deflated data set is damaged") from None


def _collect(
    head: Bytes, at: int, encoding: _Encoding, wanted: FrozenSet[int], last: int, walked: List[_Step]
) -> Tuple[Dict[int, str], Optional[int]]:
    """The UIDs among ``wanted``, and where the first element behind ``last`` begins: None when the head ends before.

    ``walked`` gets the tag, the beginning, the beginning of the value and the end of each element. Elements stand in
    ascending order (PS3.5 section 7.1), so that nothing behind ``last`` need be looked at.
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
            if length == _UNDEFINED:
                at = _behind_items(head, value_at, encoding if vr != b"UN" else _IMPLICIT_LITTLE)
                walked.append(_ELSEWHERE)
                continue
            walked.append((tag, at, value_at, value_at + length))
            at = value_at + length
            if tag in wanted:
                if at > end:
                    return found, None
                found[tag] = _text(head[value_at:at])
                if tag == last:
                    return found, at
    except struct.error:
        return found, None


def _behind_items(head: Bytes, at: int, encoding: _Encoding) -> int:
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
        if length == _UNDEFINED:
            around.append(encoding)
        else:
            at += length
    return at


def _text(value: Bytes) -> str:
    if len(value) > _LONGEST_UID_VALUE:
        raise MalformedInstance("one of its UIDs is longer than a kilobyte")
    return bytes(value).rstrip(b"\0 ").decode("latin-1")
