"""HTTP to one node: what is repeated, what goes where, and what every failure becomes."""

import contextlib
import itertools
import socket
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
import requests
from DICOMWebNodesLib.auth.credentials import BasicAuth, BearerAuth, Credential
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.response import Response
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import (
    Cancelled,
    Conflict,
    ConnectionLost,
    ConnectionRefused,
    Forbidden,
    Gone,
    LimitExceeded,
    MalformedJSON,
    NameNotResolved,
    NotAcceptable,
    NotDICOMweb,
    NotFound,
    PayloadTooLarge,
    RedirectRefused,
    ResponseError,
    ServerError,
    TimedOut,
    TooManyRequests,
    Unauthorized,
)
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Framing, Reply, Request, ScriptedServer, json_reply

HTML = {"Content-Type": "text/html"}


class Waits(list):
    """Takes the place of waiting: remembers for how long."""

    def __call__(self, seconds):
        self.append(seconds)


def session_for(server, *, waits=None, attempts=5, credential=None, clock=time.monotonic, **fields):
    node = Node("Test", getattr(server, "url", server), **fields)
    pacer = Pacer(attempts=attempts, random=lambda: 0.0)
    return Session(node, credential, pacer=pacer, wait=Waits() if waits is None else waits, clock=clock)


def get(session, path="studies", **options):
    with session.request("GET", path, asked="search studies", **options) as response:
        return response.json()


# --- what is repeated -----------------------------------------------------------------------------------------------


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


# --- what every status becomes ------------------------------------------------------------------------------------


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
        (501, ServerError, "Try again later"),
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


# --- what goes where -----------------------------------------------------------------------------------------------


def test_headers_and_credential_go_to_the_node():
    with ScriptedServer([json_reply([])]) as server:
        get(session_for(server, credential=BearerAuth("s3cret"), headers=(("X-Site", "7"),)))
        fields = server.requests[0].headers
    assert fields["authorization"] == "Bearer s3cret"
    assert fields["x-site"] == "7"


def test_a_redirect_within_the_server_keeps_them():
    with ScriptedServer([Reply(status=307, headers={"Location": "/other"}), json_reply([1])]) as server:
        assert get(session_for(server, credential=BearerAuth("s3cret"))) == [1]
        assert [(each.path, each.headers["authorization"]) for each in server.requests] == [
            ("/dicom-web/studies", "Bearer s3cret"),
            ("/other", "Bearer s3cret"),
        ]


def test_a_redirect_to_another_server_takes_nothing_along():
    with ScriptedServer([json_reply([1])]) as other:
        redirect = Reply(status=302, headers={"Location": f"{other.origin}/x", "Set-Cookie": "session=s3cret"})
        with ScriptedServer([redirect]) as server:
            assert get(session_for(server, credential=BearerAuth("s3cret"), headers=(("X-Key", "s3cret"),))) == [1]
        assert "s3cret" not in repr(other.requests[0])


def test_a_store_does_not_follow_to_another_server():
    with ScriptedServer([]) as other:
        with ScriptedServer([Reply(status=307, headers={"Location": other.url})]) as server:
            with pytest.raises(RedirectRefused, match="another host"):
                with session_for(server).request("POST", "studies", asked="store", body=lambda: b"x"):
                    pass


@pytest.mark.parametrize("location", ["/dicom-web/studies", "ftp://127.0.0.1/x", "file:///etc/passwd"])
def test_a_redirect_in_a_circle_or_to_an_unsafe_place_is_refused(location):
    with ScriptedServer([Reply(status=301, headers={"Location": location})]) as server:
        with pytest.raises(RedirectRefused):
            get(session_for(server))


@pytest.mark.parametrize(
    "location", ["http://[hush/x", "http://127.0.0.1:0/hush", "http://127.0.0.1:x/hush", "http://.invalid/hush"]
)
def test_a_redirect_to_what_is_no_address_is_refused_without_quoting_it(location):
    reply = Reply(status=302, headers={"Location": location})
    with (
        ScriptedServer([reply]) as server,
        pytest.raises(RedirectRefused, match="to an address that is none") as caught,
    ):
        get(session_for(server))
    assert "hush" not in str(caught.value)


def test_an_error_that_echoes_the_credential_does_not_show_it():
    def echo(request: Request) -> Reply:
        return Reply(f"who is {request.headers['authorization']} {request.headers['x-key']}".encode(), 403)

    with ScriptedServer(echo) as server, pytest.raises(Forbidden) as caught:
        get(session_for(server, credential=BasicAuth("me", "pa55word"), headers=(("X-Key", "k3y-value"),)))
    shown = f"{caught.value} {caught.value.detail} {caught.value.as_dict()}"
    assert "pa55word" not in shown
    assert "k3y-value" not in shown
    assert server.requests[0].headers["authorization"].split()[1] not in shown


class Renewable(Credential):
    def __init__(self, tokens):
        self._tokens = list(tokens)

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._tokens[0]}"
        return request

    def renew(self):
        self._tokens.pop(0)
        return bool(self._tokens)


def test_a_401_renews_the_credential_once_and_asks_again():
    with ScriptedServer([Reply(status=401), json_reply([1])]) as server:
        assert get(session_for(server, credential=Renewable(["old", "new"]))) == [1]
        assert [each.headers["authorization"] for each in server.requests] == ["Bearer old", "Bearer new"]


def test_a_second_401_is_final():
    with ScriptedServer([Reply(status=401)] * 2) as server, pytest.raises(Unauthorized):
        get(session_for(server, credential=Renewable(["old", "new", "newer"])))


def test_another_server_that_wants_a_sign_in_is_not_taken_for_the_node():
    """Its 401 renews no token of the node, and nobody is told to sign in there."""
    credential = Renewable(["old", "new"])
    with ScriptedServer([Reply(status=401)]) as other:
        with ScriptedServer([redirect_to(other)]) as server:
            with pytest.raises(RedirectRefused, match=r"127\.0\.0\.1:\d+\), which answered 401.*a node of its own"):
                get(session_for(server, credential=credential))
    assert credential.renew()  # both are still there


def test_a_cookie_goes_back_to_the_server_that_set_it_and_to_no_other():
    with ScriptedServer(lambda request: json_reply([])) as other:
        replies = [Reply(b"[]", headers={"Set-Cookie": "route=backend-2"}), json_reply([]), redirect_to(other)]
        with ScriptedServer(replies) as server:
            session = session_for(server)
            for _ in replies:
                get(session)
            assert [request.headers.get("cookie") for request in server.requests] == [None, *["route=backend-2"] * 2]
        assert [request.headers.get("cookie") for request in other.requests] == [None]


def redirect_to(other):
    return Reply(status=302, headers={"Location": f"{other.origin}/x"})


def test_a_path_that_is_not_plain_is_written_as_requests_writes_it():
    with ScriptedServer([json_reply([])] * 4) as server:
        session = session_for(server)
        for path in ("studies/1.2", "studies/a b", "studies/./1.2?x=%7e", "studies/1%2E2"):
            get(session, path)
        asked = [(request.path.partition("/studies/")[2], request.query) for request in server.requests]
        assert asked == [("1.2", ""), ("a%20b", ""), ("1.2", "x=~"), ("1.2", "")]


def test_credentials_in_netrc_are_not_used(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with ScriptedServer([json_reply([])]) as server:
        get(session_for(server))
        assert "authorization" not in server.requests[0].headers


# --- cancelling -------------------------------------------------------------------------------------------------------


def test_aborting_ends_a_request_that_waits_for_an_answer():
    answering, ended = threading.Event(), []

    def never(request):
        answering.set()
        return Reply(iter(lambda: block.wait(60) and b"", b""), framing=Framing.CHUNKED)

    block = threading.Event()
    with ScriptedServer(never) as server:
        session = session_for(server)

        def ask():
            with pytest.raises(Cancelled) as caught:
                get(session)
            ended.append(caught.value)

        asking = threading.Thread(target=ask)
        asking.start()
        assert answering.wait(10)
        session.abort()
        asking.join(10)
        block.set()
    assert "could not search studies: it was cancelled" in str(ended[0])


def abort_when(reached, session):
    """What becomes of a request whose session another thread aborts as soon as ``reached()`` returns, and how long that
    takes."""
    ended = []

    def ask():
        try:
            get(session)
        except Exception as error:
            ended.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    reached()
    session.abort()
    asking.join(5)
    assert not asking.is_alive()
    return ended[0]


def test_aborting_ends_a_handshake_that_hangs():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()

        def greeted():
            connection, _ = silent.accept()
            taken.append(connection)
            connection.recv(1)

        taken = []
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/dicom-web"
        error = abort_when(greeted, session_for(url, connect_timeout=60, read_timeout=60))
        taken[0].close()
    assert isinstance(error, Cancelled)


def unanswered(port):
    """How many connections to a port of this machine are begun and not answered."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    syn_sent, there = "02", f":{port:04X}"
    return sum(row[3] == syn_sent and row[2].endswith(there) for row in rows)


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that does not answer when nobody accepts")
def test_aborting_ends_a_connection_that_is_not_answered():
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
        before, give_up_at = unanswered(port), time.monotonic() + 20

        def begun():
            while unanswered(port) == before:
                assert time.monotonic() < give_up_at

        assert before
        error = abort_when(begun, session_for(f"http://127.0.0.1:{port}/dicom-web", connect_timeout=60))
    assert isinstance(error, Cancelled)


def test_an_aborted_session_sends_nothing_more():
    with ScriptedServer([]) as server:
        session = session_for(server)
        session.abort()
        with pytest.raises(Cancelled):
            get(session)
