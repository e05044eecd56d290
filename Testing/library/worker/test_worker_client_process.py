"""The client's side of a worker process: its start, its handshake and its end."""

import pytest
from DICOMWebNodesLib.errors import Cancelled, WorkerFailed
from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT
from library.worker.worker_by_hand import Side


def test_nothing_is_started_before_the_first_call():
    side = Side()
    assert side.pipes == []
    side.call()
    assert len(side.pipes) == 1


def test_the_first_message_is_the_handshake_and_nothing_goes_before_its_answer():
    side = Side()
    side.client.call("nodes.list", {})
    side.client.process()
    assert [message["method"] for message in side.pipe.written] == ["hello"]
    side.pipe.greets()
    side.client.process()
    assert [message["method"] for message in side.pipe.written] == ["hello", "nodes.list"]


def test_another_version_fails_all_calls_with_its_reason():
    side = Side()
    job = side.client.call("nodes.list", {})
    side.pipe.says(
        id=side.pipe.written[0]["id"], error={"code": -32000, "data": {"code": "worker-failed", "cause": "version 2"}}
    )
    side.client.process()
    assert isinstance(job.error, WorkerFailed)
    assert job.error.cause == "version 2"
    assert side.pipe.stopped


def test_when_the_worker_dies_its_jobs_fail_and_the_next_call_starts_another():
    side = Side()
    ended = []
    first = side.call(ended=ended.append)
    side.pipe.listener.ended("ended (exit status 9)")
    side.client.process()
    assert isinstance(first.error, WorkerFailed)
    assert "exit status 9" in str(first.error)
    assert "resumes" in str(first.error)
    assert ended == [first]
    assert side.ends == [first.error]

    second = side.call()
    assert len(side.pipes) == 2
    side.pipe.says(id=second.id, result="alive")
    side.client.process()
    assert second.result == "alive"


def test_what_came_before_the_end_still_counts():
    side = Side()
    job = side.call()
    side.pipe.says(id=job.id, result="done")
    side.pipe.listener.ended("ended")
    side.client.process()
    assert job.result == "done"


def test_a_dead_worker_is_not_heard_any_more():
    side = Side()
    side.call()
    dead = side.pipe
    dead.listener.ended("crashed")
    side.client.process()
    job = side.call()
    dead.says(id=job.id, result="from the grave")
    dead.listener.ended("crashed again")
    side.client.process()
    assert not job.is_over


@pytest.mark.parametrize(
    "line", [b"no json", b"[]", b'{"jsonrpc": "2.0"}', b'{"method": "items"}', b"7", b"x" * (MESSAGE_LIMIT + 1)]
)
def test_a_worker_that_sends_garbage_is_given_up(line):
    side = Side()
    job = side.call()
    side.pipe.listener.received(line + b"\n")
    side.client.process()
    assert isinstance(job.error, WorkerFailed)
    assert side.pipe.stopped


def test_what_an_interpreter_says_before_the_handshake_is_passed_over():
    side = Side()
    job = side.client.call("nodes.list", {})
    side.pipe.listener.received(b"a warning of sitecustomize.py\n")
    side.pipe.greets()
    side.client.process()
    side.pipe.says(id=job.id, result=[1])
    side.client.process()
    assert job.result == [1]


def test_a_job_is_cancelled_while_its_worker_is_still_starting():
    side = Side()
    ended = []
    job = side.client.call("store", {}, lists={"files": ["a"] * 100}, ended=ended.append)
    other = side.client.call("store", {}, lists={"files": ["b"]})
    side.client.process()
    job.cancel()
    side.client.process()
    assert ended == [job]
    assert isinstance(job.error, Cancelled)
    side.pipe.greets()
    side.client.process()
    assert [request["params"].get("name", request.get("id")) for request in side.pipe.requests] == [
        f"files-{other.id}",
        other.id,
    ]


def test_a_worker_that_does_not_start_is_an_error_of_the_job():
    def start(listener):
        raise WorkerFailed("there is no PythonSlicer")

    client = Client(start)
    ended = []
    job = client.call("nodes.list", {}, ended=ended.append)
    assert ended == []
    client.process()
    assert ended == [job]
    assert "PythonSlicer" in str(job.error)


def test_stopping_ends_the_process_and_fails_its_jobs():
    side = Side()
    job = side.call()
    side.client.stop()
    assert side.pipe.stopped
    assert isinstance(job.error, WorkerFailed)
    assert not side.client.is_running


def test_what_a_stopped_worker_has_said_before_is_not_heard(caplog):
    side = Side()
    job = side.call()
    side.pipe.says(id=job.id, error={"code": -32000, "data": Cancelled("it was cancelled").as_dict()})
    side.client.stop()
    assert isinstance(job.error, WorkerFailed)
    assert caplog.text == ""
