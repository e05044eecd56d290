"""How far a transfer is and how fast."""

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.transfer.meter import Meter

SERIES = Resource("1.2", "1.2.3")
OTHER = Resource("1.2", "1.2.4")


class Clock:
    def __init__(self):
        self.now = 50.0

    def __call__(self):
        return self.now


def test_progress_is_told_at_most_ten_times_a_second():
    clock = Clock()
    meter = Meter(clock)
    told = 0
    for _ in range(1000):  # a second in steps of a millisecond
        clock.now += 0.001
        told += meter.add(SERIES, size=10) is not None
    assert 9 <= told <= 10


def test_the_speed_is_that_of_the_last_seconds_and_not_of_the_whole():
    clock = Clock()
    meter = Meter(clock)
    for _ in range(20):
        clock.now += 1
        meter.add(SERIES, size=1000)
    for _ in range(5):
        clock.now += 1
        last = meter.add(SERIES, size=10)
    assert last.bytes_per_second == 10


def test_only_series_that_moved_are_told():
    clock = Clock()
    meter = Meter(clock)
    meter.expect(SERIES, 5)
    meter.expect(OTHER, 7)
    meter.add(SERIES, instances=1, size=100)
    progress = meter.tell()
    assert [(each.resource, each.instances, each.expected, each.bytes) for each in progress.series] == [
        (SERIES, 1, 5, 100)
    ]
    assert (progress.instances, progress.expected, progress.bytes) == (1, 12, 100)
    assert meter.tell().series == ()


def test_a_series_of_unknown_length_never_makes_more_arrive_than_is_expected():
    meter = Meter(Clock())
    meter.expect(SERIES, None)
    meter.add(SERIES, instances=3)
    assert meter.tell().expected == 3
    meter.forget(SERIES)
    meter.expect(OTHER, 2)
    assert meter.tell().expected == 5


def test_what_is_not_planned_yet_is_taken_for_as_much_as_what_is():
    meter = Meter(Clock())
    meter.request(4)
    assert meter.tell().expected == 0
    meter.expect(SERIES, 30)
    meter.plan_ended()
    assert meter.tell().expected == 120
    meter.expect(OTHER, 10)
    for _ in range(3):
        meter.plan_ended()
    assert meter.tell().expected == 40
