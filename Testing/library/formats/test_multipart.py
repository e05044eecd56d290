"""The multipart parser: what is read, in every dialect that servers speak, and what is refused."""

import pytest
from DICOMWebNodesLib.dicomweb.multipart import MultipartParser
from DICOMWebNodesLib.dicomweb.multipart_events import PartEnded, PartStarted, Payload
from DICOMWebNodesLib.errors import LimitExceeded, MalformedMultipart, TruncatedMultipart

from .multipart_bodies import BOUNDARY, Part, cut, payloads, read, write

DICOM = b"Content-Type: application/dicom\r\n"


def one_by_one(body):
    return cut(body, [1] * len(body))


DIALECTS = {
    "the standard's": (b"--b\r\nH: v\r\n\r\nONE\r\n--b\r\n\r\nTWO\r\n--b--\r\n", [b"ONE", b"TWO"]),
    "a line end in front": (b"\r\n--b\r\nH: v\r\n\r\nONE\r\n--b--", [b"ONE"]),
    "a preamble and an epilogue": (b"for old readers\r\n--b\r\n\r\nONE\r\n--b--\r\nbye\r\n", [b"ONE"]),
    "white space behind the boundary": (b"--b \t\r\n\r\nONE\r\n--b  \r\n\r\nTWO\r\n--b-- \r\n", [b"ONE", b"TWO"]),
    "line feeds alone in the head": (b"--b\r\nA: 1\nB: 2\n\nONE\r\n--b--", [b"ONE"]),
    "line feeds alone up to the payload": (b"--b\nA: 1\n\nONE\r\n--b\nB: 2\n\nTWO\r\n--b--\n", [b"ONE", b"TWO"]),
    "line feeds alone": (b"\n--b\nA: 1\n\nONE\n--b\n\nTWO\n--b--\n", [b"ONE", b"TWO"]),
    "a closing delimiter in the middle": (b"--b\r\n\r\nONE\r\n--b--\r\n--b\r\n\r\nTWO\r\n--b--\r\n", [b"ONE", b"TWO"]),
    "two bodies without a line between": (b"--b\r\n\r\nONE\r\n--b----b\r\n\r\nTWO\r\n--b--", [b"ONE", b"TWO"]),
    "two bodies with a line between": (b"--b\r\n\r\nONE\r\n--b--\r\n\r\n\r\n--b\r\n\r\nTWO\r\n--b--", [b"ONE", b"TWO"]),
    "two bodies of different boundaries": (
        b"--b\r\n\r\nONE\r\n--b--\r\n--c\r\nH: v\r\n\r\nTWO\r\n--c--",
        [b"ONE", b"TWO"],
    ),
    "another boundary than announced": (b"--x-y\r\nH: v\r\n\r\nONE\r\n--b\r\n\r\n--x-y--", [b"ONE\r\n--b\r\n"]),
    "a boundary that begins like the announced": (b"--bb\r\nH: v\r\n\r\nONE\r\n--bb--", [b"ONE"]),
    "a preamble with dashes": (b"-----\r\n-- \r\n--> b\r\n--b\r\n\r\nONE\r\n--b--", [b"ONE"]),
    "an epilogue with dashes": (b"--b\r\n\r\nONE\r\n--b--\r\n-- \r\n--the server\r\nGoodbye\r\n", [b"ONE"]),
    "an empty part": (b"--b\r\nH: v\r\n\r\n\r\n--b\r\n\r\nTWO\r\n--b--", [b"", b"TWO"]),
    "an empty part with one empty line": (b"--b\r\nH: v\r\n\r\n--b\r\n\r\nTWO\r\n--b--", [b"", b"TWO"]),
    "an empty part without any empty line": (b"--b\r\nH: v\r\n--b\r\n--b--", [b"", b""]),
    "no parts": (b"--b--\r\n", []),
    "no parts and no line end": (b"\r\n--b--", []),
    "no parts of another boundary": (b"--other--\r\n", []),
    "a payload like delimiters": (
        b"--b\r\n\r\n\r\n--bX\r\n--b-\r\n--b \tX\r\n\r\n--\r\n--b--",
        [b"\r\n--bX\r\n--b-\r\n--b \tX\r\n\r\n--"],
    ),
    "a payload of dashes": (b"--b\r\n\r\n------\r\n--b--", [b"------"]),
    "a payload of line ends": (b"--b\r\n\r\n\r\r\n\n\r\r\n--b--", [b"\r\r\n\n\r"]),
}


@pytest.mark.parametrize(("body", "expected"), DIALECTS.values(), ids=DIALECTS.keys())
@pytest.mark.parametrize("chunks", [lambda body: [body], one_by_one], ids=["whole", "byte by byte"])
def test_every_dialect_is_read(body, expected, chunks):
    assert payloads(*chunks(body), boundary=b"b") == expected


@pytest.mark.parametrize("boundary", [b"-", b"--", b"----b--", b"b--", b"a b", b"'()+_,-./:=?", b"x" * 70, b"x" * 250])
def test_any_boundary_can_be_announced_or_found_in_the_body(boundary):
    body = write([(DICOM, b"ONE"), (DICOM, b"TWO")], boundary)
    assert payloads(body, boundary=boundary) == [b"ONE", b"TWO"]
    assert payloads(body, boundary=None) == [b"ONE", b"TWO"]


def test_a_line_that_is_longer_than_any_boundary_is_not_taken_for_one():
    body = write([(DICOM, b"ONE")], b"x" * 300)
    assert read([body], None).error is MalformedMultipart


def test_headers_are_read_by_lower_case_names():
    head = b"Content-Type:application/dicom;\r\n\ttransfer-syntax=1.2\r\nCONTENT-LOCATION :  /a:b \r\nX:\r\nx: 2\r\n"
    assert read([write([(head, b"")])]).parts == [
        Part(
            {
                "content-type": "application/dicom; transfer-syntax=1.2",
                "content-location": "/a:b",
                "x": ", 2",
            },
            b"",
        )
    ]


def test_events_come_as_soon_as_their_bytes():
    parser = MultipartParser(BOUNDARY)
    assert list(parser.feed(b"--b0undary\r\nH: v\r\n")) == []
    assert list(parser.feed(b"\r\nabc")) == [PartStarted({"h": "v"}), Payload(memoryview(b"abc"))]
    assert list(parser.feed(b"def\r\n--b0und")) == [Payload(memoryview(b"def"))]
    assert list(parser.feed(b"ary-")) == []
    assert list(parser.feed(b"-")) == [PartEnded()]
    assert parser.close() == ()


def test_payload_is_a_view_of_the_chunk_and_no_copy():
    parser = MultipartParser(BOUNDARY)
    chunk = b"--b0undary\r\n\r\n" + bytes(100_000)
    _, payload = parser.feed(chunk)
    assert payload.data.obj is chunk


def test_a_chunk_that_its_owner_changes_is_not_looked_at_again():
    parser = MultipartParser(BOUNDARY)
    chunk = bytearray(b"--b0undary\r\n\r\nONE\r\n--b0und")
    events = list(parser.feed(chunk))
    chunk[:] = bytes(len(chunk))
    events += parser.feed(memoryview(b"ary--"))
    assert events == [PartStarted({}), Payload(memoryview(b"ONE")), PartEnded()]


def test_nothing_is_lost_when_a_chunk_is_fed_before_the_events_of_the_last_one_were_taken():
    parser = MultipartParser(BOUNDARY)
    body = write([(b"", b"ONE"), (b"", b"TWO")])
    first = parser.feed(body[:20])
    second = parser.feed(body[20:])
    assert next(first) == PartStarted({})
    assert [type(event) for event in second].count(PartEnded) == 2
    assert parser.close() == ()


# --- Content-Length ---------------------------------------------------------------------------------------------

INNER = b"before\r\n--b0undary\r\nContent-Type: text/plain\r\n\r\ninner\r\n--b0undary--\r\nafter"


def with_length(length, payload):
    return b"Content-Length: " + str(length).encode() + b"\r\n", payload


@pytest.mark.parametrize("chunks", [lambda body: [body], one_by_one], ids=["whole", "byte by byte"])
def test_a_delimiter_inside_a_payload_is_payload_when_the_length_says_so(chunks):
    parts = [with_length(len(INNER), INNER), with_length(3, b"TWO"), with_length(len(INNER), INNER)]
    assert payloads(*chunks(write(parts))) == [INNER, b"TWO", INNER]


def test_a_payload_that_begins_with_a_delimiter_is_payload_when_the_length_says_so():
    payload = b"--b0undary\r\n\r\nONE"
    assert payloads(write([with_length(len(payload), payload)])) == [payload]


def test_without_a_length_such_a_payload_is_taken_apart_as_the_standard_says():
    assert payloads(write([(b"", INNER[: INNER.index(b"\r\n--b0undary--")])])) == [b"before", b"inner"]


@pytest.mark.parametrize("wrong", [0, 1, 2, 4, 5, 12, 13, 30, 1000, 10**6, 10**7, 2**62, 10**100])
@pytest.mark.parametrize("chunks", [lambda body: [body], one_by_one], ids=["whole", "byte by byte"])
def test_a_wrong_length_loses_nothing(wrong, chunks):
    body = write([with_length(wrong, b"ONE"), with_length(wrong, b""), with_length(wrong, b"THREE")])
    assert payloads(*chunks(body)) == [b"ONE", b"", b"THREE"]


@pytest.mark.parametrize("wrong", [b"", b"-3", b"3, 3", b"+3", b"0x3", b"3.0", b"three", b"\xb2"])
def test_a_length_that_is_no_number_is_passed_over(wrong):
    assert payloads(write([(b"Content-Length: " + wrong + b"\r\n", b"ONE")])) == [b"ONE"]


def test_the_length_decides_whether_a_carriage_return_is_payload_where_lines_end_with_a_line_feed():
    parts = [with_length(4, b"ONE\r"), with_length(4, b"TWO\r")]
    assert payloads(write(parts, line_end=b"\n")) == [b"ONE\r", b"TWO\r"]


# --- what is cut off, foreign or too large --------------------------------------------------------------------------


@pytest.mark.parametrize("end", range(len(write([(DICOM, b"ONE"), (DICOM, b"TWO")])) - 2))
def test_a_body_that_is_cut_anywhere_says_how_many_parts_were_whole(end):
    body = write([(DICOM, b"ONE"), (DICOM, b"TWO")])
    parser = MultipartParser(BOUNDARY)
    events = list(parser.feed(body[:end]))
    with pytest.raises(TruncatedMultipart) as raised:
        parser.close()
    assert raised.value.whole_parts == parser.whole_parts == events.count(PartEnded()) < 3
    assert "ends before its closing delimiter" in str(raised.value)


def test_the_number_of_whole_parts_is_said_in_words_too():
    parser = MultipartParser(BOUNDARY)
    list(parser.feed(write([(DICOM, b"ONE"), (DICOM, b"TWO")])[:-10]))
    with pytest.raises(TruncatedMultipart, match=r"behind 1 whole part\."):
        parser.close()


def test_parts_that_were_held_back_are_not_counted_when_the_body_turns_out_to_be_cut():
    body = write([with_length(500, b"ONE"), (DICOM, b"TWO")])
    parser = MultipartParser(BOUNDARY)
    assert PartEnded() not in list(parser.feed(body[:-6]))
    with pytest.raises(TruncatedMultipart) as raised:
        parser.close()
    assert raised.value.whole_parts == parser.whole_parts == 0


@pytest.mark.parametrize("head", [b"no field\r\n", b"X: " + bytes(70_000) + b"\r\n"], ids=["malformed", "too large"])
def test_parts_that_were_held_back_are_not_counted_when_something_unreadable_follows_them(head):
    parser = MultipartParser(BOUNDARY)
    body = write([(b"", b"ONE"), with_length(100_000, b"TWO"), (head, b"THREE")])
    assert list(parser.feed(body)).count(PartEnded()) == 1
    with pytest.raises((MalformedMultipart, LimitExceeded)):
        parser.close()
    assert parser.whole_parts == 1


@pytest.mark.parametrize("body", [b"<html>not multipart</html>", b"{}", b"DICM" * 100, b"\r\nb0undary\r\n"])
def test_a_body_without_a_boundary_is_malformed_and_not_called_cut(body):
    parser = MultipartParser(BOUNDARY)
    assert list(parser.feed(body)) == []
    with pytest.raises(MalformedMultipart) as raised:
        parser.close()
    assert not isinstance(raised.value, TruncatedMultipart)


def test_a_long_body_without_a_boundary_is_given_up_early():
    parser = MultipartParser(BOUNDARY)
    assert list(parser.feed(b"<p>not multipart</p>\n" * 1000)) == []
    with pytest.raises(MalformedMultipart, match="no boundary stands in the first 65"):
        list(parser.feed(b"<p>not multipart</p>\n" * 3000))


def test_a_line_that_is_no_header_field_is_quoted():
    body = write([(DICOM, b"ONE"), (b"\xff\xfenot a field\r\n", b"TWO")])
    parser = MultipartParser(BOUNDARY)
    events = parser.feed(body)
    assert [type(next(events)) for _ in range(3)] == [PartStarted, Payload, PartEnded]
    with pytest.raises(MalformedMultipart, match=r"head of part 2 .* no header field: 'ÿþnot a field'"):
        next(events)


@pytest.mark.parametrize("head", [b"X: " + b"a" * 995 + b"\r\n", b"X: aaaaa\r\n" * 100], ids=["line", "lines"])
def test_a_head_may_be_as_large_as_the_limit_and_not_larger(head):
    assert read([write([(head, b"ONE")])], max_header_bytes=1000).error is None
    for chunks in ([write([(b"x" + head, b"ONE")])], one_by_one(write([(b"x" + head, b"ONE")]))):
        assert read(chunks, max_header_bytes=1000).error is LimitExceeded


def test_a_length_that_is_huge_holds_nothing_back():
    first = b"--b\r\nContent-Length: 999999999\r\n\r\nONE\r\n--b\r\nContent-Length: 3\r\n\r\nTW"
    assert PartEnded() in list(MultipartParser(b"b").feed(first))
