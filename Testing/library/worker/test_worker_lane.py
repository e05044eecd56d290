"""Threads for jobs of one kind, and what becomes of a job when the system gives none."""

from __future__ import annotations

import queue
import threading

from DICOMWebNodesLib.worker.jobs import Job, Lane


class Unstartable(threading.Thread):
    def start(self):
        raise RuntimeError("can't start new thread")


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
