"""A file on its way is its writer's alone until it has its final name, and one whose writer is gone can be told.

POSIX has locks for that. On Windows nobody else can remove or rename a file that its writer has open.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import Optional

# Bytes. For more at once ext4 looks for larger pieces of memory, which takes three times as long when it is full.
_AT_ONCE = 256 * 1024


def write_all(descriptor: int, content: memoryview) -> None:
    size = len(content)
    # In one call what is small, and so without pieces of it.
    written = os.write(descriptor, content) if size <= _AT_ONCE else 0
    while written < size:
        written += os.write(descriptor, content[written : written + _AT_ONCE])


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    from ..storage.windows import DELETE, SHARE_READ, WRITE, create_file, function, kernel32, succeed

    _FILE_RENAME_INFO = 3
    _set_information = function(kernel32, "SetFileInformationByHandle", "pdpd")

    def create(path: str) -> Optional[int]:
        return create_file(path, WRITE | DELETE, SHARE_READ, os.O_BINARY | os.O_NOINHERIT)

    def rename_and_close(descriptor: int, path: str, target: str) -> None:
        # Renamed while it is open: once it is closed, somebody who tidies up may remove it.
        try:
            info = _rename_info(target)
            handle = msvcrt.get_osfhandle(descriptor)
            succeed(_set_information(handle, _FILE_RENAME_INFO, ctypes.byref(info), ctypes.sizeof(info)))
        finally:
            os.close(descriptor)

    def write_and_rename(path: str, target: str, content: memoryview) -> None:
        """A file whose content is all here; when it cannot be, nothing stays."""
        descriptor = create(path)
        if descriptor is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        try:
            write_all(descriptor, content)
        except BaseException:
            os.close(descriptor)
            remove_if_abandoned(path)
            raise
        try:
            rename_and_close(descriptor, path, target)
        except BaseException:
            remove_if_abandoned(path)
            raise

    def _rename_info(target: str) -> ctypes.Structure:
        class Info(ctypes.Structure):
            """FILE_RENAME_INFO"""

            _fields_ = (
                ("replace", wintypes.DWORD),
                ("folder", wintypes.HANDLE),
                ("length", wintypes.DWORD),  # of the name, in bytes, without the null at its end
                ("name", ctypes.c_wchar * (len(target) + 1)),
            )

        return Info(True, None, len(target.encode("utf-16-le")), target)

    def remove_if_abandoned(path: str) -> None:
        with contextlib.suppress(OSError):
            os.unlink(path)

else:
    import fcntl

    _NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL

    def create(path: str) -> Optional[int]:
        """The descriptor of a new file; None: somebody who tidies up took it for abandoned before it was locked."""
        descriptor = os.open(path, _NEW, 0o666)
        if _lock(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor
        with contextlib.suppress(OSError):
            os.close(descriptor)
        with contextlib.suppress(OSError):
            os.unlink(path)
        return None

    def rename_and_close(descriptor: int, path: str, target: str) -> None:
        """Give the file its final name; a file of that name is replaced. It is closed also when that fails."""
        try:
            # A lock ends with the last descriptor, and what is not locked may be taken for abandoned.
            lock = os.dup(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        try:
            os.close(descriptor)  # first: what a network disk could not write, it tells here
            os.replace(path, target)
        finally:
            os.close(lock)

    def write_and_rename(path: str, target: str, content: memoryview) -> None:
        """A file whose content is all here; when it cannot be, nothing stays.

        For so short a time it needs no lock, which takes longer than the writing: should somebody take it for
        abandoned, this raises FileNotFoundError.
        """
        descriptor = os.open(path, _NEW, 0o666)
        try:
            try:
                write_all(descriptor, content)
            finally:
                os.close(descriptor)
            os.replace(path, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise

    def remove_if_abandoned(path: str) -> None:
        """Remove the file if nobody writes it."""
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(path)
            finally:
                os.close(descriptor)

    def _lock(descriptor: int) -> bool:
        """Whether nobody else holds it; where there are no locks, nobody removes anything either."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True
