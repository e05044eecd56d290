"""Writing a multipart body of files (RFC 2387, PS3.18 section 10.5.1) without ever holding one in memory."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator, Sequence

from ..errors import StoreUnavailable
from .media_types import DICOM

_CHUNK = 1024 * 1024


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

    Raises :class:`~..errors.StoreUnavailable` while it is iterated, for a file that has another size than before: the
    length was promised to the server.
    """

    def __init__(self, parts: Sequence[FilePart], boundary: str) -> None:
        self._parts = parts
        self._boundary = boundary

    @property
    def content_type(self) -> str:
        """For the request's Content-Type (PS3.18 section 8.6.1.2)."""
        return f'multipart/related; type="{DICOM}"; boundary={self._boundary}'

    def __len__(self) -> int:
        heads = (len(self._head(part)) + part.size + len(_END_OF_PART) for part in self._parts)
        return sum(heads) + len(self._close())

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            yield self._head(part)
            yield from _content(part)
            yield _END_OF_PART
        yield self._close()

    def _head(self, part: FilePart) -> bytes:
        # Without a transfer-syntax parameter: the file says it itself, and there are servers that drop such parts.
        return f"--{self._boundary}\r\nContent-Type: {part.content_type}\r\n\r\n".encode("ascii")

    def _close(self) -> bytes:
        return f"--{self._boundary}--\r\n".encode("ascii")


_END_OF_PART = b"\r\n"


def _content(part: FilePart) -> Iterator[bytes]:
    left = part.size
    with open(part.path, "rb", buffering=0) as file:
        while left:
            chunk = file.read(min(left, _CHUNK))
            if not chunk:
                break
            left -= len(chunk)
            yield chunk
        if left or file.read(1):
            raise StoreUnavailable(
                f"{part.path} changed while it was sent", next_step="Send it again when nobody writes to it."
            )
