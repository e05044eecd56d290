"""What every status and every answer becomes: an error that says what to do, or values."""

import itertools
import tracemalloc

import pytest
import requests
from DICOMWebNodesLib.dicomweb.response import Response
from DICOMWebNodesLib.errors import (
    Conflict,
    ConnectionLost,
    Forbidden,
    Gone,
    LimitExceeded,
    MalformedJSON,
    NotAcceptable,
    NotDICOMweb,
    NotFound,
    PayloadTooLarge,
    ResponseError,
    ServerError,
    TooManyRequests,
    Unauthorized,
)
from DICOMWebNodesLib.errors.server_words import words_of
from fakes.scripted_server import Framing, Reply, ScriptedServer

from .asking import HTML, get, session_for


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (400, ResponseError, ""),
        (401, Unauthorized, "Sign in, or check"),
        (403, Forbidden, "administrator"),
        (404, NotFound, "Check the node's URL"),
        (406, NotAcceptable, "transfer syntax"),
        (409, Conflict, ""),
        (410, Gone, "archive"),
        (413, PayloadTooLarge, "Narrow the search"),
        (429, TooManyRequests, "Wait a little"),
        (500, ServerError, "Try again later"),
        (501, ServerError, "does not offer this"),
        (503, ServerError, "Try again later"),
    ],
)
def test_every_refusal_names_the_node_the_request_and_the_next_step(status, kind, advice):
    reply = Reply(b'{"errorMessage": "because I say so"}', status, {"Content-Type": "application/json"})
    with ScriptedServer(lambda request: reply) as server, pytest.raises(kind) as caught:
        get(session_for(server, attempts=1))
    text = str(caught.value)
    assert text.startswith(f"Test: could not search studies: the server answered {status} ")
    assert "“because I say so”" in text
    assert advice in text
    assert caught.value.status == status


def test_a_page_of_html_says_its_title_without_markup():
    page = b"<html><head><title>Log \x1b[31min</title></head><script>x</script></html>"
    with ScriptedServer([Reply(page, 200, HTML)]) as server, pytest.raises(NotDICOMweb) as caught:
        get(session_for(server))
    assert "text/html, not DICOMweb" in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert "<" not in str(caught.value)
    assert "/dicom-web or /rs" in str(caught.value)


def test_a_page_whose_title_begins_without_end_is_read_once():
    """To look for an end behind each beginning would take hours."""
    assert words_of("<title >" * 300_000) == ""
    assert words_of("<title" * 300_000).startswith("<title<title")


def test_a_title_is_found_behind_a_long_beginning():
    assert words_of(f"<html><!-- {'x' * 20_000} --><TITLE lang='en'>Bad\nGateway</TITLE><p>") == "Bad Gateway"


def test_json_that_is_none_is_quoted():
    with ScriptedServer([Reply(b'[{"0020', 200)]) as server, pytest.raises(MalformedJSON, match=r'“\[\{"0020”'):
        get(session_for(server))


NESTED = b"[" * 10_000 + b"]" * 10_000


DEEP = {
    "an array": NESTED,
    "without an end": b"[" * 100_000,
    "a value": b'[{"00100010": {"vr": "PN", "Value": %b}}]' % NESTED,
    "a sequence": b'[{"00081199":{"Value":' * 10_000 + b"[]" + b"}}]" * 10_000,
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_json_nested_ten_thousand_deep_is_refused(body):
    with ScriptedServer([Reply(body)]) as server, pytest.raises(MalformedJSON, match="nested"):
        get(session_for(server))


@pytest.mark.parametrize("length", ["9" * 300, "9" * 5000], ids=len)
def test_an_answer_that_announces_a_length_without_measure_is_refused(length):
    with ScriptedServer([Reply(b"[]", headers={"Content-Length": length}, framing=Framing.CLOSE)]) as server:
        with pytest.raises(LimitExceeded):
            get(session_for(server, attempts=1))


def test_an_answer_larger_than_the_limit_is_refused_while_it_arrives():
    endless = Reply((b"[" * 65536 for _ in range(1000)), framing=Framing.CHUNKED)
    with ScriptedServer([endless]) as server, pytest.raises(LimitExceeded, match="larger than 100,000 bytes"):
        with session_for(server).request("GET", "studies", asked="search studies") as response:
            response.json(limit=100_000)


@pytest.mark.parametrize("framing", [Framing.LENGTH, Framing.CHUNKED])
def test_json_of_two_gigabytes_is_refused_before_it_fills_the_memory(framing):
    huge = Reply(itertools.repeat(b"[" * 65536, 1 << 15), framing=framing, length=1 << 31)
    tracemalloc.start()
    try:
        with ScriptedServer([huge]) as server, pytest.raises(LimitExceeded) as caught:
            get(session_for(server, document_limit=8))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(caught.value) == (
        "Test: could not search studies: the answer is larger than 8,388,608 bytes. "
        "Ask for less, or raise the node's document limit."
    )
    assert peak < 24 << 20


def test_a_node_can_raise_the_limit_of_a_document():
    body = b"[" + b" " * (2 << 20) + b"]"
    with ScriptedServer([Reply(body)] * 2) as server:
        with pytest.raises(LimitExceeded):
            get(session_for(server, document_limit=2))
        assert get(session_for(server, document_limit=3)) == []


def test_an_answer_that_ends_before_its_length_is_a_lost_connection():
    with ScriptedServer([Reply(b"[1, 2, 3]", cut_after=4)]) as server, pytest.raises(ConnectionLost) as caught:
        get(session_for(server))
    assert "Test: could not search studies: 127.0.0.1" in str(caught.value)


class EndsEarly:
    """A transport that takes the end of the connection for the end of the body, as urllib3 1 does."""

    def __init__(self, *pieces):
        self._pieces = iter(pieces)

    def read1(self, size, decode_content):
        return next(self._pieces, b"")


@pytest.mark.parametrize(("length", "chunked", "lost"), [("5", False, True), ("4", False, False), ("9", True, False)])
def test_a_transport_that_does_not_mind_the_length_is_checked(length, chunked, lost):
    answer = requests.Response()
    answer.url, answer.raw = "http://pacs.example/studies", EndsEarly(b"[", b"1 ]")
    answer.headers.update({"Content-Length": length, **({"Transfer-Encoding": "chunked"} if chunked else {})})
    response = Response(answer, lambda error: error, node="Test", asked="search", document_limit=100)
    if lost:
        with pytest.raises(ConnectionLost, match=r"pacs\.example closed the connection after 4 bytes"):
            response.read()
    else:
        assert response.json() == [1]


def test_no_content_is_an_empty_list():
    with ScriptedServer([Reply(status=204)]) as server:
        assert get(session_for(server)) == []


def test_a_header_of_a_megabyte_is_refused():
    with ScriptedServer([Reply(b"[]", headers={"X-Large": "x" * (1 << 20)})]) as server:
        with pytest.raises(ConnectionLost):
            get(session_for(server, attempts=1))
