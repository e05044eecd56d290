"""A session that is aborted: what runs ends at once, and nothing more is sent."""

import contextlib
import socket
import ssl
import sys
import threading
import time
from pathlib import Path

import pytest
import trustme
from DICOMWebNodesLib.errors import (
    Cancelled,
)
from DICOMWebNodesLib.nodes.tls import TLS
from fakes.scripted_server import Framing, Reply, ScriptedServer

from .asking import get, session_for


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


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """A server's TLS, and the node's."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca_file = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    return context, TLS(ca_file=str(ca_file))


def test_what_is_read_after_an_abort_is_never_what_is_encrypted(secure):
    """A bare instance that was on its way would have been given as many bytes as it wanted."""
    tls, of_node = secure
    content = bytes(range(251)) * 20_000
    with ScriptedServer([Reply(content)], tls=tls) as server:
        session = session_for(server, attempts=1, tls=of_node)
        came = bytearray()
        with session.request("GET", "studies", asked="search studies") as response:
            with contextlib.suppress(Cancelled):
                for number, chunk in enumerate(response.chunks()):
                    came += chunk
                    if not number:
                        session.abort()
    assert came == content[: len(came)]


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
