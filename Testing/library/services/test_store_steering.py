"""Stores of which single series are paused and cancelled, and stores that go on where an earlier one ended."""

from __future__ import annotations

import re
import threading
from collections import Counter
from typing import Any, Callable, List

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.store_outcome import StoreStatus
from DICOMWebNodesLib.dicomweb.stow_rs import StowRS
from DICOMWebNodesLib.errors import Cancelled
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.transfer.control import Control
from fakes.part10_files import part10
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

STUDY = "1.2.1"
FIRST, SECOND = Resource(STUDY, f"{STUDY}.1"), Resource(STUDY, f"{STUDY}.2")


def uids_in(request: Request) -> List[str]:
    found = re.findall(rb"\x08\x00\x18\x00UI..([0-9.]+)", request.body, re.DOTALL)
    return [uid.decode() for uid in found]


def taken(request: Request) -> Reply:
    references = [{"00081155": {"vr": "UI", "Value": [uid]}} for uid in uids_in(request)]
    return json_reply({"00081199": {"vr": "SQ", "Value": references}})


def found(*uids: str) -> Callable[[Request], Reply]:
    rows = [{"00080018": {"vr": "UI", "Value": [uid]}} for uid in uids]
    return lambda request: json_reply([] if "offset" in request.query else rows)


@pytest.fixture
def files(tmp_path):
    """Five of the first series, then five of the second."""
    paths = []
    for series in (FIRST, SECOND):
        for number in range(5):
            instance = f"{series.series_instance_uid}.{number}"
            paths.append(tmp_path / f"{instance}.dcm")
            paths[-1].write_bytes(part10(STUDY, series.series_instance_uid, instance))
    return paths


class Store:
    """One store; ``then(request)`` is called while the server has the request, before it answers."""

    def __init__(self, files, then, service=ServiceType.STOW_RS, answer=taken, **options: Any):
        self.control, self.outcomes = Control(), []

        def answer_and_steer(request: Request) -> Reply:
            then(self, request)
            return answer(request)

        with ScriptedServer(answer_and_steer) as server:
            self.session = Session(Node("Scripted", server.url, service), wait=lambda seconds: None)
            self.control.on_release(self.session.interrupt)
            self.summary = StowRS(self.session).store(
                files, on_outcome=self.outcomes.append, steering=self.control, **options
            )
        self.sent = [uid for request in server.requests if request.method == "POST" for uid in uids_in(request)]

    def statuses(self, series: Resource) -> Counter:
        uid = series.series_instance_uid
        return Counter(each.status for each in self.outcomes if each.series_instance_uid == uid)


def at_the_first(request_number, steer):
    """Steer during the request of that number (1 is the first)."""
    seen = []

    def then(store, request):
        seen.append(request)
        if len(seen) == request_number:
            steer(store)

    return then


def test_a_series_that_is_cancelled_is_not_sent_and_the_other_is(files):
    store = Store(files, at_the_first(1, lambda store: store.control.cancel(FIRST)))
    assert store.statuses(FIRST) == {StoreStatus.UNCONFIRMED: 1, StoreStatus.FAILED: 4}
    assert store.statuses(SECOND) == {StoreStatus.STORED: 5}
    assert {outcome.reason for outcome in store.summary.failures} == {"it was cancelled"}


def test_a_series_that_is_cancelled_while_it_is_sent_ends_its_request_alone(tmp_path):
    """The request has still bytes to send when the series is given up; the next series goes on."""
    large, small = tmp_path / "large.dcm", tmp_path / "small.dcm"
    large.write_bytes(part10(STUDY, FIRST.series_instance_uid, "1.2.1.1.1", payload=30_000_000))
    small.write_bytes(part10(STUDY, SECOND.series_instance_uid, "1.2.1.2.1"))
    told = []

    def progress(size):
        told.append(size)
        if len(told) == 1:
            control.cancel(FIRST)

    control, outcomes = Control(), []
    with ScriptedServer(taken, keep=1 << 16) as server:
        session = Session(Node("Scripted", server.url, ServiceType.STOW_RS), wait=lambda seconds: None)
        StowRS(session).store([large, small], on_outcome=outcomes.append, on_progress=progress, steering=control)
        server.violations.clear()  # a request that was broken off is one
    assert [(each.path.name, each.status) for each in outcomes] == [
        ("large.dcm", StoreStatus.UNCONFIRMED),
        ("small.dcm", StoreStatus.STORED),
    ]


def test_a_series_that_is_paused_lets_the_other_go_first_and_comes_when_it_is_resumed(files):
    def then(store, request):
        if not store.outcomes and uids_in(request)[0].startswith(f"{FIRST.series_instance_uid}."):
            store.control.pause(FIRST)
        if uids_in(request)[-1] == f"{SECOND.series_instance_uid}.4":
            threading.Timer(0.05, store.control.resume, [FIRST]).start()

    store = Store(files, then)
    assert store.summary.complete
    assert Counter(store.sent) == Counter(path.stem for path in files), "each is sent once"
    assert store.sent.index(f"{SECOND.series_instance_uid}.4") < store.sent.index(f"{FIRST.series_instance_uid}.4")


def test_a_series_that_is_paused_and_then_cancelled_ends_the_store(files):
    def then(store, request):
        store.control.pause(FIRST)
        if uids_in(request)[-1] == f"{SECOND.series_instance_uid}.4":
            threading.Timer(0.05, store.control.cancel, [FIRST]).start()

    store = Store(files, then)
    assert store.statuses(FIRST) == {StoreStatus.STORED: 1, StoreStatus.FAILED: 4}
    assert store.statuses(SECOND) == {StoreStatus.STORED: 5}


def test_a_store_that_waits_for_a_paused_series_is_cancelled_as_a_whole(files):
    def then(store, request):
        store.control.pause(FIRST)
        if uids_in(request)[-1] == f"{SECOND.series_instance_uid}.4":
            threading.Timer(0.05, store.control.cancel).start()

    with pytest.raises(Cancelled):
        Store(files, then)


def test_a_store_that_goes_on_looks_first_for_what_may_have_arrived(files):
    def answer(request: Request) -> Reply:
        if request.method == "POST":
            return taken(request)
        return found(f"{FIRST.series_instance_uid}.0", f"{FIRST.series_instance_uid}.1")(request)

    store = Store(files, lambda store, request: None, ServiceType.DICOMWEB, answer, resumed=True)
    assert store.sent == [path.stem for path in files[2:]]
    assert store.statuses(FIRST) == {StoreStatus.ALREADY_THERE: 2, StoreStatus.STORED: 3}
    assert store.summary.complete


def test_where_nothing_can_be_searched_a_store_that_goes_on_sends_all(files):
    store = Store(files, lambda store, request: None, resumed=True)
    assert store.sent == [path.stem for path in files]
