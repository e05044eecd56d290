"""Jobs of the server that are cancelled, paused, or preferred to others."""

from __future__ import annotations


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


def test_transfers_of_a_node_whose_server_hangs_hold_up_those_of_no_other_one(conversation):
    for id in range(6):
        conversation.say("transfer", id, node="dead")
    conversation.say("transfer", "other", node={"url": "http://a/dicom-web"})
    assert {conversation.started.get(timeout=20) for _ in range(5)} == {0, 1, 2, 3, "other"}


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
