"""Which instance a DICOM file is, from its first bytes (PS3.10 section 7), without I/O and without reading more.

Only the headers of the elements are stepped over, down to the Series Instance UID; nothing is decoded but five UIDs.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Callable, Dict, Optional, Tuple, Union

from ..errors import MalformedInstance
from .uid import is_uid

HEAD_LIMIT = 1024 * 1024
"""With so many bytes (or more) and still no series, what is known is returned."""

_PREFIX_AT = 128
_META_AT = 132
_IMPLICIT_LITTLE = "1.2.840.10008.1.2"
_EXPLICIT_BIG = "1.2.840.10008.1.2.2"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_SOP_CLASS, _SOP_INSTANCE, _TRANSFER_SYNTAX = 0x00020002, 0x00020003, 0x00020010
_DATA_SOP_INSTANCE, _STUDY, _SERIES = 0x00080018, 0x0020000D, 0x0020000E
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
# Value representations whose length has four bytes (PS3.5 section 7.1.2).
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})

Bytes = Union[bytes, bytearray, memoryview]


@dataclass(frozen=True)
class Identity:
    """The UIDs of one instance; study and series are "" where the data set does not tell them early, or is deflated."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    study_instance_uid: str = ""
    series_instance_uid: str = ""


class _MoreNeeded(Exception):
    """The head ends before what is looked for."""


def read_identity(head: Bytes) -> Optional[Identity]:
    """Who the file says it is; None when more bytes are needed to know.

    Raises :class:`~..errors.MalformedInstance` for what is no Part 10 file, or has UIDs that are none.
    """
    if len(head) < _META_AT:
        _check_prefix(bytes(head[_PREFIX_AT:]))
        return None
    _check_prefix(bytes(head[_PREFIX_AT:_META_AT]))
    try:
        meta, start = _meta(head)
    except _MoreNeeded:
        if len(head) >= HEAD_LIMIT:
            raise MalformedInstance("its file meta information has no end") from None
        return None
    syntax = _uid(meta.get(_TRANSFER_SYNTAX, ""), "Transfer Syntax UID")
    found: Dict[int, str] = {}
    if syntax != _DEFLATED:
        try:
            _Elements(head, syntax).collect(start, found)
        except _MoreNeeded:
            if len(head) < HEAD_LIMIT:
                return None
    # Files that were anonymised often kept the old UID in the file meta information: the data set counts, as it
    # does for every database that indexes the file.
    instance = _uid(found.get(_DATA_SOP_INSTANCE) or meta.get(_SOP_INSTANCE, ""), "SOP Instance UID")
    return Identity(meta.get(_SOP_CLASS, ""), instance, syntax, found.get(_STUDY, ""), found.get(_SERIES, ""))


def _check_prefix(seen: bytes) -> None:
    if not b"DICM".startswith(seen):
        raise MalformedInstance("it is no DICOM file: “DICM” does not stand behind its preamble")


def _meta(head: Bytes) -> Tuple[Dict[int, str], int]:
    """The UIDs of group 0002 (always Explicit VR Little Endian), and where the data set begins."""
    elements = _Elements(head, "")
    found: Dict[int, str] = {}
    at = _META_AT
    while True:
        tag, value_at, length = elements.element(at)
        if tag >> 16 != 2:
            return found, at
        if tag in (_SOP_CLASS, _SOP_INSTANCE, _TRANSFER_SYNTAX):
            found[tag] = elements.text(value_at, length)
        at = value_at + length


def _uid(uid: str, name: str) -> str:
    if not is_uid(uid):
        raise MalformedInstance(f"its {name} is {uid[:64]!r}")
    return uid


class _Elements:
    """Steps over the elements of a data set that may be cut off anywhere."""

    def __init__(self, head: Bytes, transfer_syntax_uid: str) -> None:
        order = ">" if transfer_syntax_uid == _EXPLICIT_BIG else "<"
        self._head = head
        self._explicit = struct.Struct(order + "HH2sH").unpack_from
        self._implicit = struct.Struct(order + "HHI").unpack_from
        self._length = struct.Struct(order + "I").unpack_from
        self.element: Callable[[int], Tuple[int, int, int]] = (
            self._implicit_element if transfer_syntax_uid == _IMPLICIT_LITTLE else self._explicit_element
        )

    def collect(self, at: int, found: Dict[int, str]) -> None:
        """The UIDs down to the series, into ``found`` as they come."""
        while True:
            tag, value_at, length = self.element(at)
            if tag > _SERIES:
                return
            if tag in (_DATA_SOP_INSTANCE, _STUDY, _SERIES):
                found[tag] = _uid(self.text(value_at, length), f"UID ({tag >> 16:04X},{tag & 0xFFFF:04X})")
                if tag == _SERIES:
                    return
            at = self._behind(value_at, length, 0)

    def text(self, at: int, length: int) -> str:
        if length == _UNDEFINED or length > 1024:
            raise MalformedInstance("one of its UIDs is longer than a kilobyte")
        if at + length > len(self._head):
            raise _MoreNeeded
        return bytes(self._head[at : at + length]).rstrip(b"\0 ").decode("latin-1")

    def _explicit_element(self, at: int) -> Tuple[int, int, int]:
        """Tag, where the value begins, how long it is (:data:`_UNDEFINED` for items to their delimiter)."""
        try:
            group, element, vr, length = self._explicit(self._head, at)
            if vr not in _LONG:
                return group << 16 | element, at + 8, length
            return group << 16 | element, at + 12, self._length(self._head, at + 8)[0]
        except struct.error:
            raise _MoreNeeded from None

    def _implicit_element(self, at: int) -> Tuple[int, int, int]:
        try:
            group, element, length = self._implicit(self._head, at)
        except struct.error:
            raise _MoreNeeded from None
        return group << 16 | element, at + 8, length

    def _behind(self, at: int, length: int, depth: int) -> int:
        """The position behind a value; those of undefined length are items that end with a delimiter."""
        if length != _UNDEFINED:
            return at + length
        if depth > 32:
            raise MalformedInstance("its sequences are nested too deeply")
        while True:
            tag, at, length = self._implicit_element(at)  # items have no value representation
            if tag == _SEQUENCE_END:
                return at
            if tag != _ITEM:
                raise MalformedInstance("a sequence has something else than items in it")
            at = self._behind_item(at, depth) if length == _UNDEFINED else at + length

    def _behind_item(self, at: int, depth: int) -> int:
        while True:
            tag, value_at, length = self._implicit_element(at)
            if tag == _ITEM_END:
                return value_at
            tag, value_at, length = self.element(at)
            at = self._behind(value_at, length, depth + 1)
