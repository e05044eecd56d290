"""What the server does with requests, whatever the methods are."""

from __future__ import annotations

import json
import time

import pytest
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT
from library.worker.worker_by_hand import Side


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


def test_a_result_that_no_message_can_carry_comes_in_pieces(conversation):
    side = Side()
    job = side.call()
    conversation.say("huge", job.id)
    lines = conversation.heard.get(timeout=20)
    assert max(map(len, lines.splitlines())) < MESSAGE_LIMIT
    side.pipe.listener.received(lines)
    side.client.process()
    assert job.result == conversation.huge(None)


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


def test_a_list_is_gathered_from_its_pages_and_used_once(conversation):
    conversation.say("list", name="files", items=["a", "b"])
    conversation.say("list", 1, name="files", items=["c"])
    assert conversation.hear_answer(1)["result"] == 3
    conversation.say("gather", 2, lists={"items": "files"})
    assert conversation.hear_answer(2)["result"] == ["a", "b", "c"]
    conversation.say("gather", 3, lists={"items": "files"})
    assert "the list for 'items' was not given" in conversation.hear_answer(3)["error"]["message"]


def test_a_list_is_looked_at_as_what_is_in_the_request(conversation):
    conversation.say("list", name="numbers", items=[1])
    conversation.say("gather", 1, lists={"items": "numbers"})
    assert "'items' is not a list of texts" in conversation.hear_answer(1)["error"]["message"]
    conversation.say("gather", 2, lists="numbers")
    assert "'lists' is not an object" in conversation.hear_answer(2)["error"]["message"]


def test_jobs_that_wait_or_fail_keep_no_room_from_the_lists_of_others(conversation):
    """A hundred sends at once, most of which wait for their turn."""
    for id in range(100):
        conversation.say("list", name=f"files-{id}", items=["a"])
        conversation.say("wait" if id % 2 else "nope", id, lists={"items": f"files-{id}"})
    conversation.say("list", name="files", items=["a"])
    conversation.say("gather", "last", lists={"items": "files"})
    assert conversation.hear_answer("last")["result"] == ["a"]


def test_lists_have_an_end(conversation):
    for number in range(64):
        conversation.say("list", name=str(number), items=[])
    conversation.say("list", 1, name="one too many", items=[])
    assert conversation.hear_answer(1)["error"]["data"]["code"] == "limit-exceeded"
