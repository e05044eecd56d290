"""Which transfers a living Slicer works on: others that have the same database open leave them alone.

Each is claimed by a lock, which the system takes away when the process ends, however it ends.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Optional

from DICOMWebNodesLib.errors import StoreUnavailable
from DICOMWebNodesLib.storage.file_lock import FileLock

_PATIENCE = 0.2  # seconds: another Slicer may be looking just now whether it is claimed


class Claim:
    """On one transfer, until it is released."""

    def __init__(self, path: Path, held: contextlib.ExitStack) -> None:
        self._path = path
        self._held = held
        self._isHeld = True

    def release(self) -> None:
        """What is over may be taken up by any Slicer."""
        if self._isHeld:
            self._isHeld = False
            self._held.close()
            with contextlib.suppress(OSError):
                os.remove(self._path)


def claim(folder: Path, uid: str, patience: float = _PATIENCE) -> Optional[Claim]:
    """None: another Slicer works on it. Where nothing can be locked, nobody is kept from anything."""
    path = _pathOf(folder, uid)
    held = contextlib.ExitStack()
    try:
        held.enter_context(FileLock(path, patience))
    except StoreUnavailable as error:
        if not isinstance(error.__cause__, OSError):
            return None
    return Claim(path, held)


def isClaimed(folder: Path, uid: str) -> bool:
    """Whether a living Slicer works on it, also this one."""
    if not _pathOf(folder, uid).exists():
        return False
    found = claim(folder, uid, patience=0.0)
    if found is not None:  # what a Slicer left that crashed
        found.release()
    return found is None


def _pathOf(folder: Path, uid: str) -> Path:
    return folder / f"running-{hashlib.sha256(uid.encode()).hexdigest()[:16]}.lock"
