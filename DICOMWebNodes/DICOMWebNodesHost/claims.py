"""Which transfers a living Slicer works on: others that have the same database open leave them alone.

Each is claimed by a lock, which the system takes away when the process ends, however it ends. Its file goes with what
the journal knows of the transfer, and not before: who removes it on letting go may remove what another has just locked.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Optional

from DICOMWebNodesLib.errors import StoreUnavailable
from DICOMWebNodesLib.storage.file_lock import FileLock

_PATIENCE = 0.03  # seconds: another Slicer may be looking just now whether it is claimed


class Claim:
    """On one transfer, until it is released."""

    def __init__(self, held: contextlib.ExitStack) -> None:
        self._held = held

    def release(self) -> None:
        """What is over may be taken up by any Slicer."""
        self._held.close()


def claim(folder: Path, uid: str, patience: float = _PATIENCE) -> Optional[Claim]:
    """None: another Slicer works on it. Where nothing can be locked, nobody is kept from anything."""
    held = contextlib.ExitStack()
    try:
        held.enter_context(FileLock(_pathOf(folder, uid), patience))
    except StoreUnavailable as error:
        if not isinstance(error.__cause__, OSError):
            return None
    return Claim(held)


def isClaimed(folder: Path, uid: str) -> bool:
    """Whether a living Slicer works on it, also this one."""
    if not _pathOf(folder, uid).exists():
        return False
    found = claim(folder, uid, patience=0.0)
    if found is not None:
        found.release()
    return found is None


def forget(folder: Path, uid: str) -> None:
    """There is nothing any more that could be claimed."""
    with contextlib.suppress(OSError):
        os.remove(_pathOf(folder, uid))


def shortened(uid: str) -> str:
    """What stands for a transfer in the names of files."""
    return hashlib.sha256(uid.encode()).hexdigest()[:16]


def _pathOf(folder: Path, uid: str) -> Path:
    return folder / f"running-{shortened(uid)}.lock"
