"""Which instance a DICOM file is, from its first bytes (PS3.10 section 7), without I/O and without reading more.

The elements are stepped over, down to the Series Instance UID; nothing is decoded but the UIDs.
"""

from __future__ import annotations

import zlib
from typing import Dict, List, NamedTuple, Optional

from ..errors import MalformedInstance
from ..text import Text
from .part10_elements import ELSEWHERE, EXPLICIT_LITTLE, UNDEFINED, Bytes, Step, collect, encoding_of
from .uid import is_uid

HEAD_LIMIT = 1024 * 1024
"""With so many bytes (or more) and still no series, what is known is returned."""

PREFIX_AT = 128
META_AT = 132
# Data sets that are compressed as a whole (PS3.5 annex A.5, and the two deflated forms of JPIP).
_DEFLATED = {"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"}
_SOP_CLASS, _SOP_INSTANCE, TRANSFER_SYNTAX = 0x00020002, 0x00020003, 0x00020010
_END_OF_META = 0x0002FFFF
_META_UIDS = frozenset({_SOP_CLASS, _SOP_INSTANCE, TRANSFER_SYNTAX})
_DATA_SOP_INSTANCE, _STUDY, _SERIES = 0x00080018, 0x0020000D, 0x0020000E
_DATA_UIDS = frozenset({_DATA_SOP_INSTANCE, _STUDY, _SERIES})
ALL_UIDS = (_SOP_CLASS, TRANSFER_SYNTAX, _DATA_SOP_INSTANCE, _STUDY, _SERIES)  # in the order of a file


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
    return read_walked(head, whole, [])


def ends_with_a_value(content: Bytes) -> bool:
    """Whether the file ends exactly where the value of its last element does.

    False says nothing: of what is deflated, or has no lengths, :mod:`.whole_file` knows, in ten times the time.
    """
    walked: List[Step] = []
    try:
        meta, at = collect(content, META_AT, EXPLICIT_LITTLE, _META_UIDS, _END_OF_META, walked)
        syntax = meta.get(TRANSFER_SYNTAX, "")
        if at is None or syntax in _DEFLATED:
            return False
        collect(content, at, encoding_of(content, at, syntax), frozenset(), UNDEFINED, walked)
    except MalformedInstance:
        return False
    return bool(walked) and walked[-1][3] == len(content)


def read_walked(head: Bytes, whole: bool, walked: List[Step]) -> Optional[Identity]:
    """:func:`read_identity`, whose steps ``walked`` gets."""
    last = whole or len(head) >= HEAD_LIMIT
    _check_prefix(bytes(head[PREFIX_AT:META_AT]), last)
    meta, at = collect(head, META_AT, EXPLICIT_LITTLE, _META_UIDS, _END_OF_META, walked)
    if at is None and not last:
        return None
    syntax = _checked(meta.get(TRANSFER_SYNTAX, ""), "Transfer Syntax UID")
    found: Dict[int, str] = {}
    if at is not None:
        if syntax in _DEFLATED:
            head, at = _inflated(head[at:]), 0
            walked.append(ELSEWHERE)
            last = last or len(head) >= HEAD_LIMIT
        found, at = collect(head, at, encoding_of(head, at, syntax), _DATA_UIDS, _SERIES, walked)
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


def _check_prefix(seen: bytes, last: bool) -> None:
    if seen != b"DICM" and (last or not b"DICM".startswith(seen)):
        raise MalformedInstance("it is no DICOM file: “DICM” does not stand behind its preamble")


def _checked(uid: str, name: str) -> str:
    if not is_uid(uid):
        raise MalformedInstance(Text("its {name} is {uid!r}", name=name, uid=uid[:64]))
    return uid


def _inflated(deflated: Bytes) -> bytes:
    """The beginning of a data set that is compressed as a whole; :data:`HEAD_LIMIT` bytes at most."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(deflated, HEAD_LIMIT)
    except zlib.error:
        raise MalformedInstance("its deflated data set is damaged") from None
