"""A server that sends the lines of its answer byte by byte, or without an end, is given up."""

import http.client
import io
import itertools
import socket

import pytest
from DICOMWebNodesLib.dicomweb.prompt_reads import PromptReader, PromptResponse
from DICOMWebNodesLib.errors import ConnectionLost, TimedOut
from fakes.drip import dripping
from fakes.scripted_server import Framing, Reply, ScriptedServer

from .asking import get, session_for


class Drops(io.RawIOBase):
    """Gives one byte a read."""

    def __init__(self, content):
        self._content = iter(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        byte = next(self._content, None)
        if byte is None:
            return 0
        buffer[0] = byte
        return 1


def reader_of(content, patience=10):
    """A second passes with every byte."""
    seconds = itertools.count()
    return PromptReader(Drops(content), patience, lambda: next(seconds))


def test_a_line_that_comes_slowly_but_in_time_is_read():
    assert reader_of(b"a 7\r\nb").readline() == b"a 7\r\n"


def test_a_line_that_does_not_end_in_time_is_given_up():
    with pytest.raises(socket.timeout, match="did not end in time"):
        reader_of(itertools.repeat(ord("a"))).readline()


@pytest.mark.parametrize("read", ["read", "read1", "readinto"])
def test_each_line_between_chunks_has_its_own_time(read):
    reader = reader_of(b"1234567\r\nx" * 3)
    for _ in range(3):
        assert reader.readline() == b"1234567\r\n"
        getattr(reader, read)(bytearray(1) if read == "readinto" else 1)


def test_lines_with_nothing_between_them_have_the_time_of_one():
    reader = reader_of(b"1234567\r\n" * 2)
    reader.readline()
    with pytest.raises(socket.timeout):
        reader.readline()


def test_all_lines_of_a_head_have_the_time_of_one():
    reader = reader_of(b"1234567\r\n" * 3)
    reader.begin_head()
    reader.readline()
    with pytest.raises(socket.timeout):
        reader.readline()


def test_after_the_head_the_body_has_no_time_and_its_lines_have_each():
    reader = reader_of(itertools.chain(b"1234\r\n", b"x" * 50, itertools.repeat(ord("a"))))
    reader.begin_head()
    reader.readline()
    reader.end_head()
    assert reader.read(50) == b"x" * 50
    with pytest.raises(socket.timeout):
        reader.readline()


def test_a_body_may_come_as_slowly_as_it_likes_here():
    reader = reader_of(b"x" * 50)
    assert reader.read(50) == b"x" * 50


def test_a_connection_without_a_read_time_out_waits():
    assert reader_of(b"a" * 100 + b"\n", patience=None).readline() == b"a" * 100 + b"\n"


def test_a_line_between_chunks_has_a_longest_length():
    with pytest.raises(http.client.LineTooLong):
        reader_of(itertools.repeat(ord("x")), patience=None).readline()


class Answer:
    """A socket that has it all."""

    def __init__(self, content):
        self._content = content

    def makefile(self, mode):
        return io.BufferedReader(io.BytesIO(self._content))

    def gettimeout(self):
        return 10.0


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Type: multipart/related; boundary=b\r\n",
        b"CONTENT-TYPE:multipart/related; boundary=b\r\n",
        b"Content-Type: multipart/related;\r\n boundary=b\r\n",
        b"Server: s\r\ncontent-type: multipart/related; boundary=b  \r\nContent-Length: 0\r\n",
    ],
    ids=["usual", "capitals", "folded", "between others"],
)
def test_the_type_of_an_answer_is_what_the_server_says(lines):
    response = PromptResponse(Answer(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n"))
    response.begin()
    fields = [(name.lower(), " ".join(value.split())) for name, value in response.headers.items()]
    assert [value for name, value in fields if "type" in name] == ["multipart/related; boundary=b"]
    assert not response.headers.defects


def test_an_answer_that_gives_its_type_twice_keeps_both():
    response = PromptResponse(Answer(b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n"))
    response.begin()
    assert response.headers.get_all("Content-Type") == ["a/b", "c/d"]


def test_a_header_that_drips_is_given_up_though_it_never_stops():
    with dripping(b"HTTP/1.1 200 OK\r\nX-Endless: ") as origin:
        with pytest.raises(TimedOut):
            get(session_for(f"{origin}/dicom-web", read_timeout=0.2))


def test_lines_behind_the_last_chunk_are_given_up_though_they_never_stop():
    beginning = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n"
    with dripping(beginning, b"X: y\r\n") as origin:
        with pytest.raises(TimedOut):
            get(session_for(f"{origin}/dicom-web", read_timeout=0.2))


def test_the_size_of_a_chunk_may_not_be_endless():
    endless = Reply(
        b"1;" + b"x" * 200_000 + b"\r\nx\r\n0\r\n\r\n", headers={"Transfer-Encoding": "chunked"}, framing=Framing.CLOSE
    )
    with ScriptedServer(lambda request: endless) as server:
        session = session_for(server)
        with session.request("GET", "studies", asked="search studies") as response:
            with pytest.raises(ConnectionLost):
                response.read()
