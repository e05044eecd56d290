"""Work in slices: in order, and what takes long in several of them."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.slices import Slices
from DICOMWebNodesUI.slow_queue import SlowQueue


class Loop(list):
    """Calls later what it was asked to, when the test says so."""

    def later(self, _milliseconds, call):
        self.append(call)

    def run(self):
        while self:
            self.pop(0)()


def test_things_are_worked_on_in_their_order_and_generators_to_their_end():
    loop, done = Loop(), []

    def work(thing):
        if thing == "long":
            return steps()
        done.append(thing)
        return None

    def steps():
        for step in range(3):
            done.append(step)
            yield

    queue = SlowQueue(Slices(loop.later), work)
    queue.put(["first", "long", "last"])
    loop.run()
    assert done == ["first", 0, 1, 2, "last"]
    assert queue.is_empty


def test_what_is_under_way_is_dropped_with_the_rest():
    loop, done = Loop(), []
    clock = iter(range(1000))

    def endless(thing):
        while True:
            done.append(thing)
            yield

    queue = SlowQueue(Slices(loop.later, clock.__next__), endless)
    queue.put(["a", "b"])
    loop.pop(0)()
    assert not queue.is_empty
    queue.clear()
    loop.run()
    assert queue.is_empty
    assert set(done) == {"a"}


def test_a_queue_that_is_closed_forgets_what_it_has_and_takes_nothing_more():
    loop, done = Loop(), []
    queue = SlowQueue(Slices(loop.later), done.append)
    queue.put(["first", "second"])
    queue.close()
    queue.put(["third"])
    loop.run()
    assert done == []
    assert queue.is_empty


def test_an_error_of_one_thing_holds_up_no_other():
    loop, done = Loop(), []

    def work(thing):
        if thing == "broken":
            raise ValueError(thing)
        done.append(thing)

    queue = SlowQueue(Slices(loop.later), work)
    queue.put(["first", "broken", "last"])
    with pytest.raises(ValueError, match="broken"):
        loop.run()
    loop.run()
    assert done == ["first", "last"]
    assert queue.is_empty
