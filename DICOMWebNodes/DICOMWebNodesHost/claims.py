"""Which transfers a living Slicer works on: others that have the same database open leave them alone.

What is claimed has a file with the name of a session in it, and the session has a lock for as long as it has a claim,
which the system takes away when the process ends, however it ends. One lock for all of them: a script starts a thousand
transfers at once, and a process may have only so many files open (256 in macOS).

The file of a claim goes with what the journal knows of the transfer, and not before: who removes it on letting go may
remove what another has just claimed.
"""

import contextlib
import hashlib
import os
import uuid
from pathlib import Path
from typing import Callable, Dict, Optional, Set

from DICOMWebNodesLib.errors import StoreUnavailable
from DICOMWebNodesLib.storage.file_lock import FileLock

_PATIENCE = 0.03  # seconds: another Slicer may be looking just now whether it is claimed
_NAME_AT = 1  # bytes from the beginning: the first is the one that is locked, and Windows lets nobody read it then
_NOBODY = "0" * len(uuid.uuid4().hex)


class Claim:
    """On one transfer, until it is released."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._release: Optional[Callable[[], None]] = release

    def release(self) -> None:
        """What is over may be taken up by any Slicer."""
        release, self._release = self._release, None
        if release is not None:
            release()


class Claims:
    """Those of one logic."""

    def __init__(self) -> None:
        self._sessions: Dict[Path, _Session] = {}  # by folder

    def claim(self, folder: Path, uid: str, patience: float = _PATIENCE) -> Optional[Claim]:
        """None: another one works on it, also after ``patience`` seconds. Where nothing can be locked, nobody is kept
        from anything."""
        path = _pathOf(folder, uid)
        session = self._sessions.get(folder) or _Session(folder)
        try:
            with FileLock(path, patience):
                if _isAlive(folder, _readName(path), patience):
                    return None
                session.begin()
                _writeName(path, session.name)
        except StoreUnavailable as error:
            if not isinstance(error.__cause__, OSError):
                return None
        self._sessions[folder] = session
        session.claimed.add(uid)
        return Claim(lambda: self._release(session, uid))

    def _release(self, session: "_Session", uid: str) -> None:
        session.claimed.discard(uid)
        _writeName(_pathOf(session.folder, uid), _NOBODY)
        if not session.claimed:
            self._sessions.pop(session.folder, None)
            session.end()


class _Session:
    """Of one logic in one folder, as long as it has a claim there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = uuid.uuid4().hex
        self.claimed: Set[str] = set()
        self._held = contextlib.ExitStack()
        self._hasBegun = False

    def begin(self) -> None:
        """Raises StoreUnavailable where nothing can be locked."""
        if not self._hasBegun:
            self._held.enter_context(FileLock(_lockOf(self.folder, self.name), 0.0))
            self._hasBegun = True

    def end(self) -> None:
        self._held.close()
        _remove(_lockOf(self.folder, self.name))


def isClaimed(folder: Path, uid: str) -> bool:
    """Whether a living Slicer works on it, also this one."""
    return _isAlive(folder, _readName(_pathOf(folder, uid)), patience=0.0)


def forget(folder: Path, uid: str) -> None:
    """There is nothing any more that could be claimed."""
    _remove(_pathOf(folder, uid))


def shortened(uid: str) -> str:
    """What stands for a transfer in the names of files."""
    return hashlib.sha256(uid.encode()).hexdigest()[:16]


def _isAlive(folder: Path, session: str, patience: float) -> bool:
    """What a dead one has left behind is removed: nobody takes its name again."""
    lock = _lockOf(folder, session)
    if not (session and os.path.exists(lock)):
        return False
    try:
        with FileLock(lock, patience):
            pass
    except StoreUnavailable as error:
        return not isinstance(error.__cause__, OSError)
    _remove(lock)
    return False


def _readName(path: Path) -> str:
    with contextlib.suppress(OSError, ValueError), open(path, "rb", buffering=0) as file:
        file.seek(_NAME_AT)
        return uuid.UUID(file.read(len(_NOBODY)).decode("ascii")).hex
    return ""


def _writeName(path: Path, name: str) -> None:
    with contextlib.suppress(OSError), open(path, "r+b", buffering=0) as file:
        file.seek(_NAME_AT)
        file.write(name.encode("ascii"))


def _pathOf(folder: Path, uid: str) -> Path:
    return folder / f"running-{shortened(uid)}.lock"


def _lockOf(folder: Path, session: str) -> Path:
    return folder / f"session-{session}.lock"


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.remove(path)
