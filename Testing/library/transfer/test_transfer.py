"""What a transfer fetches when all is well, and what it tells of it."""

import threading

from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import (
    NotFound,
    ServerError,
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
from DICOMWebNodesLib.transfer.folder import InstanceFolder
from DICOMWebNodesLib.transfer.queue import LOOK_AHEAD

from .origin import SERIES, STUDY, Origin, expected_files, files, instance, run

# --- when everything is well ---------------------------------------------------------------------------------------


def test_a_study_comes_in_one_request_a_series_byte_for_byte(tmp_path):
    origin = Origin(SERIES, Resource("1.2", "1.2.4"))
    summary = run(origin, tmp_path)
    assert files(tmp_path) == expected_files(origin)
    assert sorted(origin.asked) == [SERIES, Resource("1.2", "1.2.4")]
    assert (summary.stored, summary.already_there, summary.missing, summary.complete) == (10, 0, 0, True)
    assert summary.bytes == sum(map(len, origin.held.values()))


def test_a_second_run_fetches_nothing(tmp_path):
    run(Origin(), tmp_path)
    again = Origin()
    summary = run(again, tmp_path)
    assert again.asked == []
    assert (summary.stored, summary.already_there, summary.complete) == (0, 5, True)


def test_a_run_after_an_interruption_fetches_exactly_what_is_missing(tmp_path):
    run(Origin(), tmp_path)
    for number in (1, 3):
        InstanceFolder(tmp_path).path_of(instance(number)).unlink()
    again = Origin()
    summary = run(again, tmp_path)
    assert sorted(again.asked) == [instance(1), instance(3)]
    assert (summary.stored, summary.already_there) == (2, 3)
    assert files(tmp_path) == expected_files(again)


def test_single_instances_are_asked_for_one_by_one(tmp_path):
    origin = Origin()
    summary = run(origin, tmp_path, instance(1), instance(2), instance(1))
    assert sorted(origin.asked) == [instance(1), instance(2)]
    assert summary.stored == 2


def test_a_server_that_gives_only_instances_is_asked_for_instances(tmp_path):
    origin = Origin(levels=(Level.INSTANCE,))
    assert run(origin, tmp_path).complete
    assert sorted(origin.asked) == sorted(origin.held)


def test_a_server_that_cannot_be_searched_sends_the_study_in_one_request(tmp_path):
    origin = Origin(SERIES, Resource("1.2", "1.2.4"))
    origin.series_of = lambda resource, begin: SeriesListed((SeriesPlan(resource),))
    summary = run(origin, tmp_path)
    assert origin.asked == [STUDY]
    assert files(tmp_path) == expected_files(origin)
    assert summary.complete


def test_series_come_while_the_server_is_asked_whether_there_are_more(tmp_path):
    origin, planned, one_is_here = Origin(SERIES, Resource("1.2", "1.2.4")), [], threading.Event()

    def series_of(resource, begin):
        listed = Origin.series_of(origin, resource)
        begin(listed.plans[:1])
        assert one_is_here.wait(20)
        begin(listed.plans[:1])  # once more, as after a break
        return listed

    def listener(event):
        if isinstance(event, Planned):
            planned.append([plan.resource for plan in event.series])
        elif isinstance(event, SeriesDone):
            one_is_here.set()

    origin.series_of = series_of
    summary = run(origin, tmp_path, listener=listener)
    assert planned == [[SERIES], [Resource("1.2", "1.2.4")]]
    assert (summary.stored, summary.complete, len(origin.asked)) == (10, True, 2)


def test_a_plan_that_breaks_behind_its_first_page_says_so_and_what_was_begun_comes(tmp_path):
    origin = Origin(SERIES, Resource("1.2", "1.2.4"))

    def series_of(resource, begin):
        begin(Origin.series_of(origin, resource).plans[:1])
        raise ServerError("the server fails", status=500)

    origin.series_of = series_of
    summary = run(origin, tmp_path)
    assert (summary.stored, summary.missing, summary.failed[0].resource) == (5, 1, STUDY)


def test_what_somebody_else_has_already_is_not_fetched(tmp_path):
    elsewhere = tmp_path / "elsewhere.dcm"
    elsewhere.write_bytes(b"1234")
    origin = Origin()
    have = {instance(number): elsewhere for number in range(4)}
    summary = run(origin, tmp_path / "new", inventory=lambda series: have)
    assert origin.asked == [instance(4)]
    assert (summary.stored, summary.already_there) == (1, 4)


# --- what is told -----------------------------------------------------------------------------------------------


def test_the_events_of_a_series_come_in_order_and_end_with_the_account(tmp_path):
    events = []
    origin = Origin(instances=2)
    summary = run(origin, tmp_path, listener=events.append)
    kinds = [type(event) for event in events if type(event).__name__ != "Progress"]
    assert kinds == [Planned, SeriesStarted, InstanceStored, InstanceStored, SeriesDone, Done]
    assert events[-1].summary == summary
    assert [event.path for event in events if isinstance(event, InstanceStored)] == [
        InstanceFolder(tmp_path).path_of(each) for each in origin.held
    ]


def test_a_failure_is_told_when_it_happens(tmp_path):
    events = []
    origin = Origin(levels=(Level.INSTANCE,))
    origin.refuses[instance(0)] = NotFound("no", status=404)
    summary = run(origin, tmp_path, listener=events.append)
    assert [event.failure for event in events if isinstance(event, Failed)] == list(summary.failed)


def test_the_summary_as_json_values_names_what_is_missing(tmp_path):
    origin = Origin(levels=(Level.INSTANCE,))
    origin.refuses[instance(0)] = NotFound("no", status=404)
    told = run(origin, tmp_path).as_dict()
    assert told["failed"] == [{"resource": "1.2/1.2.3/1.2.3.0", "instances": 1, "code": "not-found", "reason": "no"}]
    assert (told["stored"], told["missing"], told["complete"]) == (4, 1, False)


def test_the_first_instances_do_not_wait_for_the_plan_of_the_last_study(tmp_path):
    """A far server had been asked for what 400 studies consist of, for 12 seconds, before the first instance came."""
    studies = [Resource(f"1.{number}") for number in range(2 * LOOK_AHEAD)]
    series = [Resource(study.study_instance_uid, f"{study}.1") for study in studies]
    origin, told = Origin(*series, instances=1), []
    run(origin, tmp_path, *studies, listener=told.append, connections=4)
    first = next(index for index, event in enumerate(told) if isinstance(event, InstanceStored))
    assert sum(isinstance(event, Planned) for event in told[:first]) <= LOOK_AHEAD + 8
    assert sum(isinstance(event, InstanceStored) for event in told) == 2 * LOOK_AHEAD
