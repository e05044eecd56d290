"""Previews on disk, so that nobody's server is asked twice for them: bounded, and shared by all processes of a user."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Iterator, NamedTuple, Optional, Tuple, Union

from ..dicomweb.resource import Resource
from ..dicomweb.wado_rs import Image
from ..errors import NoPicture
from ..nodes.node import Node
from ..text import from_wire, sentence, to_wire

LIMIT = 64 * 1024 * 1024
"""Bytes: several thousand previews."""
_LARGEST = LIMIT // 16
_NONE = "none"
_SUFFIX = ".preview"


class PreviewCache:
    """Each preview is a file whose name is a hash, readable for this user only; the least recently used go first.

    What is no picture is kept too. Files are only ever written whole and
    removed whole, so that any number of processes may use the folder at the same time. Nothing here raises: a cache
    that cannot be read or written is an empty one. ``folder``: see :func:`..storage.cache_folder`.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder / "previews"
        self._limit = limit
        self._room = 0  # bytes that may be written before the folder is looked at again

    def get(self, node: Node, resource: Resource) -> Union[Image, NoPicture, None]:
        """What was kept; None: nothing was."""
        found = self._read(self._path(node, resource))
        if found is None:
            return None
        kind, content = found
        return _no_picture(content) if kind == _NONE else Image(kind, content)

    def put(self, node: Node, resource: Resource, preview: Union[Image, NoPicture]) -> None:
        if isinstance(preview, Image):
            self._write(self._path(node, resource), preview.content_type, preview.content)
        else:
            kept = {"cause": preview.cause, "modality": preview.modality, "text": to_wire(sentence(preview.cause))}
            content = json.dumps(kept).encode()
            self._write(self._path(node, resource), _NONE, content)

    def clear(self) -> None:
        """Forget everything."""
        for file in self._files():
            _remove(file.path)

    def size(self) -> int:
        """Bytes."""
        return sum(file.size for file in self._files())

    # --- files ------------------------------------------------------------------------------------------------------

    def _path(self, node: Node, resource: Resource) -> Path:
        """A hash, lest a name tell whose study it is; two sign-ins to one server do not share pictures."""
        has_own_sign_in = node.headers or node.secret_headers or node.tls.client_certificate
        key = "\0".join((node.url, node.authentication, node.uid if has_own_sign_in else "", str(resource)))
        return self.folder / (hashlib.sha256(key.encode()).hexdigest() + _SUFFIX)

    @staticmethod
    def _read(path: Path) -> Optional[Tuple[str, bytes]]:
        """The kind and the content of an entry, which from now on is the most recently used one."""
        try:
            kind, separator, content = path.read_bytes().partition(b"\n")
            os.utime(path)
        except OSError:
            return None
        return (kind.decode("latin-1"), content) if separator else None

    def _write(self, path: Path, kind: str, content: bytes) -> None:
        if len(content) > min(_LARGEST, self._limit // 2):
            return
        temporary = path.with_name(f"{path.name}.{os.urandom(8).hex()}.part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
            with open(descriptor, "wb") as file:
                file.write(kind.encode("latin-1") + b"\n" + content)
            os.replace(temporary, path)
        except OSError:
            _remove(temporary)
            return
        self._room -= len(content)
        if self._room < 0:
            self._make_room()

    def _make_room(self) -> None:
        """Remove the least recently used until an eighth is free; look again when half of that is written.

        Several processes that write at once can so be over the limit by a sixteenth each, and no more.
        """
        files = sorted(self._files(), key=lambda file: file.used, reverse=True)
        kept = 0
        for file in files:
            if kept + file.size > self._limit - self._limit // 8:
                _remove(file.path)
            else:
                kept += file.size
        self._room = self._limit // 16

    def _files(self) -> Iterator[_File]:
        """Every entry, and what processes that died while they wrote have left."""
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if _SUFFIX in entry.name:
                    with contextlib.suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        yield _File(entry.path, status.st_size, status.st_mtime)


class _File(NamedTuple):
    path: str
    size: int
    used: float


def _remove(path: Union[str, Path]) -> None:
    """Also one that another process has removed meanwhile, or, on Windows, still reads."""
    with contextlib.suppress(OSError):
        os.remove(path)


def _no_picture(content: bytes) -> Optional[NoPicture]:
    try:
        raw = json.loads(content)
        return NoPicture(from_wire(str(raw["cause"]), raw.get("text")), modality=str(raw["modality"]))
    except (ValueError, TypeError, KeyError):
        return None
