"""Which instances the files of a series are, which are mostly laid out alike: one comparison instead of a walk."""

from __future__ import annotations

import struct
from typing import Callable, List, Optional, Sequence, Tuple

from .part10 import ALL_UIDS, META_AT, PREFIX_AT, TRANSFER_SYNTAX, Identity, read_walked
from .part10_elements import ELSEWHERE, Bytes, Step, text_of
from .uid import is_uid

_NOWHERE = (0, 0)
_MOST_LAYOUTS = 4


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
        walked: List[Step] = []
        identity = read_walked(head, whole, walked)
        if identity is not None and len(self._layouts) < _MOST_LAYOUTS:
            layout_found = _Layout.of(head, walked)
            if layout_found is not None:
                self._layouts.append(layout_found)
        return identity


class _Layout:
    """Where everything stands in the head of one file."""

    def __init__(self, head: Bytes, fixed: Sequence[Tuple[int, int]], uids: Sequence[Tuple[int, int]]) -> None:
        self._fixed = _pieces(fixed)
        self._expected = self._fixed(head)
        self._uids = _pieces(uids)
        # The UIDs that the file before shares with its series, as bytes and as text.
        self._before: Tuple[Tuple[bytes, ...], Tuple[str, ...]] = ((), ())

    @classmethod
    def of(cls, head: Bytes, walked: Sequence[Step]) -> Optional[_Layout]:
        """None for a file whose headers do not tell all of it, or that has not all UIDs where they should be."""
        values = {tag: (start, end) for tag, _, start, end in walked}
        uids = [values.get(tag, _NOWHERE) for tag in ALL_UIDS]
        if ELSEWHERE in walked or _NOWHERE in uids or uids != sorted(uids) or uids[-1][1] > len(head):
            return None
        headers = [(start, value_at) for _, start, value_at, _ in walked]
        fixed = sorted([(PREFIX_AT, META_AT), *headers, values[TRANSFER_SYNTAX]])
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
            texts = tuple(map(text_of, shared))
            if not all(map(is_uid, texts[1:])):
                return None
            self._before = shared, texts
        sop_instance_uid = text_of(instance)
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
