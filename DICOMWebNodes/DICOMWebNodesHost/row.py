"""Rows of a search, kept so that ten thousand of them cost the window nothing."""

import marshal
from typing import Any, Mapping, Tuple

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes

_newest: Tuple[bytes, Mapping[str, Any]] = (b"", {})


class Row(Attributes):
    """Attributes that are packed into one ``bytes``, and unpacked when they are looked at.

    A row is dozens of dicts and lists. Python's garbage collector goes through all of them, and Slicer's many, each
    time that their number has grown by a quarter, and holds the window for that long.
    """

    __slots__ = ("_packed",)

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._packed = marshal.dumps(raw)

    @property
    def raw(self) -> Mapping[str, Any]:
        """The one that was looked at last stays unpacked: its columns are read one after the other."""
        global _newest
        if _newest[0] is not self._packed:
            _newest = (self._packed, marshal.loads(self._packed))  # noqa: S302 - packed above, in this process
        return _newest[1]
