"""The server that other tests trust: its own dialogues, spoken over a bare socket."""

from __future__ import annotations

import socket
from typing import Iterator

import pytest
from fakes.scripted_server import Framing, Reply, Request, ScriptedServer, json_reply


def say(server: ScriptedServer, *requests: bytes) -> bytes:
    """Everything that comes back until the server ends the connection (or has answered all, for keep-alive)."""
    host, port = server.origin[len("http://") :].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"".join(requests))
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while block := connection.recv(65536):
            received += block
    return received


def get(target: str = "/") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: here\r\n\r\n".encode()


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def test_replies_come_in_the_order_of_the_script_over_one_connection() -> None:
    with ScriptedServer([Reply(b"one"), Reply(b"two", status=404)]) as server:
        answer = say(server, get("/a?x=1"), get("/b"))
    assert answer.index(b"200 OK") < answer.index(b"one") < answer.index(b"404 Not Found") < answer.index(b"two")
    assert [(request.path, request.query) for request in server.requests] == [("/a", "x=1"), ("/b", "")]


def test_a_chunked_body_is_sent_piece_by_piece() -> None:
    with ScriptedServer([Reply((b"one", b"", b"three"), framing=Framing.CHUNKED)]) as server:
        answer = say(server, get())
    assert body_of(answer) == b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"


def test_a_body_without_length_ends_with_the_connection() -> None:
    with ScriptedServer([Reply(b"all", framing=Framing.CLOSE)]) as server:
        answer = say(server, get())
    assert body_of(answer) == b"all"
    assert b"Content-Length" not in answer


@pytest.mark.parametrize("framing", Framing)
def test_a_body_can_be_cut_after_so_many_bytes(framing: Framing) -> None:
    with ScriptedServer([Reply(b"0123456789", cut_after=4, framing=framing)]) as server:
        answer = say(server, get(), get())
    assert answer.count(b"HTTP/1.1") == 1
    assert b"0123" in answer
    assert b"4" not in body_of(answer).replace(b"4\r\n", b"")


def test_a_generated_body_needs_no_memory_of_its_size() -> None:
    def megabytes() -> Iterator[bytes]:
        for _ in range(8):
            yield bytes(1 << 20)

    with ScriptedServer([Reply(megabytes(), length=8 << 20)]) as server:
        assert len(body_of(say(server, get()))) == 8 << 20


def test_a_silent_reply_ends_the_connection_without_a_word() -> None:
    with ScriptedServer([Reply(silent=True)]) as server:
        assert say(server, get()) == b""


def test_an_early_reply_does_not_wait_for_the_body() -> None:
    with ScriptedServer([Reply(status=413, early=True)]) as server:
        answer = say(server, b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 99999999999\r\n\r\n")
    assert b"413" in answer
    assert server.requests[0].length == 0


def test_a_step_may_be_a_function_of_the_request() -> None:
    def echo(request: Request) -> Reply:
        return Reply(request.body[::-1])

    with ScriptedServer(echo) as server:
        answer = say(server, b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc", get())
    assert b"cba" in answer


def test_a_chunked_request_arrives_whole_and_only_its_beginning_is_kept() -> None:
    with ScriptedServer([Reply()], keep=4) as server:
        say(
            server,
            b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
        )
    (request,) = server.requests
    assert (request.body, request.length) == (b"abcd", 6)
    assert request.sha256 == "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"


def test_json_replies_say_their_type() -> None:
    with ScriptedServer([json_reply([{"x": 1}], Retry_After="3")]) as server:
        answer = say(server, get())
    assert b"Content-Type: application/dicom+json\r\n" in answer
    assert b"Retry-After: 3\r\n" in answer
    assert body_of(answer) == b'[{"x": 1}]'


def test_a_request_beyond_the_script_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="not in the script: GET /more"), ScriptedServer([]) as server:
        assert b"500" in say(server, get("/more"))


def test_a_reply_that_nobody_came_for_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="1 replies were never asked for"), ScriptedServer([Reply()]):
        pass


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: here\r\n\r\n",
        b"GET /a^b HTTP/1.1\r\nHost: here\r\n\r\n",
        b"GET /?x=\xc3\xa9 HTTP/1.1\r\nHost: here\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_a_request_that_breaks_http_fails_the_test(request_bytes: bytes) -> None:
    with pytest.raises(AssertionError, match=r"not|two"), ScriptedServer([]) as server:
        say(server, request_bytes)


def test_a_step_that_fails_fails_the_test() -> None:
    def wrong(request: Request) -> Reply:
        assert request.query == "limit=1"
        return Reply()

    with pytest.raises(AssertionError, match="the script failed at GET /"), ScriptedServer(wrong) as server:
        say(server, get("/"))


def test_an_error_in_the_test_is_not_hidden_by_an_unfinished_script() -> None:
    with pytest.raises(ZeroDivisionError), ScriptedServer([Reply()]):
        raise ZeroDivisionError
