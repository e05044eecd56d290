"""Paths that Windows takes although they are long.

Three UIDs of 64 characters and a folder make more than the 260 that Windows lets a path have by default. Two things
are done about it: this program opens such files in the extended-length form, which has no such limit; and where other
programs, Slicer's own readers among them, would not find a file by its plain name, its study has a shorter folder.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

IS_WINDOWS = os.name == "nt"
# MAX_PATH without the null at its end.
LONGEST = 259
# A folder leaves room for a name of the old form, 8 and 3 characters, in it.
_LONGEST_FOLDER = 247
_EXTENDED, _DEVICE, _UNC = "\\\\?\\", "\\\\.\\", "\\\\"


def openable(path: str) -> str:
    """``path`` as it can be opened, renamed and removed here, however long it is."""
    if not IS_WINDOWS or len(path) <= _LONGEST_FOLDER:
        return path
    return extended_length(os.path.abspath(path))


def extended_length(path: str) -> str:
    """The extended-length form of an absolute, normalised path of Windows."""
    if path.startswith((_EXTENDED, _DEVICE)):
        return path
    if path.startswith(_UNC):
        return f"{_EXTENDED}UNC\\{path[len(_UNC) :]}"
    return _EXTENDED + path


def short_study_name(study_instance_uid: str) -> str:
    """The name of a study's folder where its UID would be too long: always the same, and never a UID."""
    return "study-" + hashlib.sha256(study_instance_uid.encode()).hexdigest()[:16]


def fits(root: Path, study_instance_uid: str, series_instance_uid: str, longest: int) -> bool:
    """Whether every file of the series has a path of ``longest`` characters at most, whatever its instance's UID."""
    return len(str(root)) + len(f"/{study_instance_uid}/{series_instance_uid}/") + 64 + len(".dcm") <= longest
