"""What is a message, what is not, and what is said about it."""

import contextlib
import json

import pytest
from DICOMWebNodesLib.errors import NodeNotFound, NotFound
from DICOMWebNodesLib.worker.protocol import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    MESSAGE_LIMIT,
    PARSE_ERROR,
    Lines,
    ProtocolViolation,
    Request,
    error_line,
    notification_line,
    pages,
    parse_request,
    request_line,
)
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line)), st.data())
def test_lines_are_the_same_whatever_the_pieces(lines, data):
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)])]

    splitter = Lines()

    assert [line for piece in pieces for line in splitter.feed(piece)] == lines


def test_a_line_that_is_too_long_is_told_and_not_kept():
    splitter = Lines(limit=10)
    received = [line for _ in range(1000) for line in splitter.feed(b"x" * 1000)]
    assert received == []
    assert splitter._pieces == []

    assert list(splitter.feed(b"\nshort\n")) == [None, b"short"]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_a_violation(line):
    with contextlib.suppress(ProtocolViolation):
        assert isinstance(parse_request(line), Request)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", PARSE_ERROR),
        (b"\xff", PARSE_ERROR),
        (b"[" * 100_000, PARSE_ERROR),
        (b'{"jsonrpc": "2.0", "id": NaN, "method": "a"}', PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "a"}]', INVALID_REQUEST),
        (b'"text"', INVALID_REQUEST),
        (b'{"id": 1, "method": "a"}', INVALID_REQUEST),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "a"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": 1}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": true, "method": "a"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "a"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "a", "params": [1]}', INVALID_PARAMS),
    ],
)
def test_what_is_no_request_gets_the_code_of_the_standard(line, code):
    with pytest.raises(ProtocolViolation) as refusal:
        parse_request(line)
    assert refusal.value.code == code


def test_a_request_without_an_id_is_a_notification():
    assert parse_request(b'{"jsonrpc": "2.0", "method": "a"}') == Request("a", {}, None)


def test_a_request_comes_out_as_it_went_in():
    request = Request("search", {"node": "Größe 数", "path": "\udcff"}, 7)
    assert parse_request(request_line(request)) == request


def test_an_error_carries_its_code_and_all_of_its_fields():
    error = NotFound("status 404", node="Orthanc", asked="search studies", status=404)
    sent = json.loads(error_line(3, error))
    assert sent["id"] == 3
    assert sent["error"]["code"] == -32000
    assert sent["error"]["message"] == str(error)
    assert sent["error"]["data"] == error.as_dict()


def test_an_error_that_quotes_a_long_answer_is_cut_short():
    line = error_line(3, NodeNotFound("x", detail="y" * 10_000_000))
    assert len(line) < MESSAGE_LIMIT
    assert json.loads(line)["error"]["data"]["detail"].endswith(" ...")


@given(st.lists(st.text(max_size=50).map(json.dumps), max_size=50))
def test_pages_hold_all_items_in_order_and_no_page_is_longer_than_its_limit(items):
    counted = list(pages(items, limit=100))
    sent = [page for page, _ in counted]
    assert [len(json.loads(page)) for page in sent] == [count for _, count in counted]
    assert [item for page in sent for item in json.loads(page)] == [json.loads(item) for item in items]
    assert all(len(page) <= 102 + len(max(items, key=len)) for page in sent)
    assert all(json.loads(page) for page in sent)


def test_a_notification_is_one_line_of_json():
    line = notification_line("items", "job 1", "items", '["a\\nb"]')
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "jsonrpc": "2.0",
        "method": "items",
        "params": {"job": "job 1", "items": ["a\nb"]},
    }
