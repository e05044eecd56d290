"""Series of the database to a node, with a worker that a test plays: steered, resumed, repeated."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.speed import Speed
from DICOMWebNodesLib.errors import Cancelled, DatabaseUnavailable, InvalidValue


@pytest.fixture
def sending(slicer, tmp_path):
    """A series of three files on its way to the archive."""
    for number in range(3):
        file = tmp_path / f"{number}.dcm"
        file.touch()
        slicer.database.put("1.2", "1.2.1", f"1.2.1.{number}", file)
    job = slicer.logic.startSend("Archive", ["1.2.1"])
    slicer.loop.wait(10)
    return job


def outcomes(slicer, *statuses):
    """What the worker tells of the files, in their order."""
    paths = slicer.worker.last("list")["params"]["items"]
    common = {"reason": "", "series_instance_uid": "1.2.1"}
    return [{"path": path, "status": status, **common} for path, status in zip(paths, statuses)]


def test_series_of_the_database_are_sent_with_an_outcome_for_each_file(slicer, sending):
    told = outcomes(slicer, "stored", "already_there", "failed")
    assert [each["path"] for each in told] == list(slicer.database.filesForSeries("1.2.1"))
    slicer.worker.tell("items", told)
    slicer.worker.answer({"complete": False, "stored": 1, "already_there": 1, "failed": 1, "bytes": 9})
    slicer.loop.wait(1)
    assert sending.value.counts == {"stored": 1, "already_there": 1, "failed": 1}
    assert sending.value.failures == (told[2],)
    assert sending.outcomes == told
    assert sending.title == "DOE^JANE"
    (series,) = sending.series.values()
    assert (series.state, series.indexed, series.failed) == ("incomplete", 2, 1)


def test_the_series_of_a_file_is_known_before_what_became_of_it(slicer, tmp_path):
    job = slicer.logic.startSend("Archive", files=[str(tmp_path / "gone.dcm")])
    slicer.loop.wait(10)
    known = []
    job.found.connect(lambda outcomes: known.append(set(told)))
    told = []
    job.seriesChanged.connect(lambda series: told.extend(each.series for each in series))
    slicer.worker.tell("items", [{"path": "gone.dcm", "status": "failed", "reason": "", "series_instance_uid": ""}])
    slicer.loop.wait(1)
    assert known == [{""}]


def test_a_send_tells_how_far_it_is_and_how_long_it_will_take(slicer, sending):
    heard = []
    sending.progressed.connect(heard.append)
    sending._speed = Speed(iter([0.0, 2.0]).__next__)
    slicer.worker.tell("progress", value={"bytes": 0, "expected": 400})
    slicer.worker.tell("progress", value={"bytes": 100, "expected": 400})
    slicer.worker.tell("items", outcomes(slicer, "stored"))
    slicer.loop.wait(1)
    assert (heard[-1].received, heard[-1].expected) == (1, 3)
    assert heard[-1].part == 0.25
    assert heard[-1].bytesPerSecond == 50.0
    assert heard[-1].secondsLeft == 6.0


def test_what_has_not_arrived_is_sent_again_and_nothing_else(slicer, sending):
    told = outcomes(slicer, "stored", "failed")
    slicer.worker.tell("items", told)
    slicer.worker.die()
    slicer.loop.wait(1)
    assert sending.state is JobState.FAILED
    again = slicer.logic.retrySend(sending)
    slicer.loop.wait(10)
    everything = slicer.database.filesForSeries("1.2.1")
    assert slicer.worker.last("list")["params"]["items"] == list(everything[1:])
    assert (again.node, again.title) == (sending.node, sending.title)
    assert slicer.logic.sends == (sending, again)


def test_a_send_that_was_not_finished_is_known_after_a_restart(slicer, sending):
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedSends()
    assert (unfinished.node, unfinished.seriesUIDs, unfinished.title) == ("Archive", ("1.2.1",), "DOE^JANE")
    again = restarted.resumeSend(unfinished)
    slicer.loop.wait(10)
    assert restarted.unfinishedSends() == ()
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "already_there"))
    slicer.worker.answer({"complete": True, "stored": 2, "already_there": 1, "bytes": 9})
    slicer.loop.wait(10)
    assert again.value.complete
    assert slicer.restarted().unfinishedSends() == ()


def test_each_series_of_a_send_tells_how_fast_it_goes(slicer, sending_two):
    for path in slicer.database.filesForSeries("1.2.1"):
        with open(path, "wb") as file:
            file.write(bytes(100))
    job = slicer.logic.startSend("Archive", ["1.2.1", "1.2.2"])
    job._clock = iter([0.0, 2.0, 4.0]).__next__
    slicer.loop.wait(10)
    told = outcomes(slicer, "stored", "stored", "stored")
    slicer.worker.tell("items", told[:1])
    slicer.worker.tell("items", told[1:2])
    slicer.loop.wait(1)
    progress = job.series["1.2.1"]
    assert (progress.bytes, progress.bytesPerSecond) == (200, 50.0)
    slicer.worker.tell("items", told[2:])
    slicer.loop.wait(1)
    assert job.series["1.2.1"].bytesPerSecond == 0.0


def test_what_the_server_has_confirmed_is_not_sent_again_after_a_restart(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "already_there"))
    slicer.loop.wait(1)
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedSends()
    assert restarted.confirmedOf(unfinished) == 2
    again = restarted.resumeSend(unfinished)
    slicer.loop.wait(10)
    everything = slicer.database.filesForSeries("1.2.1")
    assert slicer.worker.last("list")["params"]["items"] == [everything[2]]
    assert slicer.worker.last("store")["params"]["resumed"] is True
    assert (again.progress.received, again.progress.expected) == (2, 3)
    assert (again.series["1.2.1"].indexed, again.series["1.2.1"].state) == (2, "waiting")
    slicer.worker.tell("items", outcomes(slicer, "stored"))
    slicer.worker.answer({"complete": True, "stored": 1, "bytes": 9})
    slicer.loop.wait(10)
    assert (again.value.complete, again.value.confirmed, again.value.counts) == (True, 2, {"stored": 1})
    assert [path.name for path in slicer.folder.glob("dicomweb/sent-*")] == []


def test_a_send_of_which_everything_is_confirmed_is_over_at_once(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "stored"))
    slicer.worker.die()
    slicer.loop.wait(1)
    again = slicer.logic.retrySend(sending)
    slicer.loop.wait(10)
    assert (again.state, again.value.complete, again.value.confirmed) == (JobState.DONE, True, 3)
    assert again.series["1.2.1"].state == "done"
    assert len(slicer.workers) == 1, "there was nothing to ask for"
    assert slicer.logic.unfinishedSends() == ()


def test_a_file_that_has_changed_is_sent_again(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "stored"))
    slicer.worker.die()
    slicer.loop.wait(1)
    changed = slicer.database.filesForSeries("1.2.1")[1]
    with open(changed, "wb") as file:
        file.write(b"another instance")
    slicer.logic.retrySend(sending)
    slicer.loop.wait(10)
    assert slicer.worker.last("list")["params"]["items"] == [changed]


def test_what_was_confirmed_is_kept_without_the_names_of_files(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "failed", "unconfirmed"))
    slicer.loop.wait(1)
    (kept,) = slicer.folder.glob("dicomweb/sent-*")
    lines = kept.read_text().split()
    assert len(lines) == 1
    assert set(lines[0]) <= set("0123456789abcdef")


def test_a_line_that_was_cut_short_confirms_nothing(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored"))
    slicer.loop.wait(1)
    (kept,) = slicer.folder.glob("dicomweb/sent-*")
    kept.write_text(kept.read_text()[:-5])
    (unfinished,) = slicer.restarted().unfinishedSends()
    assert slicer.logic.confirmedOf(unfinished) == 1


@pytest.fixture
def sending_two(slicer, sending, tmp_path):
    """A second series of two files goes along with the first of three."""
    for number in (7, 8):
        (tmp_path / f"{number}.dcm").touch()
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


def test_an_instance_of_which_the_database_has_no_file_is_not_passed_over(slicer, sending, tmp_path):
    slicer.database.put("1.2", "1.2.2", "1.2.2.1", tmp_path / "0.dcm")
    slicer.database.put("1.2", "1.2.2", "1.2.2.2", tmp_path / "removed.dcm")
    job = slicer.logic.startSend("Archive", ["1.2.2"])
    slicer.loop.wait(10)
    told = [{**outcomes(slicer, "stored")[0], "series_instance_uid": "1.2.2"}]
    slicer.worker.tell("items", told)
    slicer.worker.answer({"complete": True, "stored": 1, "failed": 0, "bytes": 9})
    slicer.loop.wait(1)
    assert not job.value.complete
    assert job.value.counts == {"stored": 1, "failed": 1}
    assert "no file" in job.value.failures[0]["reason"]


def test_a_send_that_never_began_is_started_anew(slicer):
    slicer.database.isOpen = False
    job = slicer.logic.startSend("Archive", ["1.2.1"])
    assert isinstance(job.error, DatabaseUnavailable)
    assert job.unsent() == (("1.2.1",), ())


def test_nothing_to_send_is_said_before_the_worker_is_asked(slicer):
    job = slicer.logic.startSend("Archive", ["1.2.3"])
    slicer.loop.wait(10)
    assert isinstance(job.error, InvalidValue)
    assert slicer.workers == []
