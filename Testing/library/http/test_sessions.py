"""Sessions that are lent: warm, aborted one by one, and never lent again once they were."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from dataclasses import replace

import pytest
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.wire import OpenSockets
from DICOMWebNodesLib.errors import Cancelled, ConnectionRefused
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.workspace import Query, Workspace
from DICOMWebNodesLib.workspace.sessions import Sessions
from fakes.scripted_server import Framing, Reply, ScriptedServer, json_reply

NODE = Node("Test", "http://127.0.0.1:9")


@pytest.fixture
def sessions():
    return Sessions(lambda node, pacer: Session(node, pacer=pacer), Pacer)


def test_a_session_is_lent_again_and_never_to_two(sessions):
    with sessions.lent(NODE) as first, sessions.lent(NODE) as second:
        assert first is not second
    with sessions.lent(NODE) as again:
        assert again in (first, second)


def test_a_session_that_was_aborted_is_not_lent_again(sessions):
    control = Control()
    with sessions.lent(NODE, control) as first:
        control.cancel()
    with sessions.lent(NODE) as second:
        assert second is not first


def test_cancelling_late_harms_nobody_who_has_the_session_now(sessions):
    control = Control()
    with sessions.lent(NODE, control) as first:
        pass
    with sessions.lent(NODE) as again:
        control.cancel()
        assert again is first
    with sessions.lent(NODE) as still:
        assert still is first


def test_a_session_that_ended_itself_is_not_lent_again(sessions):
    with sessions.lent(NODE) as first:
        first.abort()
    with sessions.lent(NODE) as second:
        assert second is not first


def test_a_pacer_of_ones_own_lasts_as_long_as_the_loan():
    asked = []
    sessions = Sessions(lambda node, pacer: Session(node, pacer=pacer, wait=asked.append), Pacer)
    mine = Pacer(attempts=1)
    mine.hold(60)
    with sessions.loan(NODE, mine) as loan, pytest.raises(ConnectionRefused):
        with loan.session.request("GET", "", asked="try"):
            pass
    assert asked == [pytest.approx(60, abs=10)]
    with sessions.lent(NODE) as again, pytest.raises(ConnectionRefused):
        with again.request("GET", "", asked="try"):
            pass
    assert (again, len(asked)) == (loan.session, 1)


def test_so_many_sessions_are_kept_and_no_more():
    closed = []

    class Counted(Session):
        def close(self):
            closed.append(self.node.name)
            super().close()

    sessions = Sessions(lambda node, pacer: Counted(node, pacer=pacer), Pacer)
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(sessions.lent(NODE))
    assert closed == ["Test"] * 12
    for number in range(40):
        with sessions.lent(replace(NODE, name=f"Node {number}")):
            pass
    assert closed[12:20] == ["Test"] * 8
    assert closed[20:] == [f"Node {number}" for number in range(8)]
    sessions.close()
    assert len(closed) == 60


def test_what_was_cancelled_before_asks_nothing():
    control = Control()
    control.cancel()
    with ScriptedServer([]) as server, Workspace() as workspace, pytest.raises(Cancelled):
        list(workspace.search(server.url, Query.studies(), control=control))


def test_a_search_is_cancelled_while_another_of_the_same_node_goes_on():
    """The server keeps the first search waiting for ever, and answers the second."""
    is_asked, block = threading.Event(), threading.Event()

    def answer(request):
        if "PatientID=slow" in request.query:
            is_asked.set()
            return Reply(iter(lambda: block.wait(60) and b"", b""), framing=Framing.CHUNKED)
        return json_reply([])

    with ScriptedServer(answer) as server, Workspace() as workspace:
        control, ended = Control(), []

        def search():
            with pytest.raises(Cancelled):
                list(workspace.search(server.url, Query.studies(PatientID="slow"), control=control))
            ended.append(True)

        searching = threading.Thread(target=search)
        searching.start()
        assert is_asked.wait(10)
        control.cancel()
        searching.join(10)
        assert ended
        assert list(workspace.search(server.url, Query.studies(PatientID="quick"))) == []
        block.set()


def test_a_connection_that_comes_to_be_after_the_end_is_ended():
    sockets = OpenSockets()
    sockets.shut_down()
    late, other_end = socket.socketpair()
    with late, other_end:
        sockets.add(late)
        assert other_end.recv(1) == b""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows forks no process, which is not part of the project")
@pytest.mark.filterwarnings("ignore:.*fork")
def test_a_forked_process_uses_no_session_of_its_parent(sessions):
    with sessions.lent(NODE) as idle:
        pass

    def is_another():
        with sessions.lent(NODE) as own:
            return own is not idle

    assert in_a_fork(is_another)
    with contextlib.ExitStack() as lent:
        lent.enter_context(sessions.lent(NODE))
        assert in_a_fork(lambda: lent.close() or is_another())
    assert not is_another(), "the parent goes on with it"


def in_a_fork(holds):
    """Whether a child process finds that ``holds()``."""
    child = os.fork()
    if not child:
        status = 1
        with contextlib.suppress(BaseException):
            status = 0 if holds() else 1
        os._exit(status)
    return os.waitpid(child, 0)[1] == 0
