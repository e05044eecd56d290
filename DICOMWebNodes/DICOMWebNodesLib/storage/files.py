"""Settings on disk, read and written so that nothing is lost."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Callable, Optional

from ..text import Text
from .failures import unavailable, why


def read_settings(path: Path) -> Optional[bytes]:
    """What a settings file holds; None when there is none. Raises StoreUnavailable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unavailable(Text("cannot read {path}: {reason}", path=path, reason=why(error)), error) from error


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
        raise unavailable(Text("cannot write {path}: {reason}", path=path, reason=why(error)), error) from error


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
            raise unavailable(Text("cannot set aside {path}: {reason}", path=path, reason=why(error)), error) from error
        try:
            _replace(path, aside)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise unavailable(Text("cannot set aside {path}: {reason}", path=path, reason=why(error)), error) from error
        return aside


if sys.platform == "win32":

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
