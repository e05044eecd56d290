"""The client's side, with a pipe that is two lists."""

import json

import pytest
from DICOMWebNodesLib.errors import Cancelled, LimitExceeded, NodeNotFound, NotFound, WorkerFailed
from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT


class Pipe:
    """One worker process as a test plays it."""

    def __init__(self, listener):
        self.listener = listener
        self.written = []
        self.stopped = False

    def write(self, data):
        assert len(data) <= MESSAGE_LIMIT
        assert data.endswith(b"\n")
        self.written.append(json.loads(data))

    def stop(self):
        self.stopped = True

    def says(self, **message):
        self.listener.received(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def greets(self):
        self.says(id=self.written[0]["id"], result={"protocol": 1})

    @property
    def requests(self):
        return self.written[1:]


class Side:
    def __init__(self, **options):
        self.pipes = []
        self.ends = []
        self.client = Client(self.start, worker_ended=self.ends.append, **options)

    def start(self, listener):
        self.pipes.append(Pipe(listener))
        return self.pipes[-1]

    @property
    def pipe(self):
        return self.pipes[-1]

    def call(self, method="m", **options):
        job = self.client.call(method, {}, **options)
        if not self.client._connection.is_ready:
            self.pipe.greets()
        self.client.process()
        return job


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


def test_a_result_ends_its_job_and_no_other():
    side = Side()
    first, second = side.call(), side.call()
    side.pipe.says(id=second.id, result=[1])
    side.client.process()
    assert (second.is_over, second.result) == (True, [1])
    assert not first.is_over


def test_an_error_comes_back_as_the_class_that_it_was():
    side = Side()
    job = side.call()
    error = NotFound("status 404", status=404, node="Orthanc", asked="search")
    side.pipe.says(id=job.id, error={"code": -32000, "message": "", "data": error.as_dict()})
    side.client.process()
    assert type(job.error) is NotFound
    assert str(job.error) == str(error)
    assert job.error.as_dict() == error.as_dict()


def test_a_code_that_is_unknown_here_is_still_an_error_with_its_words():
    side = Side()
    job = side.call()
    side.pipe.says(id=job.id, error={"code": -32000, "data": {"code": "of-the-future", "cause": "it is new"}})
    side.client.process()
    assert job.error.cause == "it is new"


def test_a_request_that_the_worker_refuses_fails_with_its_words():
    side = Side()
    job = side.call()
    side.pipe.says(id=job.id, error={"code": -32602, "message": "the parameter 'node' is missing"})
    side.client.process()
    assert "the parameter 'node' is missing" in str(job.error)


def test_notifications_are_told_in_order_until_the_job_is_over():
    side = Side()
    heard = []
    job = side.call(told=lambda name, value: heard.append((name, value)), ended=lambda job: heard.append("over"))
    side.pipe.says(method="items", params={"job": job.id, "items": [1, 2]})
    side.pipe.says(method="progress", params={"job": job.id, "value": {"bytes": 3}})
    side.pipe.says(id=job.id, result=None)
    side.pipe.says(method="items", params={"job": job.id, "items": [4]})
    side.client.process()
    assert heard == [("items", [1, 2]), ("progress", {"bytes": 3}), "over"]


def test_a_callback_that_fails_does_not_keep_others_from_hearing(caplog):
    side = Side()
    heard = []

    def fail(name, value):
        raise RuntimeError("mine")

    broken, sound = side.call(told=fail), side.call(told=lambda name, value: heard.append(value))
    for job in (broken, sound):
        side.pipe.says(method="items", params={"job": job.id, "items": [1]})
    side.client.process()
    assert heard == [[1]]
    assert "a callback failed" in caplog.text


def test_work_is_done_in_slices():
    now = iter(range(1000))
    side = Side(clock=lambda: next(now))
    heard = []
    job = side.call(told=lambda name, value: heard.append(value))
    for number in range(10):
        side.pipe.says(method="items", params={"job": job.id, "items": [number]})
    assert side.client.process(seconds=3)
    assert len(heard) == 3
    assert not side.client.process(seconds=100)
    assert len(heard) == 10


def test_the_owner_is_woken_when_there_is_something_to_do():
    woken = []
    side = Side(wake=lambda: woken.append(1))
    job = side.call()
    woken.clear()
    side.pipe.says(id=job.id, result=1)
    assert woken


def test_steering_is_a_notification_and_ends_with_the_job():
    side = Side()
    job = side.call()
    job.pause()
    job.pause("1.2/4")
    job.prioritise("1.2/3")
    side.client.process()
    steering = [(each["method"], each["params"], "id" in each) for each in side.pipe.requests[1:]]
    assert steering == [
        ("pause", {"job": job.id}, False),
        ("pause", {"job": job.id, "resource": "1.2/4"}, False),
        ("prioritise", {"job": job.id, "resource": "1.2/3"}, False),
    ]
    side.pipe.says(id=job.id, result=1)
    side.client.process()
    job.cancel()
    side.client.process()
    assert len(side.pipe.requests) == 4


def test_a_long_list_goes_in_pages_before_its_request():
    side = Side()
    files = [f"/data/{'x' * 4000}/{number}" for number in range(1000)]
    job = side.client.call("store", {"node": "Orthanc"}, lists={"files": files})
    side.pipe.greets()
    side.client.process()
    *lists, request = side.pipe.requests
    assert [item for page in lists for item in page["params"]["items"]] == files
    assert {page["params"]["name"] for page in lists} == {request["params"]["files"]}
    assert request["id"] == job.id


def test_a_page_of_the_longest_paths_in_any_script_is_short_enough_for_a_message():
    side = Side()
    side.client.call("store", {}, lists={"files": ["\udcff" * 4096] * 100})  # each becomes six bytes
    side.pipe.greets()
    side.client.process()  # the pipe counts
    assert sum(len(request["params"]["items"]) for request in side.pipe.requests[:-1]) == 100


def test_a_request_that_is_longer_than_a_message_fails_at_once_and_does_not_wait_for_ever():
    side = Side()
    job = side.client.call("retrieve", {"resources": ["1.2.3"] * 300_000})
    side.client.process()
    assert isinstance(job.error, LimitExceeded)
    assert "less at once" in str(job.error)


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


def test_an_error_that_a_script_expects_can_be_caught_by_its_class():
    side = Side()
    job = side.call()
    side.pipe.says(id=job.id, error={"code": -32000, "data": NodeNotFound("no 'x'").as_dict()})
    side.client.process()
    with pytest.raises(NodeNotFound, match="no 'x'"):
        raise job.error
