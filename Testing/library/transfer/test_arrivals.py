"""Bytes are told in sums, and none is forgotten."""

from DICOMWebNodesLib.transfer.arrivals import Arrivals


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_what_comes_at_once_is_told_together():
    told, clock = [], Clock()
    arrivals = Arrivals(told.append, clock)
    for _ in range(10):
        arrivals.add(100)
    assert told == []
    clock.now += 0.05
    arrivals.add(100)
    assert told == [1100]
    arrivals.tell()
    assert told == [1100]


def test_much_is_told_at_once_and_the_rest_at_the_end():
    told = []
    arrivals = Arrivals(told.append, Clock())
    for size in (2_000_000, 1, 2):
        arrivals.add(size)
    arrivals.tell()
    assert told == [2_000_000, 3]
