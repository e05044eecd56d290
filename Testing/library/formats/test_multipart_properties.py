"""The multipart parser: what holds for every body and every way to cut it; its memory and its time."""

import time
import tracemalloc

import pytest
from DICOMWebNodesLib.dicomweb.multipart import MultipartParser
from DICOMWebNodesLib.dicomweb.multipart_events import PartEnded, Payload
from DICOMWebNodesLib.errors import ProtocolError
from hypothesis import example, given
from hypothesis import strategies as st

from .multipart_bodies import BOUNDARY, cut, payloads, read, write

# bytes of which delimiters, heads and line ends are made are much more frequent than chance would have them
FRAGMENTS = [b"\r\n--b0undary", b"--b0undary", b"--", b"\r\n", b"\n", b"\r", b"-", b" ", b"b0und", b"x", b"H: v", b"\0"]
HEADS = [
    b"Content-Length: 3\r\n",
    b"Content-Length: 20\n",
    b"Content-Length: 99999999\r\n",
    b"--other\r\n",
    b"\r\n\r\n",
]
SALAD = st.lists(st.sampled_from(FRAGMENTS + HEADS) | st.binary(max_size=3), max_size=40).map(b"".join)
PAYLOAD = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=40), max_size=8).map(b"".join)
SIZES = st.lists(st.integers(0, 25), max_size=60)


def no_delimiter_in(payload):
    return BOUNDARY not in payload and not payload.endswith(b"\r")


@given(st.lists(PAYLOAD.filter(no_delimiter_in), max_size=5), SIZES, st.sampled_from([b"\r\n", b"\n"]))
def test_any_parts_in_any_chunks_come_out_as_they_went_in(parts, sizes, line_end):
    body = write([(b"Content-Type: application/dicom" + line_end, part) for part in parts], line_end=line_end)
    assert payloads(*cut(body, sizes)) == parts


@given(st.lists(PAYLOAD, max_size=5), SIZES)
def test_with_right_lengths_even_parts_full_of_delimiters_come_out_as_they_went_in(parts, sizes):
    body = write([(b"Content-Length: %d\r\n" % len(part), part) for part in parts])
    assert payloads(*cut(body, sizes)) == parts


@given(
    st.lists(st.tuples(PAYLOAD.filter(no_delimiter_in), st.integers(0, 2**40) | st.integers(0, 200)), max_size=5), SIZES
)
def test_a_length_that_points_to_no_delimiter_changes_nothing(parts, sizes):
    heads = [(b"Content-Length: %d\r\n" % length, payload) for payload, length in parts]
    body = write(heads)
    plain = [payload for payload, _ in parts]
    read_back = payloads(*cut(body, sizes))
    # a wrong length that points to the end of a later part by chance makes one part of several: nothing is lost
    assert read_back == plain or (len(read_back) < len(plain) and sum(map(len, read_back)) > sum(map(len, plain)))


@given(SALAD, SIZES, st.sampled_from([BOUNDARY, b"other", None]))
@example(b"--b0undary\r\nContent-Length: 20\r\n\r\n--b0undary--", [40], BOUNDARY)
def test_any_bytes_give_the_same_in_any_chunks_and_no_foreign_error(body, sizes, boundary):
    whole = read([body], boundary)
    assert read(cut(body, sizes), boundary) == whole
    assert read(cut(body, [1] * len(body)), boundary) == whole
    assert whole.error is None or issubclass(whole.error, ProtocolError)


@given(PAYLOAD.filter(no_delimiter_in), st.integers(0, 400), st.booleans())
def test_a_body_cut_anywhere_is_never_taken_for_a_whole_one(payload, end, hinted):
    head = b"Content-Length: %d\r\n" % len(payload) if hinted else b""
    body = write([(head, payload), (b"", b"second")])[:-2]
    reading = read([body[:end]])
    assert (reading.error is None) == (end >= len(body))
    assert [part.payload for part in reading.parts] == [payload, b"second"][: len(reading.parts)]


# --- memory -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [b"", b"Content-Length: 67108864\r\n", b"Content-Length: 4611686018427387904\r\n"])
def test_a_part_of_64_mib_needs_the_memory_of_a_few_chunks(length):
    parser = MultipartParser(BOUNDARY)
    chunk = bytes(range(256)) * 1024
    list(parser.feed(b"--b0undary\r\n" + length + b"\r\n"))
    tracemalloc.start()
    received = 0
    for _ in range(256):
        received += sum(len(event.data) for event in parser.feed(chunk) if isinstance(event, Payload))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert received == 64 * 1024 * 1024
    assert peak < 1024 * 1024


def test_an_early_delimiter_is_held_back_for_one_mib_at_most():
    parser = MultipartParser(BOUNDARY)
    list(parser.feed(b"--b0undary\r\nContent-Length: 1000000\r\n\r\nONE\r\n--b0undary\r\n\r\n"))
    chunk = bytes(64 * 1024)
    held = 0
    while PartEnded() not in list(parser.feed(chunk)):
        held += len(chunk)
    assert held <= 1024 * 1024


def test_whatever_stands_behind_the_closing_delimiter_takes_no_memory():
    parser = MultipartParser(BOUNDARY)
    list(parser.feed(write([(b"", b"ONE")])))
    chunk = bytes(256 * 1024)
    tracemalloc.start()
    for _ in range(64):
        list(parser.feed(chunk))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parser.close() == ()
    assert peak < 1024 * 1024


# --- time: four times the bytes may take four times as long, and twice that for noise, but not sixteen times ------


def seconds(body, size):
    def once():
        parser = MultipartParser(BOUNDARY)
        started = time.process_time()
        for at in range(0, len(body), size):
            for _ in parser.feed(body[at : at + size]):
                pass
        return time.process_time() - started

    return min(once() for _ in range(3))


HARD = {
    "tiny parts in one chunk": (lambda n: write([(b"", b"x")] * n), 5_000, 1 << 30),
    "tiny parts in small chunks": (lambda n: write([(b"", b"x")] * n), 5_000, 100),
    "tiny parts with line feeds alone": (lambda n: write([(b"", b"x")] * n, line_end=b"\n"), 5_000, 1 << 30),
    "tiny parts with wrong lengths": (lambda n: write([(b"Content-Length: 900000\r\n", b"x")] * n), 5_000, 1 << 30),
    "a payload byte by byte": (lambda n: write([(b"", bytes(n))]), 10_000, 1),
    "a head byte by byte": (lambda n: b"--b0undary\r\nX: " + bytes(n), 10_000, 1),
    "text in front, byte by byte": (lambda n: b"x" * n, 10_000, 1),
    "nearly delimiters": (lambda n: write([(b"", b"\r\n--b0undary-" * n)]), 10_000, 1 << 30),
    "nearly delimiters, chunk by chunk": (lambda n: write([(b"", b"\r\n--b0undary-" * n)]), 5_000, 13),
    "delimiters inside a part": (
        lambda n: write([(b"Content-Length: %d\r\n" % (18 * n), b"\r\n--b0undary\r\nabcd" * n)]),
        5_000,
        1 << 30,
    ),
}


@pytest.mark.parametrize(("body", "count", "size"), HARD.values(), ids=HARD.keys())
def test_the_time_grows_with_the_bytes_and_not_faster(body, count, size):
    tick = 1 / 64  # second: what a process's time is counted in on Windows
    assert seconds(body(4 * count), size) < 9 * seconds(body(count), size) + tick
