"""Compressed answers: read whatever the pieces, whole or an error, never large at once."""

import gzip
import zlib

import pytest
from DICOMWebNodesLib.dicomweb.content_coding import decoded
from DICOMWebNodesLib.errors import ConnectionLost, ProtocolError

BODY = b"instance " * 1000


def raw_deflate(body):
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(body) + compressor.flush()


CODED = {
    "": BODY,
    "identity": BODY,
    "gzip": gzip.compress(BODY),
    "X-GZIP": gzip.compress(BODY[:10]) + gzip.compress(BODY[10:]),
    "deflate": zlib.compress(BODY),
    " deflate ": raw_deflate(BODY),
    "deflate, gzip": gzip.compress(zlib.compress(BODY)),
}


def in_pieces(body, size):
    return [body[at : at + size] for at in range(0, len(body), size)]


@pytest.mark.parametrize("size", [1, 7, 10**6])
@pytest.mark.parametrize("coding", CODED)
def test_every_coding_is_undone_whatever_the_pieces(coding, size):
    assert b"".join(decoded(in_pieces(CODED[coding], size), coding)) == BODY


@pytest.mark.parametrize("coding", ["gzip", "deflate", " deflate "])
def test_a_compressed_body_that_ends_anywhere_but_at_its_end_is_lost(coding):
    body = CODED[coding]
    for end in range(1, len(body)):
        with pytest.raises(ConnectionLost):
            b"".join(decoded([body[:end]], coding))


def test_nothing_is_nothing():
    assert list(decoded([], "gzip")) == []


@pytest.mark.parametrize("body", [b"\x1f\x8b\x08\x00damaged" * 10, b"<html>plain</html>"])
def test_a_damaged_body_is_lost(body):
    with pytest.raises(ConnectionLost, match="cannot be decompressed"):
        list(decoded([body], "gzip"))


def test_a_coding_that_nobody_asked_for_is_named():
    with pytest.raises(ProtocolError, match="compressed with “br”"):
        decoded([b"x"], "br")


def test_a_small_piece_that_holds_a_gigabyte_comes_in_small_pieces():
    bomb = gzip.compress(bytes(1 << 26))
    sizes = [len(piece) for piece in decoded([bomb], "gzip")]
    assert sum(sizes) == 1 << 26
    assert max(sizes) <= 1 << 18
