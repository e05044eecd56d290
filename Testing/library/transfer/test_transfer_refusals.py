"""What a transfer does when something cannot be had: what is missing is named with the reason."""

import threading

import pytest
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import (
    Cancelled,
    ConnectionLost,
    DiskFull,
    NotFound,
    NotWritable,
    ServerError,
    Unauthorized,
)
from DICOMWebNodesLib.transfer.catalogue import SeriesListed
from DICOMWebNodesLib.transfer.events import (
    Done,
    Failed,
    InstanceStored,
    Planned,
    SeriesDone,
    SeriesPlan,
    SeriesStarted,
)

from .origin import SERIES, STUDY, Origin, expected_files, files, instance, run


def test_an_instance_that_the_server_refuses_is_named_and_the_others_arrive(tmp_path):
    origin = Origin(levels=(Level.INSTANCE,))
    origin.refuses[instance(3)] = NotFound("the server answered 404 Not Found", status=404)
    summary = run(origin, tmp_path)
    assert [(each.resource, each.reason) for each in summary.failed] == [
        (instance(3), "the server answered 404 Not Found")
    ]
    assert (summary.stored, summary.missing, summary.complete) == (4, 1, False)


def test_a_study_that_does_not_exist_is_named(tmp_path):
    summary = run(Origin(), tmp_path, Resource("9.9"), STUDY)
    assert [(each.resource, each.code) for each in summary.failed] == [(Resource("9.9"), "not-found")]
    assert summary.stored == 5


@pytest.mark.parametrize("error", [None, ConnectionLost("gone")])
def test_a_study_of_which_a_server_without_search_has_nothing_is_named(tmp_path, error):
    origin = Origin(instances=0)
    origin.series_of = lambda resource, begin: SeriesListed((SeriesPlan(resource),))
    origin.breaks_after = {STUDY: (0, error)} if error else {}
    summary = run(origin, tmp_path)
    assert [(each.resource, each.reason) for each in summary.failed] == [
        (STUDY, "gone" if error else "the server has no instances of it")
    ]


def test_instances_that_the_server_counts_but_does_not_list_are_missing(tmp_path):
    origin = Origin()
    origin.sent = list(origin.held.items())[:3]
    origin.listed = list(origin.held)[:3]
    summary = run(origin, tmp_path)
    assert summary.missing == 2
    assert "counts 5 instances but lists and sends only 3" in summary.failed[0].reason


def test_a_wrong_password_ends_the_transfer_with_one_request_a_connection(tmp_path):
    origin = Origin(*(Resource("1.2", f"1.2.{n}") for n in range(3, 40)))
    for each in origin.series_of(STUDY).plans:
        origin.refuses[each.resource] = Unauthorized("the server answered 401", status=401)
    summary = run(origin, tmp_path, connections=2)
    assert len(origin.asked) <= 2
    assert summary.missing == len(origin.held)
    assert {each.reason for each in summary.failed} == {"the server answered 401"}


def test_a_server_that_is_gone_is_not_asked_for_ever(tmp_path):
    origin = Origin(instances=500, levels=(Level.INSTANCE,))
    for each in origin.held:
        origin.refuses[each] = ServerError("the server answered 500", status=500)
    summary = run(origin, tmp_path)
    assert len(origin.asked) < 30
    assert summary.missing == 500


@pytest.mark.parametrize("error", [DiskFull("the disk is full"), NotWritable("read only")])
def test_a_full_disk_ends_the_transfer_and_says_so_once_a_series(tmp_path, error):
    origin = Origin()
    origin.breaks_after[SERIES] = (2, error)
    summary = run(origin, tmp_path)
    assert [(each.resource, each.reason, each.instances) for each in summary.failed] == [(SERIES, error.cause, 3)]
    assert len(files(tmp_path)) == 2


def test_what_a_full_disk_cuts_off_beside_it_is_told_as_that_too(tmp_path):
    both, ended = threading.Barrier(2, timeout=20), threading.Event()

    class CutOff(Origin):
        def _events(self, resource):
            both.wait()
            if resource == SERIES:
                yield from super()._events(resource)
            else:
                assert ended.wait(20)
                raise Cancelled("it was cancelled")

    other = Resource("1.2", "1.2.4")
    origin = CutOff(SERIES, other)
    origin.breaks_after[SERIES] = (2, DiskFull("the disk is full"))
    summary = run(origin, tmp_path, abort=ended.set)
    told = {(each.resource, each.reason, each.code) for each in summary.failed}
    assert told == {(each, "the disk is full", "disk-full") for each in (SERIES, other)}


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_asked(tmp_path):
    (tmp_path / "file").write_text("")
    origin = Origin()
    with pytest.raises(NotWritable):
        run(origin, tmp_path / "file" / "x")
    assert origin.asked == []


def test_a_defect_of_ours_neither_hangs_nor_loses_an_instance(tmp_path):
    origin = Origin()
    origin.breaks_after[SERIES] = (2, ZeroDivisionError("a defect"))
    summary = run(origin, tmp_path)
    assert summary.missing == 3
    assert "ZeroDivisionError" in summary.failed[0].reason


@pytest.mark.parametrize("kind", [Planned, SeriesStarted, InstanceStored, Failed, SeriesDone, Done])
def test_a_listener_that_fails_ends_the_transfer_and_its_error_is_raised_when_all_is_entered(tmp_path, kind):
    origin = Origin(*(Resource("1.2", f"1.2.{n}") for n in range(3, 8)), levels=(Level.INSTANCE,))
    origin.refuses[next(iter(origin.held))] = NotFound("the server answered 404 Not Found", status=404)
    told = []

    def listen(event):
        told.append(event)
        if isinstance(event, kind):
            raise BrokenPipeError("nobody reads it")

    with pytest.raises(BrokenPipeError):
        run(origin, tmp_path, listener=listen, connections=1)
    assert isinstance(told[-1], kind)
    assert len(origin.asked) < len(origin.held) or kind is Done
    assert files(tmp_path).items() <= expected_files(origin).items()
