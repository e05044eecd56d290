"""Files and folders that nobody but their owner can open, on Windows: its own security functions, no other program.

A thing gets its list of access entries when it is made, so that there is no moment in which others could open it. The
list is protected: what the folder above allows does not come down to it.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from ..text import Text
from .file_access import EVERYONE, AccessEntry, FileAccess, Openness, strangers

if sys.platform != "win32":
    raise ImportError("these are functions of Windows")

from ctypes import byref, wintypes

from ..storage.windows import SHARE_ALL, WRITE, advapi32, create_file, function, kernel32, last_error, succeed

_TOKEN_QUERY, _TOKEN_USER = 0x8, 1
_FILE_OBJECT = 1  # SE_FILE_OBJECT
_OWNER, _LIST, _PROTECTED = 0x1, 0x4, 0x80000000  # SECURITY_INFORMATION
_SDDL_REVISION = 1
_INHERIT_ONLY = 0x8
_ALLOWS, _DENIES = (0, 9), (1, 6, 10, 12)  # types of entries: plain or with a condition; and those for objects


class AccessLists(FileAccess):
    """One entry, which allows everything to the user of this process."""

    def close_folder(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _only(user_of_this_process(), "OICI") as descriptor:  # what is made in it later inherits that
            if not _make_folder(str(folder), byref(_SecurityAttributes.of(descriptor))):
                error = last_error()
                if not isinstance(error, FileExistsError):
                    raise error
                succeed(_set_security(str(folder), _LIST | _PROTECTED, descriptor))
        openness = self.openness(folder)
        if openness is not None:  # a disk without access lists, or somebody else's folder
            raise PermissionError(f"it {openness.what}")

    def open_new(self, path: str, flags: int) -> int:
        with _only(user_of_this_process(), "") as descriptor:
            security = byref(_SecurityAttributes.of(descriptor))
            return create_file(path, WRITE, SHARE_ALL, flags, security)

    def openness(self, path: Path) -> Optional[Openness]:
        me = user_of_this_process()
        owner, entries = owner_and_entries(path)
        others = strangers(me, owner, entries)
        if not others:
            return None
        if owner in others:
            return Openness(
                Text("belongs to {owner}, who can open it", owner=_name_of(owner)),
                Text("Move it elsewhere, and choose a file anew"),
            )
        removed = " ".join(f'"*{sid}"' for sid in others)
        return Openness(
            Text("can be opened by {names}", names=", ".join(map(_name_of, others))),
            Text("Run '{command}'", command=f'icacls "{path}" /inheritance:r /grant:r "*{me}:F" /remove {removed}'),
        )


class _ListHead(ctypes.Structure):
    """ACL"""

    _fields_ = (
        ("revision", ctypes.c_ubyte),
        ("_1", ctypes.c_ubyte),
        ("size", wintypes.WORD),
        ("count", wintypes.WORD),
        ("_2", wintypes.WORD),
    )


class _Entry(ctypes.Structure):
    """ACCESS_ALLOWED_ACE: ``sid`` is where the SID begins."""

    _fields_ = (
        ("type", ctypes.c_ubyte),
        ("flags", ctypes.c_ubyte),
        ("size", wintypes.WORD),
        ("mask", wintypes.DWORD),
        ("sid", wintypes.DWORD),
    )


class _SecurityAttributes(ctypes.Structure):
    _fields_ = (("length", wintypes.DWORD), ("descriptor", ctypes.c_void_p), ("inherit", wintypes.BOOL))

    @classmethod
    def of(cls, descriptor: ctypes.c_void_p) -> _SecurityAttributes:
        return cls(ctypes.sizeof(cls), descriptor, False)


_open_token = function(advapi32, "OpenProcessToken", "pdp")
_token_information = function(advapi32, "GetTokenInformation", "pdpdp")
_sid_to_text = function(advapi32, "ConvertSidToStringSidW", "pp")
_text_to_sid = function(advapi32, "ConvertStringSidToSidW", "wp")
_account_of = function(advapi32, "LookupAccountSidW", "wpppppp")
_text_to_descriptor = function(advapi32, "ConvertStringSecurityDescriptorToSecurityDescriptorW", "wdpp")
_get_security = function(advapi32, "GetNamedSecurityInfoW", "wddppppp", "d")
_set_security = function(advapi32, "SetFileSecurityW", "wdp")
_get_entry = function(advapi32, "GetAce", "pdp")
_this_process = function(kernel32, "GetCurrentProcess", "", "p")
_close = function(kernel32, "CloseHandle", "p")
_free = function(kernel32, "LocalFree", "p", "p")
_make_folder = function(kernel32, "CreateDirectoryW", "wp")


def user_of_this_process() -> str:
    """The SID of the user of this process."""
    token, size = wintypes.HANDLE(), wintypes.DWORD()
    succeed(_open_token(_this_process(), _TOKEN_QUERY, byref(token)))
    try:
        _token_information(token, _TOKEN_USER, None, 0, byref(size))
        user = ctypes.create_string_buffer(size.value)
        succeed(_token_information(token, _TOKEN_USER, user, size, byref(size)))
        return _text_of(ctypes.c_void_p.from_buffer(user))  # TOKEN_USER begins with the pointer to the SID
    finally:
        _close(token)


def _text_of(sid: ctypes.c_void_p) -> str:
    text = ctypes.c_void_p()
    succeed(_sid_to_text(sid, byref(text)))
    try:
        return ctypes.wstring_at(text)
    finally:
        _free(text)


def _name_of(sid: str) -> str:
    """The account's name, which the user knows; its SID where it has none."""
    binary, kind = ctypes.c_void_p(), wintypes.DWORD()
    name, domain = (ctypes.create_unicode_buffer(256) for _ in range(2))
    succeed(_text_to_sid(sid, byref(binary)))
    try:
        sizes = [wintypes.DWORD(256), wintypes.DWORD(256)]
        known = _account_of(None, binary, name, byref(sizes[0]), domain, byref(sizes[1]), byref(kind))
        return name.value if known else sid
    finally:
        _free(binary)


@contextlib.contextmanager
def _only(sid: str, inheritance: str) -> Iterator[ctypes.c_void_p]:
    """A security descriptor that leaves everything to ``sid`` and nothing to others."""
    descriptor = ctypes.c_void_p()
    text = f"O:{sid}D:P(A;{inheritance};FA;;;{sid})"
    succeed(_text_to_descriptor(text, _SDDL_REVISION, byref(descriptor), None))
    try:
        yield descriptor
    finally:
        _free(descriptor)


def owner_and_entries(path: Path) -> Tuple[str, Optional[List[AccessEntry]]]:
    """The owner's SID, and who is allowed what; None: there is no list."""
    owner, entries, descriptor = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    asked = _OWNER | _LIST
    parts = (byref(owner), None, byref(entries), None)
    status = _get_security(str(path), _FILE_OBJECT, asked, *parts, byref(descriptor))
    if status:
        raise ctypes.WinError(status)
    try:
        return _text_of(owner), list(_allowing(entries)) if entries else None
    finally:
        _free(descriptor)


def _allowing(entries: ctypes.c_void_p) -> Iterator[AccessEntry]:
    for number in range(ctypes.cast(entries, ctypes.POINTER(_ListHead)).contents.count):
        place = ctypes.c_void_p()
        succeed(_get_entry(entries, number, byref(place)))
        entry = ctypes.cast(place, ctypes.POINTER(_Entry)).contents
        if entry.type in _DENIES:
            continue
        sid = EVERYONE  # an entry of a kind that files do not have: the worst is assumed
        if entry.type in _ALLOWS:
            sid = _text_of(ctypes.c_void_p((place.value or 0) + _Entry.sid.offset))
        yield AccessEntry(sid, entry.mask, bool(entry.flags & _INHERIT_ONLY))
