"""Series of the database to a node, with a worker that a test plays."""

from __future__ import annotations

from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.speed import Speed
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.errors import DatabaseUnavailable, InvalidValue
from host.one_send import outcomes


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


def test_a_send_whose_database_is_closed_before_it_begins_says_so(slicer, sending):
    job = slicer.logic.startSend("Archive", ["1.2.1"])
    slicer.database.isOpen = False
    slicer.loop.wait(10)
    assert isinstance(job.error, DatabaseUnavailable)


def test_what_is_sent_is_named_by_what_a_search_found_too(slicer, sending):
    job = slicer.logic.startSend("Archive", [Attributes({"0020000D": {"vr": "UI", "Value": ["1.2"]}})])
    assert (job.seriesUIDs, job.title) == (("1.2.1",), "DOE^JANE")


def test_nothing_to_send_is_never_to_be_resumed(slicer):
    job = slicer.logic.startSend("Archive")
    slicer.loop.wait(10)
    assert isinstance(job.error, InvalidValue)
    assert slicer.logic.unfinishedSends() == ()


def test_nothing_to_send_is_said_before_the_worker_is_asked(slicer):
    job = slicer.logic.startSend("Archive", ["1.2.3"])
    slicer.loop.wait(10)
    assert isinstance(job.error, InvalidValue)
    assert slicer.workers == []
