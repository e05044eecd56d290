"""PNG, as far as a preview needs it (ISO/IEC 15948): eight bits, grey or RGB, no palette, no interlacing.

Slicer always brings numpy, but a picture library only as somebody else's dependency; and what is written here, every
viewer and Qt read.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Tuple

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

MEDIA_TYPE = "image/png"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2  # colour types, table 11.1
_NO_FILTER = b"\0"


def png_of(pixels: NDArray[uint8]) -> bytes:
    """The file for an array of the shape (rows, columns) for grey, (rows, columns, 3) for RGB."""
    rows, columns = pixels.shape[:2]
    colour = _GREY if pixels.ndim == 2 else _RGB
    header = struct.pack(">IIBBBBB", columns, rows, 8, colour, 0, 0, 0)
    lines = b"".join(_NO_FILTER + row.tobytes() for row in pixels)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return _SIGNATURE + b"".join(map(_chunk, chunks))


def _chunk(chunk: Tuple[bytes, bytes]) -> bytes:
    kind, content = chunk
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
