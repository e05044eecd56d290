"""Who may open a file or folder: its owner alone, and how to tell that others may too.

POSIX has modes for that, Windows has lists of access entries. Both make a thing closed from its first moment on.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import NamedTuple, Optional, Sequence

from ..text import Text

EVERYONE = "S-1-1-0"
_OWNER_RIGHTS = "S-1-3-4"  # stands for whoever owns the thing
# The system and its administrators: like root, they can open everything anyway.
_ALMIGHTY = frozenset({"S-1-5-18", "S-1-5-32-544"})
# Read data, write data, append; delete; change the list, change the owner; all, execute (no), write, read.
_OPENING = 0x1 | 0x2 | 0x4 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000 | 0x80000000


class Openness(NamedTuple):
    """That others may open something: what is wrong with it, which completes its path, and what cures it."""

    what: str
    cure: str


class FileAccess:
    """What a place for secrets needs of the operating system. All methods raise OSError."""

    def close_folder(self, folder: Path) -> None:
        """Make the folder if it is missing, and let nobody but its owner into it."""
        raise NotImplementedError

    def open_new(self, path: str, flags: int) -> int:
        """The descriptor of a new file that nobody else can open: an opener for :func:`open` with mode "xb"."""
        raise NotImplementedError

    def openness(self, path: Path) -> Optional[Openness]:
        """Whether others may open it; None: they may not."""
        raise NotImplementedError


class Modes(FileAccess):
    """POSIX: 0700 for a folder, 0600 for a file."""

    def close_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def open_new(self, path: str, flags: int) -> int:
        return os.open(path, flags, 0o600)

    def openness(self, path: Path) -> Optional[Openness]:
        mode = stat.S_IMODE(path.stat().st_mode)
        if not mode & 0o077:
            return None
        return Openness(
            Text("has mode {mode}: other users of this computer can read it", mode=f"{mode:o}"),
            Text("Run 'chmod 600 {path}'", path=path),
        )


class AccessEntry(NamedTuple):
    """An entry of Windows that allows: whom (a SID), what (an access mask), and whether only to things below it."""

    sid: str
    mask: int
    inherit_only: bool = False


def strangers(me: str, owner: str, entries: Optional[Sequence[AccessEntry]]) -> Sequence[str]:
    """The SIDs, besides ``me``, that may open, change or pass on a thing; None for ``entries``: it has no list.

    An entry that denies is not looked at: whoever is allowed something here counts, even if another entry forbids it.
    """
    if entries is None:
        return [EVERYONE]  # without a list everybody may do everything
    allowed = [entry.sid for entry in entries if entry.mask & _OPENING and not entry.inherit_only]
    known = {me, _OWNER_RIGHTS, *_ALMIGHTY}
    # An owner may always write a new list.
    return [sid for sid in dict.fromkeys([owner, *allowed]) if sid not in known]


def file_access() -> FileAccess:
    """That of the system we run on."""
    if sys.platform == "win32":
        from .windows_access import AccessLists

        return AccessLists()
    return Modes()
