"""A store at a server that fails: what arrived, what did not, and what nobody can know."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List

import pytest
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.store_outcome import StoreStatus, StoreSummary
from DICOMWebNodesLib.dicomweb.stow_rs import StowRS
from DICOMWebNodesLib.errors import (
    Cancelled,
    ConnectionLost,
    ConnectionRefused,
    Forbidden,
    NotDICOMweb,
    ResponseError,
    ServerError,
    Unauthorized,
)
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

from .stores import (
    SERIES,
    Outcomes,
    accepts_all,
    account,
    numbers_in,
    store,
    store_and_search,
    uids_in,
)


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Unauthorized), (403, Forbidden), (404, ResponseError), (415, ResponseError), (507, ServerError)],
)
def test_a_service_that_fails_ends_the_store(make: Callable[..., List[Path]], status: int, error: type) -> None:
    outcomes = Outcomes()
    with ScriptedServer([accepts_all, Reply(status=status)]) as server, pytest.raises(error) as caught:
        store(server, make(1, 2, 3), on_outcome=outcomes)
    assert str(caught.value).startswith(f"Scripted: could not store 2 instances: the server answered {status}")
    assert outcomes.by_name() == {"1.dcm": StoreStatus.STORED}


def test_a_web_page_is_no_account(make: Callable[..., List[Path]]) -> None:
    page = Reply(b"<html><title>Sign in</title></html>", headers={"Content-Type": "text/html"})
    with ScriptedServer([page]) as server, pytest.raises(NotDICOMweb, match="Sign in"):
        store(server, make(1))


def test_a_busy_server_is_sent_the_same_again(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer([Reply(status=503, headers={"Retry-After": "1"}), accepts_all]) as server:
        assert store(server, make(1)).stored == 1
    assert server.requests[0].body == server.requests[1].body
    assert [numbers_in(request) for request in server.requests] == [[1], [1]]


def test_a_lost_connection_is_tried_again(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer([accepts_all, Reply(silent=True), accepts_all]) as server:
        assert store(server, make(1, 2)).stored == 2


def test_an_instance_that_kills_the_connection_fails_and_the_others_arrive(make: Callable[..., List[Path]]) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "GET":
            return json_reply([])
        return Reply(silent=True) if 4 in numbers_in(request) else accepts_all(request)

    with ScriptedServer(answer) as server:
        summary = store_and_search(server, make(*range(7)))
    assert (summary.stored, summary.failed) == (6, 1)
    assert "closed the connection" in summary.failures[0].reason


@pytest.mark.parametrize(
    ("ask", "search"),
    [(store, Reply()), (store_and_search, Reply(status=404))],
    ids=["no search", "a search that fails"],
)
def test_an_instance_whose_answer_is_lost_may_have_arrived_where_nothing_can_tell(
    make: Callable[..., List[Path]], ask: Callable[..., StoreSummary], search: Reply
) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "GET":
            return search
        return Reply(silent=True) if 1 in numbers_in(request) else accepts_all(request)

    with ScriptedServer(answer) as server:
        summary = ask(server, make(1, 2))
    assert (summary.stored, summary.unconfirmed, summary.failed) == (1, 1, 0)
    assert "closed the connection" in summary.failures[0].reason


def test_of_a_batch_whose_answer_is_lost_only_what_did_not_arrive_is_sent_again(
    make: Callable[..., List[Path]],
) -> None:
    at_the_server: List[str] = []

    def answer(request: Request) -> Reply:
        if request.method == "GET":
            return json_reply(
                [] if "offset" in request.query else [{"00080018": {"Value": [u]}} for u in at_the_server]
            )
        arrived = uids_in(request)[:2]
        at_the_server.extend(arrived)
        return json_reply(account(arrived)) if len(uids_in(request)) < 3 else Reply(silent=True)

    with ScriptedServer(answer) as server:
        summary = store_and_search(server, make(*range(7)))
    sent = [numbers_in(request) for request in server.requests if request.method == "POST"]
    assert sent == [[0], [1, 2], [3, 4, 5, 6], [5, 6]]
    assert (summary.stored, summary.complete) == (7, True)


def test_what_was_under_way_when_the_store_was_cancelled_is_unknown(make: Callable[..., List[Path]]) -> None:
    files, outcomes = make(1, 2), Outcomes()

    with ScriptedServer(lambda request: cancel(request)) as server:
        session = Session(Node("Scripted", server.url), wait=lambda seconds: None)

        def cancel(request: Request) -> Reply:
            if numbers_in(request) == [1]:
                return accepts_all(request)
            session.abort()
            return Reply(silent=True)

        with pytest.raises(Cancelled):
            StowRS(session).store(files, on_outcome=outcomes)
    assert outcomes.by_name() == {"1.dcm": StoreStatus.STORED, "2.dcm": StoreStatus.UNCONFIRMED}


def test_an_instance_that_arrived_although_the_answer_was_lost_is_found(make: Callable[..., List[Path]]) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "POST":
            return Reply(silent=True)
        return json_reply([] if "offset" in request.query else [{"00080018": {"vr": "UI", "Value": [f"{SERIES}.1"]}}])

    with ScriptedServer(answer) as server:
        assert store_and_search(server, make(1)).stored == 1


def test_a_gateway_that_gives_up_is_sent_less(make: Callable[..., List[Path]]) -> None:
    def answer(request: Request) -> Reply:
        return Reply(status=504) if len(uids_in(request)) > 2 else accepts_all(request)

    with ScriptedServer(answer) as server:
        assert store(server, make(*range(9))).stored == 9


@pytest.mark.parametrize(("reply", "error"), [(Reply(silent=True), ConnectionLost), (Reply(status=502), ServerError)])
def test_a_connection_that_is_always_lost_ends_the_store(
    make: Callable[..., List[Path]], reply: Reply, error: type
) -> None:
    with ScriptedServer(lambda request: reply) as server, pytest.raises(error):
        store(server, make(*range(40)))
    assert len(server.requests) < 50


def test_a_server_that_is_gone_ends_the_store(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer([]) as server:
        url = server.url
    with pytest.raises(ConnectionRefused, match="nothing listens"):
        StowRS(Session(Node("Gone", url))).store(make(1))
