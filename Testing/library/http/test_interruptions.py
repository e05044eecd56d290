"""Requests that nobody wants any more end at once; those of other threads on the same session do not."""

from __future__ import annotations

import threading
import time

import pytest
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import Cancelled
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Reply, ScriptedServer

AT_ONCE = 1.0  # seconds


@pytest.fixture
def scene():
    """A server that answers /quick, keeps silent at /silent, and is always busy at /busy; a session with it."""
    go_on, is_asked = threading.Event(), threading.Event()

    def answer(request):
        if request.path.endswith("/quick"):
            return Reply(b"ok")
        is_asked.set()
        if request.path.endswith("/busy"):
            return Reply(b"", 503, {"Retry-After": "60"})
        go_on.wait(30)
        return Reply(b"late")

    with ScriptedServer(answer) as server:
        yield Session(Node("Scripted", server.url)), is_asked
        go_on.set()


def ask(session, path):
    with session.request("GET", path, asked="ask") as response:
        return response.read()


@pytest.mark.parametrize("path", ["silent", "busy"])
def test_what_is_unwanted_ends_at_once_and_the_session_goes_on(scene, path):
    session, is_asked = scene
    unwanted, ended = threading.Event(), []

    def work():
        ask(session, "quick")  # the next one goes over a warm connection
        with session.while_wanted(unwanted.is_set):
            try:
                ask(session, path)
            except Cancelled as error:
                ended.append((time.monotonic(), error))

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    assert is_asked.wait(20)
    session.interrupt()  # somebody else's is unwanted: nothing happens
    unwanted.set()
    interrupted_at = time.monotonic()
    session.interrupt()
    worker.join(20)
    assert ended[0][0] - interrupted_at < AT_ONCE
    if path == "silent":  # a busy server is left alone for a minute
        assert ask(session, "quick") == b"ok"


def test_nothing_is_asked_for_what_is_unwanted(scene):
    session, is_asked = scene
    with session.while_wanted(lambda: True), pytest.raises(Cancelled):
        ask(session, "silent")
    assert not is_asked.is_set()
    assert ask(session, "quick") == b"ok"
