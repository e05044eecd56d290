"""How many requests run side by side."""

import threading

import pytest
from DICOMWebNodesLib.transfer.concurrency import ANSWERS, REST, SHORTEST_WINDOW, WINDOW, Concurrency
from DICOMWebNodesLib.transfer.crew import Crew

WINDOWS_OF_REST = int(REST / WINDOW)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Wire:
    """Brings bytes at a rate that follows from the number of requests."""

    def __init__(self, rate, **options):
        self.clock = Clock()
        self.concurrency = Concurrency(clock=self.clock, **options)
        self._rate = rate

    def run(self, windows):
        for _ in range(windows):
            self.clock.now += WINDOW
            self.concurrency.arrived(int(self._rate(self.concurrency.limit) * WINDOW))
        return self.concurrency.limit


def test_it_grows_to_the_most_while_every_request_brings_more():
    assert Wire(lambda limit: 1e6 * limit, most=32).run(4) == 32


def test_it_stays_where_the_wire_is_full():
    assert Wire(lambda limit: 1e6 * min(limit, 6), most=32).run(WINDOWS_OF_REST + 5) == 8


def test_it_goes_back_when_more_brings_nothing():
    assert Wire(lambda limit: 1e6, most=32).run(2) == 4


def test_it_tries_again_after_a_rest():
    wire = Wire(lambda limit: 1e6 * min(limit, 4), most=32)
    wire.run(2)
    wire._rate = lambda limit: 2e6 * limit
    assert wire.run(WINDOWS_OF_REST + 6) == 32


def test_a_complaint_halves_it_and_it_rests():
    wire = Wire(lambda limit: 1e6 * limit, most=32)
    wire.run(10)
    wire.concurrency.complained()
    assert wire.concurrency.limit == 16
    assert wire.run(WINDOWS_OF_REST - 1) == 16
    assert wire.run(5) == 32


class Answers:
    """Single instances of one size, a round trip each; a request more begins a round trip after it may."""

    def __init__(self, round_trip, most_at_once=1000):
        self.clock = Clock()
        self.concurrency = Concurrency(clock=self.clock, most=16)
        self._round_trip = round_trip
        self._most_at_once = most_at_once
        self._at_once = self.concurrency.limit

    def seconds_until(self, limit):
        while self.concurrency.limit < limit:
            self.clock.now += self._round_trip
            for _ in range(min(self._at_once, self._most_at_once)):
                self.concurrency.arrived(50_000, answers=1)
            self._at_once = self.concurrency.limit
        return self.clock.now


def test_a_few_answers_of_each_request_are_enough_to_go_on():
    assert Answers(0.05).seconds_until(16) < WINDOW
    assert Answers(0.04).seconds_until(16) >= 2 * SHORTEST_WINDOW


def test_answers_that_take_long_are_not_waited_for_twice():
    assert Answers(1.0).seconds_until(16) == 2


def test_answers_that_come_no_faster_side_by_side_leave_it_where_it_was():
    wire = Answers(0.05, most_at_once=4)
    wire.seconds_until(8)
    for _ in range(ANSWERS * 3):
        wire.clock.now += 0.05
        for _ in range(4):
            wire.concurrency.arrived(50_000, answers=1)
    assert wire.concurrency.limit == 4


def test_it_never_falls_below_one():
    concurrency = Concurrency()
    for _ in range(10):
        concurrency.complained()
    assert concurrency.limit == 1


@pytest.mark.parametrize("most", [1, 2])
def test_the_most_is_kept_from_the_start(most):
    assert Concurrency(start=4, most=most).limit == most


def test_a_crew_works_until_nothing_is_left():
    left, lock, done = list(range(100)), threading.Lock(), []

    def work():
        with lock:
            if left:
                done.append(left.pop())
            return bool(left)

    crew = Crew(work, Concurrency(start=3))
    crew.start()
    assert crew.join(10)
    assert len(done) == 100


def test_a_crew_grows_and_shrinks_with_what_is_allowed():
    concurrency = Concurrency(start=2, most=8)
    inside, seen, go = [0], [], threading.Event()
    lock, arrived = threading.Lock(), threading.Semaphore(0)

    def work():
        with lock:
            inside[0] += 1
            seen.append(inside[0])
        arrived.release()
        assert go.wait(10)
        with lock:
            inside[0] -= 1
        return len(seen) < 40

    crew = Crew(work, concurrency)
    crew.start()
    for _ in range(2):
        assert arrived.acquire(timeout=10)
    assert max(seen) == 2
    concurrency.limit = 5
    crew.start()
    for _ in range(3):
        assert arrived.acquire(timeout=10)
    assert max(seen) == 5
    concurrency.limit = 1
    go.set()
    assert crew.join(10)


def threads_up_to(number):
    """What the system gives: so many threads, and then none (RLIMIT_NPROC, a container's limit of processes)."""
    left = iter(range(number))

    class Thread(threading.Thread):
        def start(self):
            if next(left, None) is None:
                raise RuntimeError("can't start new thread")
            super().start()

    return Thread


def test_a_crew_makes_do_with_the_threads_that_it_can_have():
    done, all_there = [], threading.Barrier(3)

    def work():
        all_there.wait(10)
        done.append(threading.get_ident())

    crew = Crew(work, Concurrency(start=8), threads_up_to(2))
    for _ in range(3):
        crew.start()
    all_there.wait(10)
    assert crew.join(10)
    assert len(set(done)) == 2


def test_a_crew_that_waits_for_somebody_makes_do_without_another_one():
    crew = Crew(lambda: rested.append(rest()) or False, Concurrency(start=1), threads_up_to(1))
    rested = []

    def rest():
        with crew.resting():
            return True

    crew.start()
    assert crew.join(10)
    assert rested == [True]


def test_a_crew_without_any_thread_says_so():
    crew = Crew(lambda: False, Concurrency(start=2), threads_up_to(0))
    with pytest.raises(RuntimeError, match="can't start new thread"):
        crew.start()
    assert crew.join(10)


def test_a_crew_that_hangs_is_not_waited_for():
    block = threading.Event()
    crew = Crew(lambda: not block.wait(60), Concurrency(start=1))
    crew.start()
    assert not crew.join(0.01)
    block.set()
    assert crew.join(10)
