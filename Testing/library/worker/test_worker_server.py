"""What the server does with requests, whatever the methods are."""

from __future__ import annotations

import json
import queue
import threading
import time

import pytest
from DICOMWebNodesLib.errors import NodeNotFound
from DICOMWebNodesLib.worker.jobs import Job, Lane, OnCancel
from DICOMWebNodesLib.worker.lists import Lists
from DICOMWebNodesLib.worker.methods import Method, Strings
from DICOMWebNodesLib.worker.server import Server


class Conversation:
    """Says things to a server and hears its lines. ``open`` lets jobs go on that wait at the gate."""

    def __init__(self):
        self.heard = queue.Queue()
        self.started = queue.Queue()
        self.open = threading.Event()
        self.lists = Lists()
        self.secret = "hunter" + "2"
        methods = {
            "echo": Method(self.echo),
            "wait": Method(self.wait),
            "let the other end": Method(self.let_the_other_end),
            "tell and wait": Method(self.tell_and_wait),
            "transfer": Method(self.transfer, "transfer", OnCancel.LET_IT_END),
            "fail": Method(self.fail),
            "break": Method(self.break_down),
            "huge": Method(self.huge),
        }
        self.server = Server(methods, self.heard.put, self.lists, {"break at once": self.break_down})

    def echo(self, job, *, text: str, times: int = 1, among: Strings = ()):
        for _ in range(times):
            job.tell("items", text)
        return text

    def wait(self, job):
        self.started.put(job.id)
        self.open.wait(20)
        return "waited"

    def let_the_other_end(self, job):
        """When it is cancelled it sees to it that the job 2 is over."""

        def cancelled():
            self.open.set()
            running = True
            while running:
                self.say("resume", "2?", job=2)
                running = self.hear_answer("2?")["result"]

        job.control.on_cancel(cancelled)
        self.started.put(job.id)
        self.open.wait(20)

    def tell_and_wait(self, job):
        for text in ("told at once", "told when nothing follows"):
            job.tell("items", text)
        self.open.wait(60)  # longer than anybody listens: its end would bring everything

    def transfer(self, job):
        self.started.put(job.id)
        while not (job.control.cancelled or self.open.is_set()):
            job.control._cancelled.wait(0.01)
        return "cancelled" if job.control.cancelled else "done"

    def fail(self, job):
        raise NodeNotFound("there is no node 'x'")

    def break_down(self, job):
        raise RuntimeError(self.secret)

    def huge(self, job):
        return "x" * 2_000_000

    def say(self, method, id=None, **params):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self.say_line(json.dumps({**message, "id": id} if id is not None else message).encode())

    def say_line(self, line):
        self.server.receive(line + b"\n")

    def hear(self):
        return json.loads(self.heard.get(timeout=20))

    def hear_answer(self, id):
        while True:
            message = self.hear()
            if message.get("id") == id:
                return message


@pytest.fixture
def conversation():
    conversation = Conversation()
    yield conversation
    conversation.open.set()


def test_a_request_is_answered_with_the_result_of_its_method(conversation):
    conversation.say("echo", 1, text="hello")
    assert conversation.hear() == {"jsonrpc": "2.0", "method": "items", "params": {"job": 1, "items": ["hello"]}}
    assert conversation.hear() == {"jsonrpc": "2.0", "id": 1, "result": "hello"}


def test_hello_tells_the_versions_and_the_methods(conversation):
    conversation.say("hello", "h", protocol=1)
    answer = conversation.hear_answer("h")["result"]
    assert answer["protocol"] == 1
    assert "echo" in answer["methods"]


def test_another_version_of_the_protocol_is_refused_in_words(conversation):
    conversation.say("hello", 1, protocol=99)
    data = conversation.hear_answer(1)["error"]["data"]
    assert data["code"] == "worker-failed"
    assert "99" in data["cause"]
    assert "Restart" in data["next_step"]


def test_jobs_run_side_by_side(conversation):
    for id in range(5):
        conversation.say("wait", id)
    assert {conversation.started.get(timeout=20) for _ in range(5)} == set(range(5))
    conversation.say("echo", "quick", text="I do not wait")
    assert conversation.hear_answer("quick")["result"] == "I do not wait"


def test_what_the_first_job_after_a_rest_tells_is_heard_though_nothing_follows(conversation):
    while not conversation.server._changed._waiters:  # it has nothing to do, as most of the time
        time.sleep(0.01)
    conversation.say("tell and wait", 1)
    assert [conversation.hear()["params"]["items"] for _ in range(2)] == [
        ["told at once"],
        ["told when nothing follows"],
    ]


def test_an_error_of_the_library_keeps_its_code(conversation):
    conversation.say("fail", 1)
    assert conversation.hear_answer(1)["error"]["data"]["code"] == "node-not-found"


@pytest.mark.parametrize("method", ["break", "break at once"])
def test_a_defect_ends_one_job_and_its_message_is_not_passed_on(conversation, caplog, method):
    conversation.say(method, 1)
    answer = json.dumps(conversation.hear_answer(1))
    assert "unexpected RuntimeError" in answer
    assert "break_down" in caplog.text
    assert "hunter2" not in answer + caplog.text
    conversation.say("echo", 2, text="still here")
    assert conversation.hear_answer(2)["result"] == "still here"


def test_a_result_that_no_message_can_carry_is_an_error(conversation):
    conversation.say("huge", 1)
    assert conversation.hear_answer(1)["error"]["code"] == -32603


@pytest.mark.parametrize(
    ("method", "params", "code", "words"),
    [
        ("nope", {}, -32601, "'nope'"),
        ("echo", {}, -32602, "'text' is missing"),
        ("echo", {"text": 3}, -32602, "'text' is not text"),
        ("echo", {"text": "a", "times": True}, -32602, "'times' is not a whole number"),
        ("echo", {"text": "a", "among": [1]}, -32602, "'among' is not a list of texts"),
        ("echo", {"text": "a", "other": 1}, -32602, "no parameter 'other'; there are text, times, among"),
        ("cancel", {}, -32602, "'job' is missing"),
        ("hello", {"protocol": "1"}, -32602, "'protocol' is not a whole number"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(conversation, method, params, code, words):
    conversation.say(method, 1, **params)
    error = conversation.hear_answer(1)["error"]
    assert error["code"] == code
    assert words in error["message"]


def test_a_flood_of_garbage_is_answered_and_does_no_harm(conversation):
    for line in (b"garbage", b"\xff\xfe", b"[]", b"{}", b"", b"x" * 2_000_000) * 50:
        conversation.say_line(line)
    codes = [conversation.hear()["error"]["code"] for _ in range(250)]
    assert set(codes) == {-32700, -32600}
    conversation.say("echo", 1, text="still here")
    assert conversation.hear_answer(1)["result"] == "still here"


def test_a_notification_is_never_answered(conversation):
    conversation.say("nope")
    conversation.say("echo", text="a job would answer")
    conversation.say("cancel", job=7)
    conversation.say("hello", protocol=99)
    conversation.say("echo", 1, text="next")
    assert conversation.hear()["params"]["items"] == ["next"]


def test_an_id_that_is_in_use_is_refused(conversation):
    conversation.say("wait", 1)
    conversation.started.get(timeout=20)
    conversation.say("wait", 1)
    assert conversation.hear()["error"]["code"] == -32600


# --- steering -----------------------------------------------------------------------------------------------------


def test_a_cancelled_job_is_over_at_once_whatever_it_waits_for(conversation):
    conversation.say("wait", 1)
    conversation.started.get(timeout=20)
    conversation.say("cancel", 2, job=1)
    assert conversation.hear_answer(1)["error"]["data"]["code"] == "cancelled"
    assert conversation.hear_answer(2)["result"] is True
    conversation.open.set()
    conversation.say("echo", 3, text="next")
    assert conversation.hear()["params"]["job"] == 3


def test_a_cancelled_transfer_ends_with_its_account(conversation):
    conversation.say("transfer", 1)
    conversation.started.get(timeout=20)
    conversation.say("cancel", job=1)
    assert conversation.hear_answer(1)["result"] == "cancelled"


def test_a_transfer_that_waits_for_its_turn_can_be_cancelled(conversation):
    for id in range(5):
        conversation.say("transfer", id)
    running = {conversation.started.get(timeout=20) for _ in range(4)}
    (waiting,) = set(range(5)) - running
    conversation.say("cancel", job=waiting)
    assert conversation.hear_answer(waiting)["error"]["data"]["code"] == "cancelled"
    assert conversation.started.empty()


def test_a_paused_transfer_gives_way_to_the_next_one(conversation):
    for id in range(5):
        conversation.say("transfer", id)
    running = [conversation.started.get(timeout=20) for _ in range(4)]
    conversation.say("pause", job=running[0])
    assert conversation.started.get(timeout=20) not in running


def test_what_is_prioritised_is_the_next_to_start(conversation):
    for id in range(4):
        conversation.say("transfer", id)
        conversation.started.get(timeout=20)
    for id in (10, 11, 12):
        conversation.say("transfer", id)
    conversation.say("prioritise", job=12)
    conversation.say("cancel", job=0)
    assert conversation.started.get(timeout=20) == 12


def test_what_is_cancelled_of_a_job_leaves_the_job_running(conversation):
    conversation.say("transfer", 1)
    assert conversation.started.get(timeout=20) == 1
    conversation.say("cancel", 2, job=1, resource="1.2/1.2.3")
    assert conversation.hear_answer(2)["result"] is True
    conversation.open.set()
    assert conversation.hear_answer(1)["result"] == "done"


def test_a_job_of_which_a_part_is_paused_keeps_its_place(conversation):
    for id in range(5):
        conversation.say("transfer", id)
    running = {conversation.started.get(timeout=20) for _ in range(4)}
    conversation.say("pause", 10, job=min(running), resource="1.2/1.2.3")
    assert conversation.hear_answer(10)["result"] is True
    assert conversation.started.empty()


def test_steering_a_job_that_is_over_says_so(conversation):
    conversation.say("pause", 1, job=99)
    assert conversation.hear_answer(1)["result"] is False


def test_closing_cancels_all_jobs_and_waits_for_them(conversation):
    conversation.say("transfer", 1)
    conversation.say("wait", 2)
    conversation.started.get(timeout=20)
    assert conversation.server.close(patience=10)
    assert {conversation.hear()["id"], conversation.hear()["id"]} == {1, 2}


def test_closing_minds_no_job_that_ends_while_another_one_is_cancelled(conversation):
    conversation.say("let the other end", 1)
    conversation.started.get(timeout=20)
    conversation.say("wait", 2)
    conversation.started.get(timeout=20)
    assert conversation.server.close(patience=10)


def test_a_job_for_which_the_system_has_no_thread_is_refused_and_the_next_one_is_not():
    threads = [Unstartable, threading.Thread]
    lane, ran = Lane(1, make_thread=lambda **options: threads.pop(0)(**options)), queue.Queue()
    assert not lane.put(Job(1, None), lambda: ran.put(1))
    assert lane.put(Job(2, None), lambda: ran.put(2))
    assert ran.get(timeout=20) == 2


def test_a_job_for_which_the_system_has_no_thread_waits_for_those_that_are_there():
    threads = [threading.Thread, Unstartable]
    lane, ran = Lane(2, make_thread=lambda **options: threads.pop(0)(**options)), queue.Queue()
    go_on = threading.Event()
    assert lane.put(Job(1, None), lambda: go_on.wait(20))
    assert lane.put(Job(2, None), lambda: ran.put(2))
    go_on.set()
    assert ran.get(timeout=20) == 2


def test_a_lane_takes_no_more_than_it_has_room_for_and_is_as_before_when_it_was_empty():
    threads, ran, go_on = [], queue.Queue(), threading.Event()

    def thread(**options):
        threads.append(threading.Thread(**options))
        return threads[-1]

    def run():
        ran.put("begun")
        go_on.wait(20)

    lane = Lane(1, capacity=1, make_thread=thread)
    assert lane.put(Job(1, None), run)
    ran.get(timeout=20)
    assert [lane.put(Job(2, None), run), lane.put(Job(3, None), run)] == [True, False]
    go_on.set()
    threads[0].join(20)
    assert lane.put(Job(4, None), lambda: ran.put("again"))
    assert [ran.get(timeout=20), ran.get(timeout=20)] == ["begun", "again"]


class Unstartable(threading.Thread):
    def start(self):
        raise RuntimeError("can't start new thread")


# --- lists --------------------------------------------------------------------------------------------------------


def test_a_list_is_gathered_from_its_pages_and_used_once(conversation):
    conversation.say("list", name="files", items=["a", "b"])
    conversation.say("list", 1, name="files", items=["c"])
    assert conversation.hear_answer(1)["result"] == 3
    assert conversation.lists.take("files") == ["a", "b", "c"]
    with pytest.raises(ValueError, match="there is no list 'files'"):
        conversation.lists.take("files")


def test_lists_have_an_end(conversation):
    for number in range(64):
        conversation.say("list", name=str(number), items=[])
    conversation.say("list", 1, name="one too many", items=[])
    assert conversation.hear_answer(1)["error"]["data"]["code"] == "limit-exceeded"
