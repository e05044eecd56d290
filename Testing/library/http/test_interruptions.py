"""Requests that nobody wants any more end at once; those of other threads on the same session do not."""

from __future__ import annotations

import threading
import time

import pytest
from DICOMWebNodesLib.auth.oauth_credential import OAuthCredential
from DICOMWebNodesLib.auth.token import Token
from DICOMWebNodesLib.auth.token_source import AskedSource
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import Cancelled, SignInRequired
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


class SlowProvider:
    """Gives a first token at once where the next one is to be ``renewed``, and keeps the other one back."""

    def __init__(self, renewed):
        self.go_on, self.is_asked = threading.Event(), threading.Event()
        self._first = [Token("first", time.time())] if renewed else []

    def __call__(self):
        if self._first:
            return self._first.pop()
        self.is_asked.set()
        self.go_on.wait(30)
        return Token("late", time.time())


@pytest.mark.parametrize("ended", ["abort", "interrupt"])
@pytest.mark.parametrize("renewed", [False, True], ids=["first token", "after a 401"])
def test_a_token_that_does_not_come_is_waited_for_as_long_as_the_answer_is_wanted(ended, renewed):
    provider, unwanted, errors = SlowProvider(renewed), threading.Event(), []
    source = AskedSource(provider)

    def answer(request):
        return Reply(b"ok", 401 if "first" in str(request.headers) else 200)

    with ScriptedServer(answer) as server:
        session = Session(Node("Scripted", server.url), OAuthCredential(source))

        def work():
            with pytest.raises(Cancelled) as caught, session.while_wanted(unwanted.is_set):
                ask(session, "quick")
            errors.append(caught.value)

        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        assert provider.is_asked.wait(20)
        unwanted.set()
        getattr(session, ended)()
        worker.join(5 * AT_ONCE)
        assert errors
        assert errors[0].node == "Scripted"
        provider.go_on.set()
        assert source.token("first").access_token == "late"  # what was asked for is not asked for again


def test_what_a_provider_says_reaches_who_asked():
    def refuse():
        raise SignInRequired("nobody is signed in", method="m")

    with ScriptedServer([]) as server:
        session = Session(Node("Scripted", server.url), OAuthCredential(AskedSource(refuse)))
        with pytest.raises(SignInRequired, match="nobody is signed in"):
            ask(session, "quick")
