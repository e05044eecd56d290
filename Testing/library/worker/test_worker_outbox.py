"""How what a job tells is gathered."""

import json

from DICOMWebNodesLib.worker.outbox import ITEM_LIMIT, Outbox
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT


class Box:
    """An outbox with a clock that the test turns."""

    def __init__(self):
        self.now = 100.0
        self.lines = []
        self.outbox = Outbox(1, self.lines.append, lambda: self.now)

    @property
    def sent(self):
        messages = map(json.loads, self.lines)
        return [(each["method"], each["params"].get("items", each["params"].get("value"))) for each in messages]


def test_the_first_item_is_sent_at_once():
    box = Box()
    box.outbox.add("items", 1)
    assert box.sent == [("items", [1])]


def test_what_follows_within_a_tenth_of_a_second_is_gathered():
    box = Box()
    for item in range(5):
        box.outbox.add("items", item)
        box.now += 0.01
    assert box.sent == [("items", [0])]
    assert box.outbox.is_waiting

    box.now += 0.1
    box.outbox.add("items", 5)

    assert box.sent == [("items", [0]), ("items", [1, 2, 3, 4, 5])]
    assert not box.outbox.is_waiting


def test_progress_is_sent_ten_times_a_second_however_often_it_is_shown():
    box = Box()
    for step in range(1000):
        box.outbox.set("progress", step)
        box.now += 0.001
    assert 9 <= len(box.sent) <= 11


def test_only_the_newest_progress_counts():
    box = Box()
    for step in range(5):
        box.outbox.set("progress", step)
    box.outbox.flush()
    assert box.sent == [("progress", 0), ("progress", 4)]


def test_items_of_different_names_stay_in_their_order():
    box = Box()
    box.outbox.add("stored", 0)
    for name in ("stored", "done", "stored", "stored"):
        box.outbox.add(name, name)
    box.outbox.flush()
    assert box.sent[1:] == [("stored", ["stored"]), ("done", ["done"]), ("stored", ["stored", "stored"])]


def test_of_items_with_a_key_only_the_newest_of_each_is_sent():
    box = Box()
    box.outbox.add("stored", 0)
    for step in range(3):
        box.outbox.update("moved", "a", ["a", step])
        box.outbox.update("moved", "b", ["b", step])
        box.outbox.add("stored", step)
    box.outbox.flush()
    assert box.sent[1:] == [("stored", [0, 1, 2]), ("moved", [["a", 2], ["b", 2]])]


def test_an_item_with_a_key_goes_when_it_is_time_though_nothing_else_does():
    box = Box()
    box.outbox.add("stored", 0)
    box.outbox.update("moved", "a", ["a", 1])
    assert box.outbox.is_waiting
    box.now += 0.2
    box.outbox.update("moved", "a", ["a", 2])
    assert box.sent[1:] == [("moved", [["a", 2]])]


def test_many_items_do_not_wait_for_the_clock_and_no_message_is_too_long():
    box = Box()
    for _ in range(100):
        box.outbox.add("items", "x" * 50_000)
    assert box.outbox._size < 200_000
    box.outbox.flush()
    assert sum(len(items) for _, items in box.sent) == 100
    assert all(len(line) <= MESSAGE_LIMIT for line in box.lines)


def test_an_item_that_no_message_can_carry_is_told_by_its_size():
    box = Box()
    box.outbox.add("items", "x" * (ITEM_LIMIT + 1))
    (name, (text,)) = box.sent[0]
    assert name == "warned"
    assert str(ITEM_LIMIT + 3) in text


def test_nothing_is_sent_after_the_answer_and_there_is_one_answer_only():
    box = Box()
    box.outbox.add("items", 1)
    box.outbox.add("items", 2)
    assert box.outbox.close(b'{"method": "answer", "params": {"value": 1}}')
    assert not box.outbox.close(b'{"method": "answer", "params": {"value": 2}}')
    box.outbox.add("items", 3)
    box.outbox.flush()
    assert box.sent == [("items", [1]), ("items", [2]), ("answer", 1)]
