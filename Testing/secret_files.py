"""Secrets of tests in files: where none may be, and where they belong."""

from __future__ import annotations

from pathlib import Path
from typing import List

from canary import canaries_in

KEPT = ("secrets.json", "kept-by-other-programs")
"""Names of files (with whatever behind) and folders that are there to hold secrets."""

_LARGEST = 64 * 1024 * 1024  # bytes
_PREAMBLE = 128  # bytes in front of "DICM" (PS3.10 section 7.1)


def secrets_in(folder: Path) -> List[str]:
    """The secrets in all files under ``folder``, and in their names."""
    found = []
    for path in sorted(folder.rglob("*")):
        if any(name.startswith(KEPT) for name in path.relative_to(folder).parts):
            continue
        found += [f"name of a file: {each}" for each in canaries_in(path.name.encode("utf-8", "surrogateescape"))]
        if path.is_file() and not path.is_symlink():
            found += [f"{path}: {each}" for each in canaries_in(_content(path))]
    return found


def assert_no_secrets_in(folder: Path) -> None:
    """For the folder of a server, before it goes."""
    found = secrets_in(folder)
    assert not found, "secrets were written:\n" + "\n".join(found)


def _content(path: Path) -> bytes:
    """What is in a file, unless it is an instance as a server gave it."""
    try:
        if path.stat().st_size > _LARGEST:
            return b""
        with path.open("rb") as file:
            head = file.read(_PREAMBLE + 4)
            return b"" if head[_PREAMBLE:] == b"DICM" else head + file.read()
    except OSError:  # gone, or not ours to read
        return b""
