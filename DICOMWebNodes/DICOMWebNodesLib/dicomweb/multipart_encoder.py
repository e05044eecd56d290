"""Writing a multipart body of files (RFC 2387, PS3.18 section 10.5.1) without ever holding one in memory."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator, List, Sequence

from ..errors import TransferError
from ..text import Text
from .media_types import DICOM

_BLOCK = 256 * 1024  # fits the processor's cache; larger ones were not faster
_END_OF_PART = b"\r\n"


def make_boundary(token: Callable[[int], str] = secrets.token_hex) -> str:
    """A boundary of 40 characters that no file contains, but by a chance of 1 in 2^128."""
    return f"boundary{token(16)}"


@dataclass(frozen=True)
class FilePart:
    """A file as one part. ``size`` in bytes, as it is when the part is made. Raises OSError."""

    path: Path
    content_type: str = DICOM
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self.path.stat().st_size)


class MultipartBody:
    """A request body of known length; each iteration reads the files anew, so that it can be sent again.

    Raises :class:`~..errors.TransferError` while it is iterated, for a file that cannot be read or has another size
    than before: the length was promised to the server.
    """

    def __init__(self, parts: Sequence[FilePart], boundary: str) -> None:
        self._parts = parts
        self._boundary = boundary

    @property
    def content_type(self) -> str:
        """For the request's Content-Type (PS3.18 section 8.6.1.2)."""
        return f'multipart/related; type="{DICOM}"; boundary={self._boundary}'

    def __len__(self) -> int:
        parts = (len(self._head(part)) + part.size + len(_END_OF_PART) for part in self._parts)
        return sum(parts) + len(self._close())

    def __iter__(self) -> Iterator[bytes]:
        """Blocks of :data:`_BLOCK` bytes or a little more: what is sent piece by piece travels in as many packets."""
        pieces: List[bytes] = []
        size = 0
        for piece in self._pieces():
            pieces.append(piece)
            size += len(piece)
            if size >= _BLOCK:
                yield b"".join(pieces)
                pieces.clear()
                size = 0
        if pieces:
            yield b"".join(pieces)

    def _pieces(self) -> Iterator[bytes]:
        for part in self._parts:
            yield self._head(part)
            try:
                yield from _content(part)
            except OSError as error:
                # as an OSError it would pass for a broken connection, and be tried again
                raise TransferError(
                    Text("{path} cannot be read ({reason})", path=part.path, reason=error.strerror or error)
                ) from error
            yield _END_OF_PART
        yield self._close()

    def _head(self, part: FilePart) -> bytes:
        # Without a transfer-syntax parameter: the file says it itself, and there are servers that drop such parts.
        return f"--{self._boundary}\r\nContent-Type: {part.content_type}\r\n\r\n".encode("ascii")

    def _close(self) -> bytes:
        return f"--{self._boundary}--\r\n".encode("ascii")


def _content(part: FilePart) -> Iterator[bytes]:
    left = part.size
    with open(part.path, "rb", buffering=0) as file:
        while left:
            chunk = file.read(min(left, _BLOCK))
            if not chunk:
                break
            left -= len(chunk)
            yield chunk
        if left or file.read(1):
            raise TransferError(
                Text("{path} changed while it was sent", path=part.path),
                next_step="Send it again when nobody writes to it.",
            )
