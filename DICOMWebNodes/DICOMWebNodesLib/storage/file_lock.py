"""Who may write just now, among threads and processes."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Optional, Type

from ..errors import StoreUnavailable
from ..text import Text
from .failures import unavailable, why


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
            raise unavailable(
                Text("cannot lock {path}: {reason}", path=self._path, reason=why(error)), error
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
            raise unavailable(
                Text("cannot lock {path}: {reason}", path=self._path, reason=why(error)), error
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
