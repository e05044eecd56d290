"""The series of a send, each by itself: told, paused, cancelled, repeated."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.send_book import SendBook
from DICOMWebNodesHost.send_plan import SeriesPlan
from DICOMWebNodesLib.errors import Cancelled
from host.one_send import outcomes


def test_each_series_of_a_send_tells_how_fast_it_goes():
    book = SendBook(iter([0.0, 2.0, 4.0]).__next__)
    book.planned(SeriesPlan("1.2.1", ("1.dcm", "2.dcm", "3.dcm"), study="1.2"), "", "")
    sizes = dict.fromkeys(("1.dcm", "2.dcm", "3.dcm"), 100)
    for file in ("1.dcm", "2.dcm"):
        (progress,) = book.settled([_stored(file)], sizes)
    assert (progress.bytes, progress.bytesPerSecond) == (200, 50.0)
    (progress,) = book.settled([_stored("3.dcm")], sizes)
    assert (progress.bytes, progress.bytesPerSecond, progress.state) == (300, 0.0, "done")


def _stored(file):
    return {"path": file, "status": "stored", "study_instance_uid": "1.2", "series_instance_uid": "1.2.1"}


def test_series_are_announced_one_after_the_other_and_no_more_of_them_after_a_cancel(slicer, tmp_path):
    for number in range(3):
        file = tmp_path / f"{number}.dcm"
        file.write_bytes(b"DICM")
        slicer.database.put("1.2", f"1.2.{number}", f"1.2.{number}.1", file)
    job, told = slicer.logic.startSend("Archive", ["1.2.0", "1.2.1", "1.2.2"]), []

    def hear(changed):
        told.extend(each.series for each in changed)
        if told == ["1.2.0", "1.2.1"]:
            job.cancel()

    job.seriesChanged.connect(hear)
    slicer.loop.wait(10)
    assert job.state is JobState.CANCELLED
    assert told == ["1.2.0", "1.2.1", "1.2.0", "1.2.1"], "at last what became of them"
    assert job.unsent() == ((), tuple(str(tmp_path / f"{number}.dcm") for number in range(3)))


def test_each_series_of_a_send_tells_how_much_of_it_is_sent(slicer, sending_two):
    for path in slicer.database.filesForSeries("1.2.1"):
        with open(path, "wb") as file:
            file.write(bytes(100))
    job = slicer.logic.startSend("Archive", ["1.2.1", "1.2.2"])
    slicer.loop.wait(10)
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored"))
    slicer.loop.wait(1)
    assert job.series["1.2.1"].bytes == 200


@pytest.fixture
def sending_two(slicer, sending, tmp_path):
    """A second series of two files goes along with the first of three."""
    for number in (7, 8):
        (tmp_path / f"{number}.dcm").write_bytes(b"DICM")
        slicer.database.put("1.2", "1.2.2", f"1.2.2.{number}", tmp_path / f"{number}.dcm")
    sending.cancel()
    slicer.worker.refuse(Cancelled("it was cancelled"))
    job = slicer.logic.startSend("Archive", ["1.2.1", "1.2.2"])
    slicer.loop.wait(10)
    return job


def test_a_series_of_a_send_is_paused_resumed_and_cancelled_by_itself(slicer, sending_two):
    job, states = sending_two, []
    job.seriesChanged.connect(lambda series: states.extend(each.state for each in series))
    for steer in (job.pause, job.resume, job.cancel):
        steer("1.2/1.2.1")
        slicer.loop.wait(1)
    assert states == ["paused", "waiting", "cancelled"]
    assert job.state is JobState.RUNNING
    assert job.series["1.2.2"].state == "waiting"
    heard = [(each["method"], each["params"].get("resource")) for each in slicer.worker.heard[-3:]]
    assert heard == [(how, "1.2/1.2.1") for how in ("pause", "resume", "cancel")]


def test_a_series_of_a_send_that_is_over_is_not_steered(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "stored"))
    slicer.loop.wait(1)
    before = len(slicer.worker.heard)
    for steer in (sending.pause, sending.cancel):
        steer("1.2/1.2.1")
    slicer.loop.wait(1)
    assert len(slicer.worker.heard) == before
    assert sending.series["1.2.1"].state == "done"


def test_resuming_a_whole_send_resumes_its_paused_series(slicer, sending_two):
    sending_two.pause("1.2/1.2.2")
    sending_two.resume()
    assert sending_two.series["1.2.2"].state == "waiting"


def test_what_a_request_that_was_on_its_way_brings_does_not_end_the_pause_of_its_series(slicer, sending_two):
    sending_two.pause("1.2/1.2.1")
    told = outcomes(slicer, "stored", "stored", "stored")
    slicer.worker.tell("items", told[:1])
    slicer.loop.wait(1)
    assert (sending_two.series["1.2.1"].state, sending_two.series["1.2.1"].received) == ("paused", 1)
    slicer.worker.tell("items", told[1:])
    slicer.loop.wait(1)
    assert sending_two.series["1.2.1"].state == "done"


def test_a_series_that_is_cancelled_while_it_is_sent_ends_as_cancelled(slicer, sending_two):
    told = outcomes(slicer, "stored", "failed", "failed")
    slicer.worker.tell("items", told[:1])
    slicer.loop.wait(1)
    sending_two.cancel("1.2/1.2.1")
    assert sending_two.series["1.2.1"].state == "sending"
    slicer.worker.tell("items", told[1:])
    slicer.loop.wait(1)
    assert sending_two.series["1.2.1"].state == "cancelled"


def test_a_series_of_a_send_that_a_person_has_cancelled_is_not_offered_again(slicer, sending_two):
    sending_two.cancel("1.2/1.2.1")
    (unfinished,) = slicer.restarted().unfinishedSends()
    assert unfinished.seriesUIDs == ("1.2.2",)
    slicer.worker.tell("items", outcomes(slicer, "failed", "failed", "failed"))
    slicer.worker.answer({"complete": False, "failed": 3, "bytes": 0})
    slicer.loop.wait(10)
    assert sending_two.state is JobState.DONE
    assert slicer.restarted().unfinishedSends() == ()


def test_of_a_send_of_which_every_series_was_cancelled_nothing_is_offered_again(slicer, sending_two):
    for series in ("1.2/1.2.1", "1.2/1.2.2"):
        sending_two.cancel(series)
    assert slicer.restarted().unfinishedSends() == ()


def test_one_series_is_sent_again_once_however_often_that_is_asked_for(slicer, sending_two):
    slicer.worker.tell("items", outcomes(slicer, "stored", "failed", "failed"))
    slicer.loop.wait(1)
    again = slicer.logic.retrySend(sending_two, "1.2/1.2.1")
    slicer.loop.wait(10)
    everything = slicer.database.filesForSeries("1.2.1")
    assert slicer.worker.last("list")["params"]["items"] == list(everything[1:])
    assert slicer.logic.retrySend(sending_two, "1.2/1.2.1") is again
    slicer.worker.tell("items", outcomes(slicer, "stored"))
    slicer.worker.answer({"complete": False, "stored": 1, "failed": 1, "bytes": 9})
    slicer.loop.wait(10)
    third = slicer.logic.retrySend(sending_two, "1.2/1.2.1")
    slicer.loop.wait(10)
    assert third is not again
    assert slicer.worker.last("list")["params"]["items"] == [everything[2]], "both attempts are remembered"
