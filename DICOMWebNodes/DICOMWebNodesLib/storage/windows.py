"""The functions of Windows that Python does not offer: what all their callers share."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

if sys.platform != "win32":
    raise ImportError("these are functions of Windows")

import msvcrt
from ctypes import wintypes

WRITE, DELETE = 0x40000000, 0x10000  # access: GENERIC_WRITE, DELETE
SHARE_READ, SHARE_ALL = 0x1, 0x7
_CREATE_NEW, _NORMAL = 1, 0x80
_INVALID_HANDLE = ctypes.c_void_p(-1).value
_KINDS = {"p": ctypes.c_void_p, "d": wintypes.DWORD, "w": wintypes.LPCWSTR, "b": wintypes.BOOL}

advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)


def function(library: Any, name: str, arguments: str, result: str = "b") -> Any:
    """Typed with a letter for each argument and for the result: p a pointer or handle, d a number, w text, b truth."""
    found = getattr(library, name)
    found.argtypes, found.restype = [_KINDS[kind] for kind in arguments], _KINDS[result]
    return found


_create_file = function(kernel32, "CreateFileW", "wddpddp", "p")


def last_error() -> OSError:
    return ctypes.WinError(ctypes.get_last_error())


def succeed(succeeded: int) -> None:
    """Raises the last error as OSError where a function says that it failed."""
    if not succeeded:
        raise last_error()


def create_file(path: str, access: int, share: int, flags: int, security: Any = None) -> int:
    """The descriptor of a new file. ``share``: what others may open it for meanwhile; ``flags``: those of os.open."""
    handle = _create_file(path, access, share, security, _CREATE_NEW, _NORMAL, None)
    if handle == _INVALID_HANDLE:
        raise last_error()
    return msvcrt.open_osfhandle(handle, flags)
