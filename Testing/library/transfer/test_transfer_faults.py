"""What a transfer does with a stream that is not what it should be: every instance arrives, or is named."""

import tracemalloc

import pytest
from DICOMWebNodesLib.dicomweb.resource import Level
from DICOMWebNodesLib.errors import (
    ConnectionLost,
    NotDICOMweb,
    NotFound,
    TruncatedMultipart,
    UnsupportedService,
)
from fakes.part10_files import part10

from .origin import SERIES, Origin, expected_files, files, instance, run

# --- when a stream is not what it should be -------------------------------------------------------------------------


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


def test_an_instance_that_is_cut_between_proper_delimiters_is_asked_for(tmp_path):
    origin = Origin()
    origin.sent = [(each, content[:-500] if each == instance(2) else content) for each, content in origin.held.items()]
    assert run(origin, tmp_path).complete
    assert origin.asked == [SERIES, instance(2)]
    assert files(tmp_path) == expected_files(origin)


def test_an_instance_that_comes_cut_as_often_as_it_is_asked_for_is_how_the_server_has_it(tmp_path):
    origin = Origin()
    origin.held[instance(2)] = origin.held[instance(2)][:-500]
    assert run(origin, tmp_path).complete
    assert origin.asked == [SERIES, instance(2)]
    assert files(tmp_path) == expected_files(origin)


def test_an_instance_that_is_cut_elsewhere_each_time_is_named(tmp_path):
    origin = Origin(levels=(Level.INSTANCE,))
    cuts = iter(range(1, 100))
    retrieved = origin.retrieve

    def retrieve(resource):
        origin.held[resource] = part10(*resource.uids)[: -next(cuts)]
        return retrieved(resource)

    origin.retrieve = retrieve
    origin.held = {instance(2): b""}
    summary = run(origin, tmp_path)
    assert [(each.resource, each.reason) for each in summary.failed] == [
        (instance(2), "the server sends only a part of it")
    ]
    assert files(tmp_path) == {}


@pytest.mark.parametrize("mends", [True, False])
def test_a_server_without_lists_is_asked_for_what_is_cut_in_a_whole_answer(tmp_path, mends):
    origin = Origin(counted=False)
    sent = {each: content[:-500] if each == instance(2) else content for each, content in origin.held.items()}
    origin.sent = list(sent.items())
    if not mends:
        origin.held = sent

    def lists_nothing(resource, counted):
        raise UnsupportedService("nothing lists them")

    origin.instances_of = lists_nothing
    assert run(origin, tmp_path).complete
    assert origin.asked == [SERIES, instance(2)]
    assert files(tmp_path) == expected_files(origin)


def in_the_place_of(number, origin):
    """A server that sends an instance of the same series, and as many as there should be, but not this one."""
    intruder = instance(99)
    origin.sent = [
        (intruder, part10(*intruder.uids)) if each == instance(number) else (each, content)
        for each, content in origin.held.items()
    ]
    return origin


def test_an_instance_in_the_place_of_another_is_noticed_by_who_verifies(tmp_path):
    origin = in_the_place_of(2, Origin())
    assert run(origin, tmp_path, verify=True).complete
    assert origin.asked == [SERIES, instance(2)]
    assert expected_files(origin).items() <= files(tmp_path).items()


def test_an_instance_in_the_place_of_another_is_named_when_the_right_one_cannot_be_had(tmp_path):
    origin = in_the_place_of(2, Origin())
    origin.refuses[instance(2)] = NotFound("the server answered 404 Not Found", status=404)
    summary = run(origin, tmp_path, verify=True)
    assert [each.resource for each in summary.failed] == [instance(2)]


def test_an_instance_in_the_place_of_another_is_noticed_when_it_is_retrieved_again(tmp_path):
    origin = in_the_place_of(2, Origin())
    run(origin, tmp_path)
    assert run(origin, tmp_path).complete
    assert origin.asked == [SERIES, instance(2)]
    assert expected_files(origin).items() <= files(tmp_path).items()


def test_who_verifies_is_told_when_nothing_lists_what_came(tmp_path):
    origin = Origin(counted=False)

    def lists_nothing(resource, counted):
        raise UnsupportedService("nothing lists them")

    origin.instances_of = lists_nothing
    summary = run(origin, tmp_path, verify=True)
    assert [(each.resource, each.reason) for each in summary.failed] == [(SERIES, "nothing lists them")]
    assert files(tmp_path) == expected_files(origin)


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

    def lost_twice(*asked, **options):
        for error in lost:
            raise error
        return answer(*asked, **options)

    setattr(origin, question, lost_twice)
    assert run(origin, tmp_path).complete


def test_a_server_that_sends_another_instance_than_it_was_asked_for_is_named(tmp_path):
    origin = Origin(levels=(Level.INSTANCE,))
    origin.held[instance(1)] = origin.held[instance(2)]
    summary = run(origin, tmp_path)
    assert [(each.resource, each.reason) for each in summary.failed] == [
        (instance(1), "the server sent another instance, or none")
    ]
