"""Rows of a search, kept so that ten thousand of them cost the window nothing."""

import json
from collections.abc import Sequence as AbstractSequence
from typing import Any, Mapping, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes

_newest: Tuple[str, Mapping[str, Any]] = ("", {})


class Row(Attributes):
    """Attributes of a row of DICOM JSON, ``text``, which is read when they are looked at.

    Read, a row is dozens of dicts and lists. Python's garbage collector goes through all of Slicer's many objects each
    time that their number has grown by a quarter, and holds the window for that long. It does not count texts.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __reduce__(self) -> Tuple[Any, ...]:
        """For copies and other processes."""
        return type(self), (self._text,)

    @property
    def raw(self) -> Mapping[str, Any]:
        """The one that was looked at last stays read: its columns are read one after the other."""
        global _newest
        if _newest[0] is not self._text:
            _newest = (self._text, json.loads(self._text))
        return _newest[1]


class FoundRow(Row):
    """``node``: uid of the node that gave it."""

    __slots__ = ("node",)

    def __init__(self, text: str, node: str) -> None:
        super().__init__(text)
        self.node = node

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self._text, self.node)


class FoundRows(AbstractSequence):  # type: ignore[type-arg]
    """What the node ``node`` (uid) gave, row by row; a row is an object only while somebody looks at it."""

    def __init__(self, texts: Sequence[str], node: str) -> None:
        self.node = node
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return FoundRows(self._texts[index], self.node)
        return FoundRow(self._texts[index], self.node)
