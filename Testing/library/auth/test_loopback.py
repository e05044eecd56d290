"""The listener that waits for the browser: which requests are the answer, and what becomes of the others."""

import socket
import struct

import pytest
from DICOMWebNodesLib.auth.cancellation import Cancellation
from DICOMWebNodesLib.auth.loopback import RedirectListener, callback_query
from DICOMWebNodesLib.auth.pages import page
from DICOMWebNodesLib.errors import SignInCancelled, SignInFailed, SignInTimedOut
from hypothesis import given
from hypothesis import strategies as st

HOSTS = {b"127.0.0.1:5555", b"localhost:5555"}


def head(target="/callback?a=b", method="GET", version="HTTP/1.1", host="127.0.0.1:5555", more=""):
    return f"{method} {target} {version}\r\nHost: {host}\r\n{more}\r\n".encode("latin-1")


@pytest.mark.parametrize(
    ("request_head", "query"),
    [
        (head(), "a=b"),
        (head("/callback"), ""),
        (head("/callback?"), ""),
        (head("/callback?a=b?c"), "a=b?c"),
        (head(host="LOCALHOST:5555"), "a=b"),
        (head(version="HTTP/1.0"), "a=b"),
        (head(more="Cookie: x\r\n"), "a=b"),
    ],
)
def test_the_answer_is_a_get_of_the_callback_path_on_this_computer(request_head, query):
    assert callback_query(request_head, b"/callback", HOSTS) == query


@pytest.mark.parametrize(
    "request_head",
    [
        head(method="POST"),
        head(method="get"),
        head("/callback/?a=b"),
        head("/other?a=b"),
        head("http://127.0.0.1:5555/callback?a=b"),
        head("/callback?a=\xe4"),
        head("/callback?a= b"),
        head(version="HTTP/2"),
        head(version="HTTP/1.1 x"),
        head(host="evil.example.org"),
        head(host="127.0.0.1:5556"),
        head(host="127.0.0.1"),
        head(more="Host: 127.0.0.1:5555\r\n"),
        b"GET /callback?a=b HTTP/1.1\r\n\r\n",
        b"GET /callback?a=b HTTP/1.1\n\n",
        b"",
        b"\r\n\r\n",
    ],
)
def test_nothing_else_is(request_head):
    assert callback_query(request_head, b"/callback", HOSTS) is None


@given(st.binary())
def test_no_bytes_confuse_it(content):
    assert callback_query(content, b"/callback", HOSTS) is None


def test_it_listens_on_this_computer_only():
    with RedirectListener() as listener:
        assert listener._socket.getsockname()[0] == "127.0.0.1"
        assert listener.redirect_uri == f"http://127.0.0.1:{listener.port}/callback"


def test_a_port_is_not_shared_by_two_sign_ins():
    with RedirectListener() as listener:
        with pytest.raises(SignInFailed, match=f"port {listener.port} of this computer"):
            RedirectListener(port=listener.port)


def test_a_closed_listener_listens_no_more():
    with RedirectListener() as listener:
        pass
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", listener.port), timeout=10)


def test_a_request_that_comes_in_pieces_is_put_together():
    with RedirectListener() as listener:
        request = head(f"/callback?{'x' * 3000}", host=f"127.0.0.1:{listener.port}")
        with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as connection:

            def accept(query):
                return query

            for start in range(0, len(request), 700):
                connection.sendall(request[start : start + 700])
            callback = listener.wait(accept, timeout=10, cancellation=Cancellation())
            callback.show(b"page")
            assert callback.accepted == "x" * 3000
            assert connection.recv(20).startswith(b"HTTP/1.1 200 OK")


def test_a_connection_that_says_nothing_is_dropped():
    now, opened = [0.0], []

    def connect(*said):
        connection = socket.create_connection(("127.0.0.1", listener.port), timeout=10)
        opened.append(connection)
        for query in said:
            connection.sendall(head(f"/callback?{query}", host=f"127.0.0.1:{listener.port}"))
        return connection

    def accept(query):
        if query == "last":
            return query
        now[0] += 11.0  # longer than a connection may be silent
        connect("last")
        return None

    with RedirectListener(clock=lambda: now[0]) as listener:
        silent = connect()
        connect("first")
        listener.wait(accept, timeout=60, cancellation=Cancellation()).show(b"page")
        assert silent.recv(10) == b""
    for each in opened:
        each.close()


def test_a_connection_that_ends_or_breaks_is_let_go_and_disturbs_nobody():
    with RedirectListener() as listener:
        address = ("127.0.0.1", listener.port)
        ended = socket.create_connection(address, timeout=10)
        ended.shutdown(socket.SHUT_WR)
        with socket.create_connection(address, timeout=10) as broken:
            broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets it
        with socket.create_connection(address, timeout=10) as talking:
            talking.sendall(head("/callback?x", host=f"127.0.0.1:{listener.port}"))
            listener.wait(lambda query: query, timeout=10, cancellation=Cancellation()).show(b"page")
            assert talking.recv(20).startswith(b"HTTP/1.1 200 OK")
        with ended:
            assert ended.recv(10) == b""


def test_a_request_without_an_end_is_refused():
    opened = []

    def connect(content):
        opened.append(socket.create_connection(("127.0.0.1", listener.port), timeout=10))
        opened[-1].sendall(content)

    def accept(query):
        if query == "last":
            return query
        connect(head("/callback?last", host=f"127.0.0.1:{listener.port}"))
        return None

    with RedirectListener() as listener:
        connect(b"GET /callback?".ljust(16 * 1024 + 1, b"x"))
        connect(head("/callback?first", host=f"127.0.0.1:{listener.port}"))
        listener.wait(accept, timeout=10, cancellation=Cancellation()).show(b"page")
        assert opened[0].recv(20).startswith(b"HTTP/1.1 404")
    for each in opened:
        each.close()


def test_nobody_waits_longer_than_was_said():
    times = iter([0.0, 5.0, 10.0])
    with RedirectListener(clock=lambda: next(times)) as listener:
        with pytest.raises(SignInTimedOut, match="within 5 s"):
            listener.wait(lambda query: None, timeout=5, cancellation=Cancellation())


def test_a_wait_that_was_cancelled_before_does_not_begin():
    cancellation = Cancellation()
    cancellation.cancel()
    with RedirectListener() as listener:
        with pytest.raises(SignInCancelled):
            listener.wait(lambda query: None, timeout=60, cancellation=cancellation)


def test_cancelling_after_the_end_disturbs_nobody():
    cancellation = Cancellation()
    with RedirectListener(clock=iter([0.0, 99.0]).__next__) as listener:
        with pytest.raises(SignInTimedOut):
            listener.wait(lambda query: None, timeout=5, cancellation=cancellation)
    cancellation.cancel()
    with pytest.raises(SignInCancelled):
        cancellation.check()


def test_of_too_many_connections_the_oldest_goes():
    with RedirectListener() as listener:
        address = ("127.0.0.1", listener.port)
        idle = [socket.create_connection(address, timeout=10) for _ in range(80)]
        with socket.create_connection(address, timeout=10) as talking:
            talking.sendall(head("/callback?x", host=f"127.0.0.1:{listener.port}"))
            listener.wait(lambda query: query, timeout=10, cancellation=Cancellation()).show(b"page")
        assert idle[0].recv(10) == b""
        idle[-1].setblocking(False)
        with pytest.raises(BlockingIOError):
            idle[-1].recv(10)
        for each in idle:
            each.close()


def test_a_page_shows_text_as_text():
    content = page("<b>", "</p><script>alert('x')</script> & more").decode()
    assert "&lt;b&gt;" in content
    assert "&lt;/p&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; more" in content
