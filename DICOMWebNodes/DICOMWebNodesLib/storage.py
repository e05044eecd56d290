"""Settings on disk: where they are, how they are written so that nothing is lost, who may write just now."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Callable, Mapping, Optional, Type

from .errors import StoreUnavailable
from .text import Text

RESOURCES = Path(__file__).resolve().parent.parent / "Resources"
"""What is installed beside the library: provider profiles, predefined nodes, templates."""


def settings_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder of this user's settings: ``$DICOMWEBNODES_HOME``, else the one that the platform prescribes."""
    if environ.get("DICOMWEBNODES_HOME"):
        return Path(environ["DICOMWEBNODES_HOME"]).expanduser()
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.path.expanduser("~"))
    if platform == "win32":
        parent = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        parent = home / "Library" / "Application Support"
    else:
        parent = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    return parent / "DICOMWebNodes"


def cache_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder for what can be had again: ``$DICOMWEBNODES_HOME/cache``, else where the platform wants it."""
    if environ.get("DICOMWEBNODES_HOME"):
        return settings_folder(environ, platform) / "cache"
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.path.expanduser("~"))
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "DICOMWebNodes" / "cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "DICOMWebNodes"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "DICOMWebNodes"


def read_settings(path: Path) -> Optional[bytes]:
    """What a settings file holds; None when there is none. Raises StoreUnavailable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unavailable(Text("cannot read {path}: {reason}", path=path, reason=_why(error)), error) from error


def write_atomically(
    path: Path, content: bytes, *, mode: int = 0o600, opener: Optional[Callable[[str, int], int]] = None
) -> None:
    """Put ``content`` in the place of the file, whole or not at all, and on the disk when this returns.

    Folders that are missing are made for this user only. A symbolic link stays one: its target is replaced.
    ``mode`` is what POSIX gives the new file; Windows lets in whom its folder does. An ``opener``, as :func:`open`
    wants it, makes the file in its own way. Raises StoreUnavailable; what was there before is then untouched.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{os.urandom(8).hex()}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write_new(temporary, content, opener or (lambda name, flags: os.open(name, flags, mode)))
            _replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise _unavailable(Text("cannot write {path}: {reason}", path=path, reason=_why(error)), error) from error


def set_aside(path: Path, clock: Callable[[], float] = time.time) -> Path:
    """Rename a damaged file to a name that nothing has yet, ``nodes.json.damaged-20260131T235959Z``; returns it.

    ``clock`` gives seconds since the epoch. To be called with the file's lock held. Raises StoreUnavailable.
    """
    stem = f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime(clock()))}"
    attempt = 1
    while True:
        aside = path.with_name(stem if attempt == 1 else f"{stem}-{attempt}")
        attempt += 1
        try:
            os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # the name is ours from here on
        except FileExistsError:
            continue
        except OSError as error:
            raise _unavailable(
                Text("cannot set aside {path}: {reason}", path=path, reason=_why(error)), error
            ) from error
        try:
            _replace(path, aside)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise _unavailable(
                Text("cannot set aside {path}: {reason}", path=path, reason=_why(error)), error
            ) from error
        return aside


class FileLock:
    """One writer at a time, among threads and processes; the system lets go when a process dies.

    The file named by ``path`` only carries the lock. It is never removed, because removing it would let two
    processes lock two files of the same name. Not reentrant. ``timeout`` in seconds, then StoreUnavailable.
    """

    def __init__(self, path: Path, timeout: float = 10.0) -> None:
        self._path = path
        self._timeout = timeout
        self._thread_lock = threading.Lock()
        self._descriptor = -1

    def __enter__(self) -> FileLock:
        deadline = time.monotonic() + self._timeout
        if not self._thread_lock.acquire(timeout=self._timeout):
            raise self._taken()
        try:
            self._descriptor = self._acquire(deadline)
        except BaseException:
            self._thread_lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        try:
            _unlock(descriptor)
        finally:
            os.close(descriptor)
            self._thread_lock.release()

    def _acquire(self, deadline: float) -> int:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unavailable(
                Text("cannot lock {path}: {reason}", path=self._path, reason=_why(error)), error
            ) from error
        pause = 0.001
        try:
            while not _try_lock(descriptor):
                if time.monotonic() >= deadline:
                    raise self._taken()
                time.sleep(pause)
                pause = min(pause * 2, 0.05)
        except OSError as error:
            os.close(descriptor)
            raise _unavailable(
                Text("cannot lock {path}: {reason}", path=self._path, reason=_why(error)), error
            ) from error
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _taken(self) -> StoreUnavailable:
        return StoreUnavailable(
            Text("another program has held {path} for {timeout} s", path=self._path, timeout=f"{self._timeout:g}"),
            next_step="Close the other Slicer or command line that is changing the settings, then try again.",
        )


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLOCK):
                return False
            raise
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

    def _replace(source: Path, target: Path) -> None:
        deadline = time.monotonic() + 2.0
        while not _replaced(source, target, give_up=time.monotonic() >= deadline):
            time.sleep(0.02)

    def _replaced(source: Path, target: Path, give_up: bool) -> bool:
        try:
            os.replace(source, target)
        except PermissionError:  # a virus scanner or a reader in another process may hold the target for a moment
            if give_up:
                raise
            return False
        return True

    def _sync_folder(folder: Path) -> None:
        """Windows has no way to sync a folder; NTFS journals the rename."""

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _replace(source: Path, target: Path) -> None:
        os.replace(source, target)

    def _sync_folder(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_new(path: Path, content: bytes, opener: Callable[[str, int], int]) -> None:
    with open(path, "xb", opener=opener) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _unavailable(cause: str, error: OSError) -> StoreUnavailable:
    if error.errno == errno.ENOSPC:
        next_step = Text("Free some space, then try again; what was there before is untouched.")
    else:
        next_step = Text("Check the path and the rights on it.")
    return StoreUnavailable(cause, next_step=next_step)
