"""Content codings (RFC 9110 section 8.4.1). None is asked for, and some servers compress nevertheless.

Unlike the transport's own decoder this one knows whether the compressed body came to its end, which HTTP does not
tell when a server or a proxy breaks down while it compresses; and it never makes a large piece of a small one.
"""

from __future__ import annotations

import zlib
from typing import Iterable, Iterator

from ..errors import ConnectionLost, ProtocolError
from ..text import Text

_LARGEST_PIECE = 256 * 1024
_ZLIB, _RAW, _GZIP = zlib.MAX_WBITS, -zlib.MAX_WBITS, 16 + zlib.MAX_WBITS


def decoded(pieces: Iterable[bytes], content_encoding: str) -> Iterator[bytes]:
    """The body without the codings of a Content-Encoding header field, which is "" for none.

    Raises :class:`~..errors.ConnectionLost` for a body that is damaged or ends too early,
    :class:`~..errors.ProtocolError` for a coding that is not known here.
    """
    for coding in reversed([each.strip().lower() for each in content_encoding.split(",")]):
        if coding in ("gzip", "x-gzip"):
            pieces = _inflated(pieces, _GZIP)
        elif coding == "deflate":
            pieces = _inflated(pieces, _ZLIB)
        elif coding not in ("", "identity"):
            raise ProtocolError(
                Text("the answer is compressed with “{coding}”, for which nobody asked", coding=coding[:40])
            )
    return iter(pieces)


def _inflated(pieces: Iterable[bytes], form: int) -> Iterator[bytes]:
    inflating = None
    try:
        for piece in pieces:
            while piece:
                if inflating is None:
                    # What HTTP calls deflate has a zlib header (RFC 1950), which some servers leave out.
                    is_raw = form == _ZLIB and piece[0] & 15 != zlib.DEFLATED
                    inflating = zlib.decompressobj(_RAW if is_raw else form)
                inflated = inflating.decompress(piece, _LARGEST_PIECE)
                if inflated:
                    yield inflated
                piece = inflating.unconsumed_tail
                if inflating.eof:  # another member may follow (RFC 1952 section 2.2)
                    piece, inflating = inflating.unused_data, None
        while inflating is not None and not inflating.eof:
            rest = inflating.decompress(b"", _LARGEST_PIECE)
            if not rest:
                raise ConnectionLost("the compressed answer ends in the middle")
            yield rest
    except zlib.error as error:
        raise ConnectionLost(Text("the answer cannot be decompressed ({error})", error=error)) from error
