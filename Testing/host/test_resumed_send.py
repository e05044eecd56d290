"""A send whose worker is killed in the middle, and what a restart makes of it; with a real worker and a server."""

from __future__ import annotations

import re
import threading
from collections import Counter

import pytest
import standin

if standin.missing():
    pytest.skip(standin.missing(), allow_module_level=True)
standin.install()

from DICOMWebNodesHost import worker_process  # noqa: E402
from DICOMWebNodesHost.job import JobState  # noqa: E402
from DICOMWebNodesHost.logic import Logic  # noqa: E402
from fakes.origin_server import OriginServer  # noqa: E402
from host.test_in_the_standin import STUDY, database, live, logic, many_files  # noqa: E402, F401

SENT, SERIES = 40, f"{STUDY}.0"


class SilentAtTheFourth:
    """The server takes the fourth store request, and never says so until it may."""

    def __init__(self) -> None:
        self.stores = 0
        self.is_silent, self.go_on = threading.Event(), threading.Event()

    def __call__(self, request, response):
        if request.method == "POST":
            self.stores += 1
            if self.stores == 4:
                self.is_silent.set()
                self.go_on.wait(60)
        return response


@pytest.fixture
def fault():
    fault = SilentAtTheFourth()
    yield fault
    fault.go_on.set()


@pytest.fixture
def server(fault):
    with OriginServer([], fault=fault) as server:
        yield server


def times_sent(server):
    """How often each instance was in a request that the server has read."""
    bodies = [exchange.request.body for exchange in server.exchanges if exchange.request.method == "POST"]
    return Counter(re.findall(rb"\x08\x00\x18\x00UI..([0-9.]+)", b"".join(bodies), re.DOTALL))


def test_after_its_worker_died_a_send_goes_on_and_sends_nothing_twice(logic, database, server, fault, many_files):  # noqa: F811
    job = logic.startSend(server.url, (), many_files[:SENT], "Jane")
    live(fault.is_silent.is_set)
    live(lambda: len(job.outcomes) == 7)
    worker_process._processes[-1]._process.kill()
    live(lambda: job.isOver)
    assert job.state is JobState.FAILED
    fault.go_on.set()
    restarted = Logic()
    (unfinished,) = restarted.unfinishedSends()
    assert restarted.confirmedOf(unfinished) == 7
    again = restarted.resumeSend(unfinished)
    live(lambda: again.isOver)
    assert (again.value.complete, again.value.confirmed) == (True, 7)
    assert again.value.counts["already_there"] == 8, "they had arrived, and nobody had heard so"
    assert times_sent(server) == {f"{SERIES}.{number}".encode(): 1 for number in range(1, SENT + 1)}
    assert restarted.unfinishedSends() == ()
    restarted.stop()
