"""A body in chunks is read by the bufferful, and comes to the same as chunk by chunk."""

import http.client
import io

import pytest
from DICOMWebNodesLib.dicomweb.chunked import is_begun
from DICOMWebNodesLib.dicomweb.prompt_reads import PromptResponse
from hypothesis import example, given
from hypothesis import strategies as st

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
AT_ONCE = 65_536
CHUNKS = st.lists(st.binary(min_size=1, max_size=40), max_size=30)
ARRIVALS = st.lists(st.integers(1, 60), min_size=1, max_size=20)
BYTE = st.one_of(st.sampled_from([*b"\r\n0123456789abcdefABCDEF; -+_gx"]), st.integers(0, 255))


class Arriving(io.RawIOBase):
    """``content`` in pieces of ``lengths``, over and over; counts how often it is asked."""

    def __init__(self, content, lengths=(1 << 30,)):
        self._content = content
        self._lengths = lengths
        self.reads = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        length = min(self._lengths[self.reads % len(self._lengths)], len(buffer))
        self.reads += 1
        piece, self._content = self._content[:length], self._content[length:]
        buffer[: len(piece)] = piece
        return len(piece)


class Socket:
    def __init__(self, raw):
        self._raw = raw

    def makefile(self, mode):
        return io.BufferedReader(self._raw)

    def gettimeout(self):
        return 10.0


def coded(chunks, end=b"0\r\n\r\n"):
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def body_of(kind, raw):
    """The content, and what ended it."""
    response = kind(Socket(raw))
    content = b""
    try:
        response.begin()
        while True:
            piece = response.read1(AT_ONCE)
            if not piece:
                return content, None
            content += piece
    except (http.client.HTTPException, OSError, ValueError) as error:
        return content, type(error)


@given(CHUNKS, ARRIVALS)
def test_all_content_comes_however_it_arrives(chunks, lengths):
    assert body_of(PromptResponse, Arriving(HEAD + coded(chunks), lengths)) == (b"".join(chunks), None)


@given(CHUNKS, ARRIVALS, st.integers(0, 10_000), st.lists(BYTE, max_size=3).map(bytes), st.integers(0, 3))
@example([b"x", b"y"], [1], 6, b";name=value", 0)
@example([b"x", b"y"], [60], 6, b"+", 0)
@example([b"x"], [60], 9, b"Trailer: field\r\n", 2)
def test_what_is_damaged_ends_as_it_does_chunk_by_chunk(chunks, lengths, place, put_in, left_out):
    whole = coded(chunks)
    place %= len(whole) + 1
    damaged = HEAD + whole[:place] + put_in + whole[place + left_out :]
    expected = body_of(http.client.HTTPResponse, Arriving(damaged))
    assert body_of(PromptResponse, Arriving(damaged, lengths)) == expected


@pytest.mark.parametrize("begun", [b"", b"\r", b"\r\n", b"\r\n3", b"\r\n3e8", b"\r\n3e8\r"])
def test_a_head_of_which_the_rest_is_to_come_is_kept_until_then(begun):
    assert is_begun(begun)


@pytest.mark.parametrize("other", [b"\n", b"\r3", b"\r\n;", b"\r\n3e8\r\n", b"\r\n" + b"0" * 16])
def test_what_becomes_no_plain_head_is_not_kept(other):
    assert not is_begun(other)


@pytest.mark.parametrize("cut", [5, 7, 8, 9, 12], ids=lambda bytes: f"{bytes}-bytes-early")
def test_an_end_in_the_middle_is_no_end(cut):
    whole = HEAD + coded([b"abcd", b"efgh"])
    assert body_of(PromptResponse, Arriving(whole[:-cut]))[1] is http.client.IncompleteRead


def test_the_last_chunk_is_not_waited_behind():
    """A connection that stays open brings nothing more."""

    class Open(Arriving):
        def readinto(self, buffer):
            count = super().readinto(buffer)
            assert count, "nobody asks for more than there is"
            return count

    assert body_of(PromptResponse, Open(HEAD + coded([b"abcd", b"efgh"]))) == (b"abcdefgh", None)


def test_many_chunks_take_few_reads():
    raw = Arriving(HEAD + coded([bytes(1000)] * 1000))
    assert body_of(PromptResponse, raw) == (bytes(1_000_000), None)
    assert raw.reads < 1_000_000 / 8192


def test_no_more_comes_at_once_than_was_asked_for():
    response = PromptResponse(Socket(Arriving(HEAD + coded([bytes(1000)] * 100))))
    response.begin()
    assert max(len(response.read1(10_000)) for _ in range(10)) <= 10_000
