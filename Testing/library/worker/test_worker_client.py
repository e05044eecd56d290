"""The client's side: calls, what is told of them, how they are answered and steered."""

import pytest
from DICOMWebNodesLib.errors import LimitExceeded, NodeNotFound, NotFound
from library.worker.worker_by_hand import Side


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


def test_a_cancel_does_not_wait_until_all_that_has_arrived_is_worked_off():
    now = iter(range(1000))
    side = Side(clock=lambda: next(now))
    job = side.call()
    for number in range(10):
        side.pipe.says(method="items", params={"job": job.id, "items": [number]})
    job.cancel()
    assert side.client.process(seconds=1)
    assert side.pipe.requests[-1]["method"] == "cancel"


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
    assert {page["params"]["name"] for page in lists} == {request["params"]["lists"]["files"]}
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


def test_an_error_that_a_script_expects_can_be_caught_by_its_class():
    side = Side()
    job = side.call()
    side.pipe.says(id=job.id, error={"code": -32000, "data": NodeNotFound("no 'x'").as_dict()})
    side.client.process()
    with pytest.raises(NodeNotFound, match="no 'x'"):
        raise job.error
