"""What is repeated of requests that fail, and what no wait outlasts."""

import itertools
import socket
import threading

import pytest
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import (
    ConnectionLost,
    ConnectionRefused,
    NameNotResolved,
    ResponseError,
    ServerError,
    TimedOut,
)
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Framing, Reply, ScriptedServer, json_reply

from .asking import Waits, get, session_for


def test_a_busy_server_is_asked_again_after_the_time_it_names():
    waits = Waits()
    with ScriptedServer([Reply(status=503, headers={"Retry-After": "7"}), json_reply([1])]) as server:
        assert get(session_for(server, waits=waits)) == [1]
    assert max(waits) == 7


def test_what_one_request_is_told_to_wait_all_others_of_the_node_wait_too():
    waits = Waits()
    pacer = Pacer(clock=lambda: 0.0, random=lambda: 0.0)  # time stands still: the wait is never over
    with ScriptedServer([Reply(status=503, headers={"Retry-After": "7"}), json_reply([1]), json_reply([2])]) as server:
        first, second = (Session(Node("Test", server.url), pacer=pacer, wait=waits) for _ in range(2))
        get(first)
        del waits[:]
        get(second)
    assert list(waits) == [7]


def test_a_date_to_retry_after_is_read_by_the_servers_own_clock():
    dates = {"Date": "Mon, 01 Jan 2001 00:00:00 GMT", "Retry-After": "Mon, 01 Jan 2001 00:00:09 GMT"}
    waits = Waits()
    with ScriptedServer([Reply(status=429, headers=dates), json_reply([1])]) as server:
        assert get(session_for(server, waits=waits)) == [1]
    assert max(waits) == 9


def test_a_dropped_connection_is_opened_again():
    with ScriptedServer([Reply(silent=True), Reply(silent=True), json_reply([1])]) as server:
        assert get(session_for(server)) == [1]


def test_a_server_that_stays_busy_is_given_up():
    with (
        ScriptedServer([Reply(status=503)] * 3) as server,
        pytest.raises(ServerError, match="Test: could not search studies: the server answered 503"),
    ):
        get(session_for(server, attempts=3))


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again_without_being_told_when(status):
    waits = Waits()
    with ScriptedServer([Reply(status=status), json_reply([1])]) as server:
        assert get(session_for(server, waits=waits)) == [1]
    assert max(waits) > 0


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 413, 500])
def test_a_server_that_says_no_is_not_asked_again(status):
    with ScriptedServer([Reply(status=status)]) as server, pytest.raises(ResponseError):
        get(session_for(server))


@pytest.mark.parametrize("reply", [Reply(silent=True), Reply(status=502), Reply(status=504), Reply(status=408)])
def test_a_store_that_may_have_been_processed_is_not_sent_twice(reply):
    with ScriptedServer([reply]) as server, pytest.raises((ConnectionLost, ServerError, ResponseError)):
        with session_for(server).request("POST", "studies", asked="store", body=lambda: b"once"):
            pass


def test_the_body_of_a_store_that_was_refused_is_built_anew():
    bodies = iter([b"first", b"second"])
    with ScriptedServer([Reply(status=503), json_reply({})]) as server:
        with session_for(server).request("POST", "studies", asked="store", body=lambda: next(bodies)):
            pass
        assert [request.body for request in server.requests] == [b"first", b"second"]


def test_a_port_where_nothing_listens_is_reported_at_once():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        waits = Waits()
        with pytest.raises(ConnectionRefused, match=r"Test: .* nothing listens at 127.0.0.1:\d+\. Check the port"):
            get(session_for(f"http://127.0.0.1:{unused.getsockname()[1]}/dicom-web", waits=waits))
    assert not waits


def test_a_name_that_does_not_resolve_is_named():
    with pytest.raises(NameNotResolved, match=r"no computer is known as nowhere\.invalid"):
        get(session_for("http://nowhere.invalid/dicom-web"))


def test_a_server_that_is_silent_for_the_read_time_out_is_reported():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/dicom-web"
        with pytest.raises(TimedOut, match="sent nothing for too long"):
            get(session_for(url, read_timeout=0.05))


def test_a_server_that_stops_in_the_middle_of_a_body_for_the_read_time_out_is_reported():
    given_up = threading.Event()

    def stops():
        yield b"[1, ".ljust(100_000)
        given_up.wait(20)

    with ScriptedServer([Reply(stops(), framing=Framing.CHUNKED)]) as server:
        with session_for(server, read_timeout=0.05).request("GET", "studies", asked="search studies") as response:
            with pytest.raises(TimedOut, match="sent nothing for too long"):
                response.read()
        given_up.set()


class Drip:
    """A server's clock and content: a second passes at each look at the clock, and with each a byte comes at most."""

    def __init__(self):
        self._seconds = itertools.count()
        self._looks = threading.Semaphore(8)  # the server looks ahead

    def clock(self):
        self._looks.release()
        return next(self._seconds)

    def bytes(self):
        while self._looks.acquire(timeout=30):
            yield b"x"


def test_a_server_that_drips_is_given_up_though_it_never_stops():
    drip = Drip()
    with ScriptedServer([Reply(drip.bytes(), framing=Framing.CHUNKED)]) as server:
        session = session_for(server, clock=drip.clock)
        with session.request("GET", "studies", asked="search studies") as response:
            with pytest.raises(TimedOut, match=r"only \d+ bytes came in 60 s"):
                response.read()


def test_a_server_that_drips_compressed_bytes_that_make_nothing_is_given_up_too():
    drip = Drip()
    endless_name = itertools.chain([b"\x1f\x8b\x08\x08" + bytes(6)], drip.bytes())
    reply = Reply(endless_name, headers={"Content-Encoding": "gzip"}, framing=Framing.CHUNKED)
    with ScriptedServer([reply]) as server:
        session = session_for(server, clock=drip.clock)
        with session.request("GET", "studies", asked="search studies") as response:
            with pytest.raises(TimedOut, match=r"only \d+ bytes came in 6\d s"):
                response.read()


def test_a_reader_that_takes_its_time_is_not_mistaken_for_a_server_that_drips():
    now = [0.0]
    with ScriptedServer([Reply([b"1", b"2", b"3"], framing=Framing.CHUNKED)]) as server:
        session = session_for(server, clock=lambda: now[0])
        with session.request("GET", "studies", asked="search studies") as response:
            for _ in response.chunks():
                now[0] += 1000
    assert response.complete
