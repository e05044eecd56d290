"""A worker process that is alive and says nothing: a quiet one is left alone, one that hangs is ended."""

import os
import signal
import time

import pytest
from DICOMWebNodesLib.errors import WorkerFailed
from library.worker.conftest import Worker
from library.worker.worker_by_hand import Side


class Silence:
    """Time that passes when a test says so, and what was to be called then."""

    def __init__(self):
        self.waiting = []

    def later(self, milliseconds, call):
        assert milliseconds == 5000
        self.waiting.append(call)

    def passes(self, looks=1):
        for _ in range(looks):
            (call,) = self.waiting
            self.waiting.clear()
            call()


def pings(side):
    return [request for request in side.pipe.requests if request["method"] == "ping"]


def test_a_worker_that_says_nothing_is_asked_and_then_ended():
    silence = Silence()
    side = Side(later=silence.later)
    first, second = side.call("retrieve"), side.call("store")
    silence.passes(13)
    assert (len(pings(side)), side.pipe.killed, first.is_over) == (1, False, False)
    silence.passes()
    side.client.process()
    assert side.pipe.killed
    for job in (first, second):
        assert isinstance(job.error, WorkerFailed)
        assert str(job.error) == (
            "the worker process did not answer for 70 s and was ended. "
            "Try again: the worker starts anew, and a transfer resumes where it was."
        )
    assert len(side.ends) == 1
    silence.passes()
    assert silence.waiting == []
    again = side.call("retrieve")
    side.pipe.says(id=again.id, result="alive")
    side.client.process()
    assert again.result == "alive"


@pytest.mark.parametrize(
    "answer",
    [{"result": None}, {"error": {"code": -32601, "message": "there is no method 'ping'"}}],
    ids=["answers", "is older and refuses"],
)
def test_a_quiet_transfer_of_a_worker_that_answers_is_left_alone_for_ever(answer, caplog):
    silence = Silence()
    side = Side(later=silence.later)
    job = side.call("retrieve")
    for number in range(100):
        silence.passes(2)
        assert len(pings(side)) == number + 1
        side.pipe.says(id="ping", **answer)
        side.client.process()
    assert (side.pipe.killed, job.is_over, caplog.text) == (False, False, "")


def test_one_that_tells_something_is_not_asked():
    silence = Silence()
    side = Side(later=silence.later)
    job = side.call("retrieve")
    for _ in range(100):
        side.pipe.says(method="progress", params={"job": job.id, "value": {}})
        silence.passes()
    assert pings(side) == []


def test_what_has_arrived_counts_before_the_window_has_worked_it_off():
    silence = Silence()
    side = Side(later=silence.later)
    job = side.call("search")
    silence.passes(13)
    side.pipe.says(id=job.id, result=1)
    silence.passes(2)
    assert not side.pipe.killed
    side.client.process()
    assert job.result == 1


def test_without_jobs_no_time_is_kept():
    silence = Silence()
    side = Side(later=silence.later)
    assert silence.waiting == []
    job = side.call()
    side.pipe.says(id=job.id, result=1)
    side.client.process()
    silence.passes()
    assert silence.waiting == []


def test_one_that_starts_is_given_minutes_and_is_not_waited_for_for_ever():
    silence = Silence()
    side = Side(later=silence.later)
    job = side.client.call("nodes.list", {})
    silence.passes(59)
    assert len(side.pipe.written) == 1
    assert not side.pipe.killed
    silence.passes()
    side.client.process()
    assert side.pipe.killed
    assert "said nothing for 300 s after its start" in str(job.error)


class Ahead:
    """The clock, put forward."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return time.monotonic() + self.seconds


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGSTOP")
def test_a_process_that_is_stopped_in_the_middle_of_a_transfer_is_ended_and_the_transfer_resumes(
    stalling_server, tmp_path
):
    clock = Ahead()
    params = {"node": stalling_server.url, "resources": ["1.2.826.0.1"], "output": str(tmp_path / "files")}
    with Worker(tmp_path / "settings", clock=clock) as worker:
        job = worker.start("retrieve", params)
        while not stalling_server.stall.has_stalled.is_set():
            worker.step(0.05)
        stopped = worker.process
        os.kill(stopped.pid, signal.SIGSTOP)
        paths = [f"/{'x' * 4000}/{number}" for number in range(1000)]  # more than a pipe holds, which nobody reads
        other = worker.client.call("store", {"node": stalling_server.url}, lists={"files": paths})
        while not job.is_over:
            clock.seconds += 5
            worker.step(0)
        assert stopped.wait(20) == -signal.SIGKILL
        assert "did not answer for 70 s" in str(job.error)
        assert other.is_over
        stalling_server.stall.go_on.set()
        assert worker.ask("retrieve", params)["complete"]


def test_a_worker_answers_while_its_transfer_waits_for_the_server(worker, stalling_server, tmp_path):
    params = {"node": stalling_server.url, "resources": ["1.2.826.0.1"], "output": str(tmp_path / "files")}
    job = worker.start("retrieve", params)
    while not stalling_server.stall.has_stalled.is_set():
        worker.step(0.05)
    assert worker.ask("ping") is None
    assert not job.is_over


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGSTOP")
def test_a_process_that_is_stopped_is_not_waited_for_when_nobody_wants_it(tmp_path):
    with Worker(tmp_path / "settings", grace=0.1) as worker:
        worker.ask("nodes.list")
        os.kill(worker.process.pid, signal.SIGSTOP)
    assert worker.process.returncode == -signal.SIGKILL
