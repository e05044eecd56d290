"""What a transfer does with a server that is not perfect: every instance arrives, or is named with the reason."""

import contextlib
import threading
import tracemalloc

import pytest
from DICOMWebNodesLib.dicomweb.multipart import PartEnded, PartStarted, Payload
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import (
    ConnectionLost,
    DiskFull,
    NotDICOMweb,
    NotFound,
    NotWritable,
    ServerError,
    TruncatedMultipart,
    Unauthorized,
)
from DICOMWebNodesLib.transfer.concurrency import Concurrency
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.transfer.engine import Transfer
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
from fakes.part10_files import part10

STUDY = Resource("1.2")
SERIES = Resource("1.2", "1.2.3")


def instance(number, series=SERIES):
    return Resource(*series.uids, f"{series.series_instance_uid}.{number}")


class Origin:
    """The server's side as values: what it holds, what it says that it holds, and how it misbehaves."""

    def __init__(self, *series, instances=5, counted=True, levels=tuple(Level)):
        self.held = {
            each: part10(*each.uids)
            for one in series or (SERIES,)
            for each in (instance(n, one) for n in range(instances))
        }
        self.counted = counted
        self.levels = levels
        self.listed = None  # what the catalogue says instead of the truth
        self.sent = None  # what a series brings instead of the truth: (resource, bytes) pairs
        self.breaks_after = {}  # resource -> (parts, error)
        self.refuses = {}  # resource -> error
        self.asked = []
        self.on_part = lambda: None

    # --- catalogue ---

    def series_of(self, resource):
        counts = {}
        for each in self.held:
            if resource.contains(each):
                counts[each.parent] = counts.get(each.parent, 0) + 1
        if not counts:
            raise NotFound("the server knows no such study", status=404)
        return tuple(SeriesPlan(series, count if self.counted else None) for series, count in counts.items())

    def instances_of(self, resource):
        if self.listed is not None:
            return frozenset(self.listed)
        return frozenset(each for each in self.held if resource.contains(each))

    # --- source ---

    def retrieves(self, level):
        return level in self.levels

    def refused(self, level):
        self.levels = tuple(each for each in self.levels if each is not level)

    @contextlib.contextmanager
    def retrieve(self, resource):
        self.asked.append(resource)
        if resource in self.refuses:
            raise self.refuses[resource]
        yield self._events(resource)

    def _events(self, resource):
        parts = [(each, content) for each, content in self.held.items() if resource.contains(each)]
        if self.sent is not None and resource.level is not Level.INSTANCE:
            parts = self.sent
        limit, error = self.breaks_after.get(resource, (len(parts), None))
        for index, (_, content) in enumerate(parts):
            self.on_part()
            yield PartStarted({"content-type": "application/dicom"})
            yield Payload(memoryview(content)[:500])
            if index == limit:
                raise error
            yield Payload(memoryview(content)[500:])
            yield PartEnded()
        if error is not None and limit >= len(parts):
            raise error


def run(origin, folder, *resources, listener=lambda event: None, connections=4, **options):
    pacer = Pacer(first_delay=0, attempts=3)
    options.update(listener=listener, pacer=pacer, concurrency=Concurrency(most=connections))
    transfer = Transfer(origin, origin, InstanceFolder(folder), **options)
    return transfer.run(resources or [STUDY])


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def expected_files(origin):
    return {f"{'/'.join(each.uids)}.dcm": content for each, content in origin.held.items()}


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
    origin.series_of = lambda resource: (SeriesPlan(resource),)
    origin.instances_of = lambda resource: None
    summary = run(origin, tmp_path)
    assert origin.asked == [STUDY]
    assert files(tmp_path) == expected_files(origin)
    assert summary.complete


def test_what_somebody_else_has_already_is_not_fetched(tmp_path):
    elsewhere = tmp_path / "elsewhere.dcm"
    elsewhere.write_bytes(b"1234")
    origin = Origin()
    have = {instance(number): elsewhere for number in range(4)}
    summary = run(origin, tmp_path / "new", inventory=lambda series: have)
    assert origin.asked == [instance(4)]
    assert (summary.stored, summary.already_there) == (1, 4)


# --- when a stream is not what it should be ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [ConnectionLost("gone"), TruncatedMultipart("cut", whole_parts=2), NotDICOMweb("a page of HTML")]
)
@pytest.mark.parametrize("parts", [0, 2, 5])
def test_a_broken_stream_costs_only_the_instance_that_it_broke_in(tmp_path, error, parts):
    origin = Origin()
    origin.breaks_after[SERIES] = (parts, error)
    summary = run(origin, tmp_path)
    assert files(tmp_path) == expected_files(origin)
    assert summary.complete
    assert sorted(origin.asked[1:]) == [instance(number) for number in range(parts, 5)]


def test_what_the_stream_leaves_out_is_asked_for(tmp_path):
    origin = Origin()
    origin.sent = [each for each in origin.held.items() if each[0] != instance(2)]
    assert run(origin, tmp_path).complete
    assert origin.asked == [SERIES, instance(2)]


def test_an_instance_that_comes_twice_is_written_once_and_counted(tmp_path):
    origin = Origin()
    origin.sent = [*origin.held.items(), (instance(0), origin.held[instance(0)])]
    summary = run(origin, tmp_path)
    assert (summary.stored, summary.fetched_again, summary.complete) == (5, 1, True)


def test_an_instance_of_another_series_is_not_written(tmp_path):
    origin = Origin()
    foreign = part10("1.2", "9.9", "9.9.1")
    origin.sent = [*origin.held.items(), (None, foreign)]
    assert run(origin, tmp_path).complete
    assert files(tmp_path) == expected_files(origin)


def test_an_instance_whose_file_meta_kept_an_old_uid_is_known_by_its_data_set(tmp_path):
    origin = Origin()
    origin.held[instance(1)] = part10(*instance(1).uids, meta_instance="7.7")
    assert run(origin, tmp_path).complete
    assert files(tmp_path) == expected_files(origin)


def test_an_instance_whose_data_set_is_another_one_is_refused_and_named(tmp_path):
    origin = Origin()
    origin.held[instance(1)] = part10(*SERIES.uids, "7.7", meta_instance=instance(1).sop_instance_uid)
    origin.counted = False
    summary = run(origin, tmp_path)
    assert [each.resource for each in summary.failed] == [instance(1)]


def test_a_page_of_html_in_a_part_is_no_instance(tmp_path):
    origin = Origin()
    origin.held[instance(1)] = b"<html>" * 200
    summary = run(origin, tmp_path)
    assert [each.resource for each in summary.failed] == [instance(1)]
    assert not list(tmp_path.rglob("*.part"))


def test_a_million_parts_that_are_no_instances_fill_no_memory(tmp_path):
    origin = Origin()
    origin.sent = [(None, b"")] * 10_000  # a hundredth of it shows what a part would cost
    tracemalloc.start()
    try:
        assert run(origin, tmp_path).complete
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


def test_an_instance_that_was_whole_before_its_answer_broke_has_arrived(tmp_path):
    origin = Origin(levels=(Level.INSTANCE,))
    origin.breaks_after[instance(1)] = (1, ConnectionLost("gone"))
    summary = run(origin, tmp_path)
    assert (summary.stored, summary.missing) == (5, 0)
    assert sorted(origin.asked) == sorted(origin.held)


@pytest.mark.parametrize("question", ["series_of", "instances_of"])
def test_what_there_is_is_asked_again_when_the_answer_is_lost(tmp_path, question):
    origin = Origin(levels=(Level.INSTANCE,))
    answer, lost = getattr(origin, question), iter([ConnectionLost("gone"), ConnectionLost("gone")])

    def lost_twice(resource):
        for error in lost:
            raise error
        return answer(resource)

    setattr(origin, question, lost_twice)
    assert run(origin, tmp_path).complete


def test_a_server_that_sends_another_instance_than_it_was_asked_for_is_named(tmp_path):
    origin = Origin(levels=(Level.INSTANCE,))
    origin.held[instance(1)] = origin.held[instance(2)]
    summary = run(origin, tmp_path)
    assert [(each.resource, each.reason) for each in summary.failed] == [
        (instance(1), "the server sent another instance, or none")
    ]


# --- when something cannot be had ------------------------------------------------------------------------------------


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
    origin.series_of = lambda resource: (SeriesPlan(resource),)
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
    for each in origin.series_of(STUDY):
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


# --- when somebody steers --------------------------------------------------------------------------------------------


def test_a_cancelled_transfer_accounts_for_what_is_missing_and_resumes(tmp_path):
    origin, control = Origin(instances=20), Control()
    stored = []

    def cancel_after_seven(event):
        if isinstance(event, InstanceStored):
            stored.append(event)
            if len(stored) == 7:
                control.cancel()

    summary = run(origin, tmp_path, listener=cancel_after_seven, control=control)
    assert summary.cancelled
    assert (summary.stored, summary.missing) == (7, 13)
    assert not list(tmp_path.rglob("*.part"))
    again = Origin(instances=20)
    assert run(again, tmp_path).complete
    assert len(again.asked) == 13


def test_a_transfer_that_was_cancelled_before_it_began_asks_for_nothing(tmp_path):
    origin, control = Origin(), Control()
    control.cancel()
    summary = run(origin, tmp_path, control=control)
    assert (origin.asked, summary.cancelled) == ([], True)
    assert summary.missing >= 1


def test_a_paused_transfer_takes_nothing_until_it_is_resumed(tmp_path):
    origin, control = Origin(instances=20), Control()
    paused = threading.Event()

    def pause_once(event):
        if isinstance(event, InstanceStored) and not paused.is_set():
            control.pause()
            paused.set()

    results = []
    transfer = threading.Thread(
        target=lambda: results.append(run(origin, tmp_path, listener=pause_once, control=control))
    )
    transfer.start()
    assert paused.wait(10)
    transfer.join(0.2)
    assert transfer.is_alive()
    assert len(files(tmp_path)) <= 2  # the one that was stored, and the part that waits
    control.resume()
    transfer.join(10)
    assert results[0].complete


class Steering:
    """Pauses a series when its first instance is stored; ``then(control, series)`` as soon as another is done too."""

    def __init__(self, series, then):
        self.control = Control()
        self.done = []
        self._series = series
        self._then = then
        self._paused = False

    def hear(self, event):
        if isinstance(event, InstanceStored) and event.resource.parent == self._series and not self._paused:
            self._paused = True
            self.control.pause(self._series)
        elif isinstance(event, SeriesDone):
            self.done.append(event.resource)
        else:
            return
        if self._paused and self.done and self._series not in self.done:
            self._then(self.control, self._series)


OTHER = Resource("1.2", "1.2.4")


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("levels", [tuple(Level), (Level.INSTANCE,)])
def test_a_series_is_paused_while_another_one_comes_also_over_the_only_connection(tmp_path, connections, levels):
    origin = Origin(SERIES, OTHER, instances=20, levels=levels)
    steering = Steering(SERIES, Control.resume)
    summary = run(origin, tmp_path, listener=steering.hear, control=steering.control, connections=connections)
    assert steering.done == [OTHER, SERIES]
    assert summary.complete
    assert files(tmp_path) == expected_files(origin)


def test_a_stream_that_was_paused_for_longer_than_the_server_waits_is_made_good(tmp_path):
    origin = Origin(SERIES, OTHER, instances=20)
    origin.breaks_after[SERIES] = (1, ConnectionLost("the server has closed it"))
    steering = Steering(SERIES, Control.resume)
    assert run(origin, tmp_path, listener=steering.hear, control=steering.control).complete
    assert steering.done == [OTHER, SERIES]


@pytest.mark.parametrize("levels", [tuple(Level), (Level.INSTANCE,)])
def test_of_a_series_that_is_cancelled_what_is_missing_is_named_and_the_others_come(tmp_path, levels):
    origin = Origin(SERIES, OTHER, instances=20, levels=levels)
    steering = Steering(SERIES, Control.cancel)
    summary = run(origin, tmp_path, listener=steering.hear, control=steering.control)
    assert (summary.cancelled, summary.complete) == (False, False)
    assert {each.reason for each in summary.failed} == {"it was cancelled"}
    assert all(SERIES.contains(each.resource) for each in summary.failed)
    assert summary.stored + summary.missing == 40
    assert len(list((tmp_path / "1.2" / "1.2.4").iterdir())) == 20
    assert not list(tmp_path.rglob("*.part"))
    again = Origin(SERIES, OTHER, instances=20)
    assert run(again, tmp_path, SERIES).stored == summary.missing == len(again.asked)


def test_a_series_that_is_cancelled_before_it_began_is_not_asked_for(tmp_path):
    origin, control = Origin(SERIES, OTHER), Control()
    control.cancel(SERIES)
    summary = run(origin, tmp_path, control=control)
    assert origin.asked == [OTHER]
    assert [(each.resource, each.instances, each.code) for each in summary.failed] == [(SERIES, 5, "cancelled")]


def test_a_transfer_is_cancelled_although_a_series_of_it_is_paused(tmp_path):
    origin = Origin(SERIES, OTHER, instances=20, levels=(Level.INSTANCE,))
    steering = Steering(SERIES, lambda control, series: control.cancel())
    summary = run(origin, tmp_path, listener=steering.hear, control=steering.control)
    assert summary.cancelled
    assert summary.stored + summary.missing == 40


def test_what_is_urgent_is_fetched_first(tmp_path):
    series = [Resource("1.2", f"1.2.{n}") for n in range(3, 20)]
    origin, control = Origin(*series, instances=1), Control()

    def prioritise(event):
        if isinstance(event, Planned):
            control.prioritise(series[-1])

    run(origin, tmp_path, listener=prioritise, control=control, connections=1)
    assert origin.asked.index(series[-1]) <= 1


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
