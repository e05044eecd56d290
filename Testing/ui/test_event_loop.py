"""Calls from Qt's event loop."""

from __future__ import annotations

import gc
import weakref

import slicer
from DICOMWebNodesHost.event_loop import later


def test_calls_come_once_in_the_order_in_which_they_were_asked_for(until):
    called = []
    for number in range(5):
        later(0, lambda number=number: called.append(number))
    assert called == []
    later(20, lambda: called.append("last"))
    until(lambda: "last" in called)
    assert called == [0, 1, 2, 3, 4, "last"]


def test_a_call_asks_for_the_next_one(until):
    called = []

    def call():
        called.append(len(called))
        if len(called) < 100:
            later(0, call)

    later(0, call)
    until(lambda: len(called) == 100)


def test_nothing_is_kept_of_what_was_called(until):
    class Thing:
        def call(self):
            called.append(True)

    called, timers = [], len(slicer.app.moduleManager().children())
    things = [Thing()]
    later(0, things[0].call)
    until(lambda: called)
    kept = weakref.ref(things.pop())
    gc.collect()
    assert kept() is None
    assert len(slicer.app.moduleManager().children()) == timers
