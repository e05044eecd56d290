"""Whatever goes wrong while instances are stored: what is said of each is so, or it is called unknown."""

from __future__ import annotations

import collections
import contextlib
import functools
import itertools
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import pytest
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.store_outcome import StoreOutcome, StoreStatus
from DICOMWebNodesLib.errors import DICOMWebNodesError
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import ConnectionCut, OriginServer, Request, Response
from fakes.part10_files import part10
from hypothesis import given, settings
from hypothesis import strategies as st

SERIES = ("1.2.3", "1.2.3.1")
AT_ONCE = functools.partial(Pacer, first_delay=0, ceiling=0)
THERE = {StoreStatus.STORED, StoreStatus.STORED_WITH_WARNING, StoreStatus.ALREADY_THERE}
_UID = re.compile(rb"\x08\x00\x18\x00UI..([0-9.]+)", re.DOTALL)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Dict[str, Path]:
    """SOP Instance UID -> file."""
    folder = tmp_path_factory.mktemp("scan")
    found = {}
    for number in range(24):
        uid = f"1.2.3.1.{number}"
        found[uid] = folder / f"{number:02}.dcm"
        found[uid].write_bytes(part10(*SERIES, uid, payload=1000 * (1 + number % 5)))
    return found


class Faulty(OriginServer):
    """Does one of ``faults`` (names of methods) to a share of the stores and of the searches that confirm them, each
    those that it may have, and knows what it was sent and answered."""

    def __init__(self, seed: int, faults: List[str], share: float) -> None:
        super().__init__(cut_request=self._cut)
        self._rng = random.Random(seed)
        self._faults = faults
        self._share = share
        self.arrived: collections.Counter[str] = collections.Counter()

    def answer(self, request: Request) -> Response:
        fitting = [each for each in self._faults if (each in FAULTS_OF_SEARCHES) == (request.method == "GET")]
        if not fitting or self._rng.random() >= self._share:
            return self.arrives(request)
        return getattr(self, self._rng.choice(fitting))(request)

    def stops_misbehaving(self) -> None:
        self._share = 0.0

    def arrives(self, request: Request) -> Response:
        self.arrived.update(uid.decode() for uid in _UID.findall(request.body))
        return super().answer(request)

    def refused(self, request: Request) -> Response:
        status = self._rng.choice([400, 429, 500, 502, 503, 504])
        return Response.of_text(status, "no", {"Retry-After": "0"})

    def too_large(self, request: Request) -> Response:
        return Response.of_text(413, "no") if len(request.body) > 5000 else self.arrives(request)

    def lost(self, request: Request) -> Response:
        return Response(200, self._nothing(), 100)

    def stored_and_silent(self, request: Request) -> Response:
        return Response(200, self._nothing(self.arrives(request).body), 10**6)

    def stored_without_account(self, request: Request) -> Response:
        self.arrives(request)
        return Response(self._rng.choice([200, 202]))

    def stored_in_part(self, request: Request) -> Response:
        """The parts up to one of them, and no word of it."""
        boundary = re.search(r"boundary=(\w+)", request.headers["Content-Type"])
        assert boundary is not None
        *parts, end = request.body.split(b"--" + boundary.group(1).encode())
        kept = parts[: self._rng.randrange(2, len(parts) + 1)]
        body = (b"--" + boundary.group(1).encode()).join([*kept, end])
        self.arrives(Request(request.method, request.target, request.headers, body))
        return Response(200, self._nothing(), 100)

    def search_refused(self, request: Request) -> Response:
        return Response.of_text(self._rng.choice([401, 403, 404, 429, 500, 503]), "no", {"Retry-After": "0"})

    def search_lost(self, request: Request) -> Response:
        return Response(200, self._nothing(self.arrives(request).body), 10**6)

    def search_is_a_page(self, request: Request) -> Response:
        return Response.of_bytes(200, b"<html><title>Maintenance</title></html>", "text/html")

    def _nothing(self, before=()):
        body = b"".join(before)
        yield body[: self._rng.randrange(len(body) + 1)]
        raise ConnectionCut

    def _cut(self, length: int) -> Optional[int]:
        cuts = "cut_upload" in self._faults and length and self._rng.random() < self._share
        return self._rng.randrange(length) if cuts else None

    def cut_upload(self, request: Request) -> Response:
        return self.arrives(request)  # it was the turn of this fault before its body was read


FAULTS = ["refused", "too_large", "lost", "stored_and_silent", "stored_without_account", "stored_in_part", "cut_upload"]
FAULTS_OF_SEARCHES = ["search_refused", "search_lost", "search_is_a_page"]


def store(server: OriginServer, files: Dict[str, Path], service_type: ServiceType) -> List[StoreOutcome]:
    outcomes: List[StoreOutcome] = []
    with Workspace(make_pacer=AT_ONCE) as workspace:
        node = Node("Faulty", server.url, service_type, profile="generic")
        summary = workspace.store(node, files.values(), on_outcome=outcomes.append)
    assert summary.complete == all(outcome.status in THERE for outcome in outcomes)
    return outcomes


def assert_what_is_said_is_so(server: Faulty, outcomes: List[StoreOutcome], files: Dict[str, Path]) -> None:
    assert sorted(outcome.path for outcome in outcomes) == sorted(files.values())
    at_the_server = {each.sop_instance_uid: each.path.read_bytes() for each in server.archive.all()}
    for outcome in outcomes:
        uid = outcome.sop_instance_uid
        if outcome.status in THERE:
            assert at_the_server[uid] == files[uid].read_bytes()
        else:
            assert outcome.reason
            assert outcome.status is StoreStatus.UNCONFIRMED or uid not in at_the_server


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("service_type", [ServiceType.DICOMWEB, ServiceType.STOW_RS])
def test_one_fault_at_random_requests(fault, service_type, files):
    with Faulty(1, [fault], share=0.5) as server:
        outcomes = store(server, files, service_type)
        assert_what_is_said_is_so(server, outcomes, files)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("service_type", [ServiceType.DICOMWEB, ServiceType.STOW_RS])
def test_all_faults_at_random_requests_and_bytes(seed, service_type, files):
    with Faulty(seed, FAULTS, share=0.3) as server:
        outcomes = store(server, files, service_type)
        assert_what_is_said_is_so(server, outcomes, files)
        if service_type is ServiceType.DICOMWEB:
            assert set(server.arrived.values()) <= {1}, "stored again although a search finds it"


@pytest.mark.parametrize("fault", FAULTS_OF_SEARCHES)
def test_what_no_search_confirms_is_called_unknown_although_it_is_there(fault, files):
    few = dict(list(files.items())[:2])
    with Faulty(1, ["stored_and_silent", fault], share=1.0) as server:
        outcomes = store(server, few, ServiceType.DICOMWEB)
        assert_what_is_said_is_so(server, outcomes, few)
    assert {outcome.status for outcome in outcomes} == {StoreStatus.UNCONFIRMED}


@pytest.mark.parametrize("count", [1, 4])
def test_what_is_perhaps_there_since_its_answer_was_lost_is_called_unknown_when_it_is_refused(count, files):
    class SilentAndThenRefuses(Faulty):
        def answer(self, request: Request) -> Response:
            return self.refused(request) if self.arrived else self.stored_and_silent(request)

    few = dict(list(files.items())[:count])
    with SilentAndThenRefuses(2, [], share=0) as server:
        outcomes = store(server, few, ServiceType.STOW_RS)
        assert_what_is_said_is_so(server, outcomes, few)
    assert outcomes[0].status is StoreStatus.UNCONFIRMED


def test_what_is_perhaps_there_is_called_unknown_too_when_it_is_cancelled_before_it_is_sent_again(files):
    outcomes: List[StoreOutcome] = []
    control, numbers = Control(), itertools.count()

    class IsSilentOnceAndThenWantsLess(Faulty):
        def answer(self, request: Request) -> Response:
            number = next(numbers)
            if number == 1:
                return self.stored_and_silent(request)
            return Response.of_text(413, "no") if number == 2 else self.arrives(request)

    def note(outcome: StoreOutcome) -> None:
        outcomes.append(outcome)
        if len(outcomes) == 2:
            control.cancel()

    with IsSilentOnceAndThenWantsLess(2, [], share=0) as server, Workspace(make_pacer=AT_ONCE) as workspace:
        node = Node("Faulty", server.url, ServiceType.STOW_RS, profile="generic")
        with contextlib.suppress(DICOMWebNodesError):
            workspace.store(node, files.values(), on_outcome=note, control=control)
        sent = {outcome.sop_instance_uid: outcome.path for outcome in outcomes}
        assert_what_is_said_is_so(server, outcomes, sent)
    assert [outcome.status for outcome in outcomes[:3]] == [
        StoreStatus.STORED,
        StoreStatus.STORED,
        StoreStatus.UNCONFIRMED,
    ]


@dataclass(frozen=True)
class Scenario:
    """``cancelled_after``: so many files have an outcome; None: never."""

    service_type: ServiceType
    faults: Tuple[str, ...]
    share: float
    seed: int
    cancelled_after: Optional[int]


SCENARIOS = st.builds(
    Scenario,
    service_type=st.sampled_from([ServiceType.DICOMWEB, ServiceType.STOW_RS]),
    faults=st.lists(st.sampled_from([*FAULTS, *FAULTS_OF_SEARCHES]), min_size=2, max_size=6, unique=True).map(tuple),
    share=st.sampled_from([0.1, 0.3, 0.6]),
    seed=st.integers(0, 10**6),
    cancelled_after=st.none() | st.integers(1, 23),
)


@given(SCENARIOS)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_scenarios_by_chance_and_a_second_store_after_each(files, scenario):
    outcomes: List[StoreOutcome] = []
    control = Control()

    def note(outcome: StoreOutcome) -> None:
        outcomes.append(outcome)
        if len(outcomes) == scenario.cancelled_after:
            control.cancel()

    with Faulty(scenario.seed, list(scenario.faults), scenario.share) as server:
        with Workspace(make_pacer=AT_ONCE) as workspace:
            node = Node("Faulty", server.url, scenario.service_type, profile="generic")
            with contextlib.suppress(DICOMWebNodesError):  # the service failed as a whole, or it was cancelled
                workspace.store(node, files.values(), on_outcome=note, control=control)
            assert_what_is_said_is_so(server, outcomes, {each.sop_instance_uid: each.path for each in outcomes})
            server.stops_misbehaving()
            summary = workspace.store(node, files.values())
        at_the_server = {each.sop_instance_uid: each.path.read_bytes() for each in server.archive.all()}
    assert summary.complete
    assert at_the_server == {uid: path.read_bytes() for uid, path in files.items()}


def test_what_was_stored_before_is_stored_again_without_harm(files):
    with Faulty(0, FAULTS, share=0) as server:
        store(server, files, ServiceType.DICOMWEB)
        outcomes = store(server, files, ServiceType.DICOMWEB)
        assert_what_is_said_is_so(server, outcomes, files)
    assert {outcome.status for outcome in outcomes} <= THERE
