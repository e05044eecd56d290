"""What a transfer tells on its way through the worker, and when."""

import json

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.transfer.events import Failed, Failure, InstanceStored, Progress
from DICOMWebNodesLib.worker.jobs import Job
from DICOMWebNodesLib.worker.outbox import Outbox
from DICOMWebNodesLib.worker.teller import Teller

SERIES = Resource("1.2", "1.2.3")


class Case:
    """A transfer of so many instances, of which nothing is due by the clock."""

    def __init__(self, expected):
        self.lines = []
        self.job = Job(1, Outbox(1, self.lines.append, clock=lambda: 0.0))
        self.teller = Teller(self.job)
        self.expect(expected)

    def expect(self, expected):
        self.teller.hear(Progress(0, expected, 0, 0.0, ()))

    def store(self, count):
        for number in range(count):
            self.teller.hear(InstanceStored(SERIES.instance(f"1.{number}"), "a.dcm", 8))

    @property
    def told(self):
        """How many instances each message names."""
        messages = map(json.loads, self.lines)
        return [len(each["params"]["items"]) for each in messages if each["method"] == "stored"]


def test_towards_the_end_messages_become_shorter_so_that_little_is_left_to_work_on():
    case = Case(800)
    case.store(800)
    assert case.told == [400, 200, 100, 50, 50]


def test_few_instances_are_told_together():
    case = Case(20)
    case.store(20)
    assert case.told == [20]


def test_what_failed_is_not_waited_for():
    case = Case(30)
    case.store(20)
    case.teller.hear(Failed(Failure(SERIES, "gone", "not-found", 5)))
    case.store(5)
    assert sum(case.told) == 25


def test_that_all_has_come_of_what_is_planned_is_not_the_end_while_more_is_to_be_planned():
    case = Case(8000)  # an estimate
    case.store(500)
    assert case.told == []
    case.expect(501)
    case.store(1)
    assert case.told == [501]


def test_a_series_of_unknown_size_is_told_by_the_clock():
    case = Case(0)
    case.store(500)
    assert case.told == []
    case.job.outbox.flush()
    assert case.told == [500]
