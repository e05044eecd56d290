"""The clock of the wall is set, forward and back, at any time: nobody waits for it, and nobody is signed out by it."""

from __future__ import annotations

import email.utils
import inspect
import itertools
import random
import time

import pytest
from DICOMWebNodesLib.auth.oauth_credential import OAuthCredential
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from DICOMWebNodesLib.auth.token import Token
from DICOMWebNodesLib.auth.token_endpoint import ErrorResponse
from DICOMWebNodesLib.auth.token_source import AskedSource, SignedInSource
from DICOMWebNodesLib.auth.token_store import TokenStore
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.response import Response, seconds_between
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.token_bucket import TokenBucket
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.transfer.account import Account
from DICOMWebNodesLib.transfer.arrivals import Arrivals
from DICOMWebNodesLib.transfer.concurrency import Concurrency
from DICOMWebNodesLib.transfer.courtesy import Courtesy
from DICOMWebNodesLib.transfer.meter import Meter
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer
from fakes.scripted_server import Reply, ScriptedServer, json_reply
from faults.property import AT_ONCE, assert_accounted_for, origin_files_in

TIMED = [Account, Arrivals, Concurrency, Courtesy, Meter, Pacer, Response, Session, TokenBucket]
HOUR, YEAR = 3600.0, 365 * 24 * 3600.0
STUDY = Resource("1.2.3")


class Clock:
    """Seconds since the epoch, as somebody sets them."""

    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


class Endpoint:
    """A token endpoint that takes each refresh token once (RFC 6749 section 10.4), and its one signed-in person."""

    def __init__(self, clock):
        self._clock, self._numbers = clock, itertools.count(1)
        self.valid = self._next()

    def _next(self):
        number = next(self._numbers)
        return Token(f"access-{number}", self._clock(), 300.0, f"refresh-{number}")

    def refresh(self, refresh_token):
        if refresh_token != self.valid.refresh_token:
            raise ErrorResponse("invalid_grant", "it was used before")
        self.valid = self._next()
        return self.valid

    @property
    def provider(self):
        raise AssertionError("an error was to be told")


class Processes:
    """Sources of the same token in several processes, with one store."""

    def __init__(self, clock, folder):
        self.endpoint = Endpoint(clock)
        self.store = TokenStore(MemorySecrets(), folder)
        self.store.save("method", self.endpoint.valid)
        self._clock = clock

    def start(self):
        return SignedInSource("method", "Method", self.store, lambda: self.endpoint, self._clock)


@pytest.mark.parametrize("jump", [-YEAR, -HOUR, -40, 40, HOUR, YEAR])
def test_two_processes_stay_signed_in_when_the_clock_is_set(jump, clock, tmp_path):
    processes = Processes(clock, tmp_path)
    one, other = processes.start(), processes.start()
    one.token(), other.token()
    clock.now += jump
    for _ in range(3):
        for source in (one, other):
            held = source.token()
            assert source.token(refused=held.access_token) == processes.endpoint.valid != held
            clock.now += 280


@pytest.mark.parametrize("seed", range(5))
def test_they_stay_signed_in_when_it_is_set_again_and_again(seed, clock, tmp_path):
    rng, processes = random.Random(seed), Processes(clock, tmp_path)
    sources = [processes.start() for _ in range(3)]
    for _ in range(100):
        clock.now += rng.choice([0, 1, 31, 299, -31, -HOUR, HOUR, -YEAR, YEAR])
        source = rng.choice(sources)
        held = source.token()
        if rng.random() < 0.3:  # a server that knows better
            assert source.token(refused=held.access_token) == processes.endpoint.valid != held


def test_a_token_of_before_the_clock_was_set_back_is_not_taken_for_a_new_one(clock):
    source = AskedSource(lambda: Token("access", clock.now), clock)
    token = source.token()
    assert source.is_young(token)
    clock.now -= HOUR
    assert not source.is_young(token)


@pytest.mark.parametrize("seed", range(4))
def test_a_transfer_gets_through_whatever_happens_to_the_clock(seed, clock, tmp_path):
    rng, asked = random.Random(seed), itertools.count(1)
    (tmp_path / "origin").mkdir()
    files = origin_files_in(tmp_path / "origin", {Resource("1.2.3", f"1.2.3.{n}"): [2000] * 5 for n in (1, 2, 3)})
    source = AskedSource(lambda: Token(f"access-{next(asked)}", clock(), 300.0), clock)

    def authorized(authorization):
        clock.now += rng.choice([0, 0, HOUR, -HOUR, YEAR, -YEAR])
        return authorization.startswith("Bearer access-")

    with OriginServer(files.values(), authorized=authorized) as server:
        with Workspace(credentials=lambda node: OAuthCredential(source), make_pacer=AT_ONCE) as workspace:
            node = Node("Guarded", server.url, profile="static-dicomweb")
            summary = workspace.retrieve(node, [STUDY], tmp_path / "output")
    assert summary.complete
    assert 0 <= summary.seconds < 60
    assert assert_accounted_for(summary, tmp_path / "output", files) == set(files)


@pytest.mark.parametrize("off_by", [-YEAR, -HOUR, HOUR, YEAR])
def test_a_date_to_retry_after_is_as_far_away_as_the_server_says_whatever_its_clock_shows(off_by, clock):
    there = clock.now + off_by
    dates = {
        "Date": email.utils.formatdate(there, usegmt=True),
        "Retry-After": email.utils.formatdate(there + 5, usegmt=True),
    }
    waits = []
    with ScriptedServer([Reply(status=503, headers=dates), json_reply([1])]) as server:
        session = Session(Node("Busy", server.url), pacer=Pacer(random=lambda: 0.0), wait=waits.append)
        with session.request("GET", "studies", asked="search studies") as response:
            assert response.json() == [1]
    assert max(waits) == 5


@pytest.mark.parametrize(
    "date",
    [
        "Wed, 2147483648 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 20118446744073709551616 07:28:00 GMT",
        "21 Oct 15 7:2 +" + "9" * 30,
    ],
    ids=["day", "year", "zone"],
)
def test_a_date_that_no_clock_ever_shows_is_none(date):
    assert seconds_between("Wed, 21 Oct 2015 07:28:00 GMT", date) is None


@pytest.mark.parametrize("kind", TIMED, ids=lambda kind: kind.__name__)
def test_nothing_of_a_transfer_waits_or_counts_by_a_clock_that_somebody_sets(kind):
    assert inspect.signature(kind).parameters["clock"].default is time.monotonic


def test_speed_is_taken_with_a_clock_that_nobody_sets():
    """A clock that stands still and one that jumps give no odd speeds."""
    times = iter([0.0, 0.0, 0.0, 1e9, 1e9 + 1])
    meter = Meter(lambda: next(times, 1e9 + 2))
    meter.expect(STUDY, 3)
    for _ in range(3):
        meter.add(STUDY, size=1000, instances=1)
    told = meter.tell()
    assert 0 <= told.bytes_per_second <= 3000
