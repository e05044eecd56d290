"""When a request is tried again, and how long everybody waits first."""

from DICOMWebNodesLib.dicomweb.pacer import Pacer


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_the_delay_doubles_up_to_the_ceiling():
    pacer = Pacer(attempts=10, first_delay=1, ceiling=5, random=lambda: 1.0)
    assert [pacer.delay(attempt) for attempt in (1, 2, 3, 4, 5)] == [1, 2, 4, 5, 5]


def test_jitter_halves_the_delay_at_most():
    assert Pacer(first_delay=1, random=lambda: 0.0).delay(1) == 0.5


def test_the_last_attempt_is_final():
    pacer = Pacer(attempts=3)
    assert pacer.delay(2) is not None
    assert pacer.delay(3) is None


def test_the_server_decides_how_long_to_wait():
    assert Pacer(random=lambda: 0.0).delay(1, retry_after=7) == 7


def test_a_server_that_asks_for_an_hour_is_not_waited_for():
    assert Pacer(patience=120).delay(1, retry_after=3600) is None


def test_all_hold_back_until_the_time_is_over():
    clock = Clock()
    pacer = Pacer(clock=clock)
    pacer.hold(10)
    pacer.hold(3)
    assert pacer.held_for() == 10
    clock.now += 11
    assert pacer.held_for() == 0
