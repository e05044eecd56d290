"""An import: what is asked of the worker, what of the database, and what is said at the end."""

from __future__ import annotations

import gc
import json
import os

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import InvalidUID, SignInRequired
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT
from host.one_import import DONE, ONE, STUDY, TWO, done, instances


def test_the_worker_writes_below_the_folder_of_the_database(slicer, job):
    params = slicer.worker.last("retrieve")["params"]
    assert params["node"] == "Orthanc"
    assert slicer.worker.given("retrieve", "resources") == [STUDY]
    assert params["output"] == str(slicer.folder / "dicomweb")


def test_what_has_arrived_is_indexed_in_place_while_the_rest_is_on_its_way(slicer, job):
    first = slicer.retrieve(*instances(ONE, 2))
    second = slicer.retrieve(*instances(TWO, 1))
    assert [files for _, files in slicer.indexer.batches] == [first, second]
    assert not job.isOver


def test_a_complete_import_has_every_instance_in_the_database(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.answer(DONE)
    slicer.loop.wait(500)
    assert not job.isOver, "the indexer is still at work"
    slicer.work()
    assert job.state is JobState.DONE
    assert job.value.complete
    assert (job.value.imported, job.value.alreadyThere) == (2, 0)
    assert job.value.seriesUIDs == ("1.2.1",)


def test_the_dicom_module_is_told_to_show_what_is_new(slicer):
    shown = []
    logic = type(slicer.logic)(slicer.host(refreshBrowser=lambda: shown.append(dict(slicer.database.rows))))
    logic.startImportStudies("Orthanc", [STUDY])
    slicer.loop.wait(10)
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.answer(DONE)
    slicer.work()
    assert [len(rows) for rows in shown] == [2]


def test_instances_that_the_database_has_with_their_file_are_not_fetched(slicer, tmp_path):
    here = tmp_path / "here.dcm"
    here.write_bytes(b"DICM")
    slicer.database.put(STUDY, "1.2.1", "1.2.1.1", here)
    slicer.database.put(STUDY, "1.2.1", "1.2.1.2", tmp_path / "removed.dcm")
    (tmp_path / "emptied.dcm").touch()  # as a loss of power may leave it
    slicer.database.put(STUDY, "1.2.1", "1.2.1.3", tmp_path / "emptied.dcm")
    job = slicer.logic.startImportStudies("Orthanc", [STUDY])
    slicer.loop.wait(10)
    assert slicer.worker.given("retrieve", "inventory") == [["1.2/1.2.1/1.2.1.1", str(here)]]

    slicer.worker.tell("stored", [["1.2/1.2.1/1.2.1.1", str(here), 4, True]])
    slicer.retrieve("1.2/1.2.1/1.2.1.2")
    assert len(slicer.indexer.batches) == 1
    slicer.worker.answer(DONE)
    slicer.work()
    assert (job.value.imported, job.value.alreadyThere) == (1, 1)


def test_what_an_interrupted_run_left_in_the_folder_is_indexed_too(slicer, job):
    left = slicer.folder / "dicomweb" / "1.2" / "1.2.1" / "1.2.1.1.dcm"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"DICM")
    slicer.worker.tell("stored", [["1.2/1.2.1/1.2.1.1", str(left), 4, True]])
    slicer.loop.wait(1)
    assert [files for _, files in slicer.indexer.batches] == [[str(left)]]


def test_a_file_that_the_database_does_not_take_is_named_with_the_reason(slicer, job):
    slicer.indexer.refuses = {"1.2.1.2.dcm"}
    slicer.retrieve(*instances(ONE, 3))
    slicer.worker.tell("done", [done(ONE)])
    slicer.worker.answer(DONE)
    slicer.work()
    (failure,) = job.value.failures
    assert failure.resource == "1.2/1.2.1/1.2.1.2"
    assert "did not take it" in failure.reason
    assert "See that its disk is not full, then Retry" in failure.reason
    assert not job.value.complete
    assert job.value.imported == 2
    assert (job.series["1.2.1"].state, job.series["1.2.1"].failed) == ("incomplete", 1)


def test_a_file_that_a_database_of_an_older_schema_does_not_take_is_named_with_what_helps(slicer, job):
    slicer.indexer.refuses = {"1.2.1.1.dcm"}
    slicer.retrieve(*instances(ONE, 1))
    slicer.database.version = "0.6.2"
    slicer.worker.answer(DONE)
    slicer.work()
    (failure,) = job.value.failures
    assert "version 0.6.2" in failure.reason
    assert "Open the DICOM module" in failure.reason


def test_a_batch_that_the_indexer_lost_is_given_to_it_once_more(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.indexer.finish()  # as CTK's, when it is given files as it comes to its end
    slicer.worker.answer(DONE)
    slicer.loop.wait(10)
    assert [len(files) for _, files in slicer.indexer.batches] == [2]
    assert not job.isOver
    slicer.work()
    assert job.value.complete
    assert job.value.imported == 2


def test_what_somebody_removes_while_it_is_imported_is_told_so(slicer, job):
    first, _ = slicer.retrieve(*instances(ONE, 2))
    slicer.indexer.work()
    os.remove(first)
    del slicer.database.rows["1.2.1.1"]
    slicer.worker.answer(DONE)
    slicer.work()
    (failure,) = job.value.failures
    assert failure.resource == "1.2/1.2.1/1.2.1.1"
    assert "it was removed from the database" in failure.reason


def test_what_the_server_does_not_give_is_named_with_the_reason(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    slicer.worker.tell("failed", [{"resource": instances(ONE, 2)[1], "instances": 1, "code": "gone", "reason": "gone"}])
    slicer.worker.tell("failed", [{"resource": TWO, "instances": 7, "code": "timed-out", "reason": "no answer"}])
    slicer.worker.answer({**DONE, "complete": False})
    slicer.work()
    assert job.state is JobState.DONE
    assert job.value.missing == 8
    assert job.series["1.2.1"].reason == "gone"
    assert job.series["1.2.2"].reason == "no answer"


def test_a_study_of_which_nothing_comes_is_a_failure_too(slicer, job):
    slicer.worker.tell("failed", [{"resource": STUDY, "instances": 1, "code": "not-found", "reason": "not there"}])
    slicer.worker.answer({**DONE, "complete": False})
    slicer.work()
    assert [failure.resource for failure in job.value.failures] == [STUDY]
    assert job.value.seriesUIDs == ()


def test_a_retrieve_that_cannot_start_is_the_jobs_error(slicer, job):
    slicer.worker.refuse(SignInRequired("nobody is signed in", node="Orthanc"))
    slicer.work()
    assert job.state is JobState.FAILED
    assert isinstance(job.error, SignInRequired)


def test_a_cancelled_import_says_what_has_come(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    job.cancel()
    slicer.loop.wait(1)
    assert slicer.worker.last("cancel")["params"] == {"job": slicer.worker.last("retrieve")["id"]}
    slicer.worker.answer({**DONE, "cancelled": True, "complete": False})
    slicer.work()
    assert job.state is JobState.CANCELLED
    assert job.value.cancelled
    assert job.value.imported == 2


def test_progress_knows_how_long_it_will_take(slicer, job):
    heard = []
    job.progressed.connect(heard.append)
    slicer.worker.tell("progress", value={"instances": 50, "expected": 100, "bytes": 5000, "bytes_per_second": 1000.0})
    slicer.loop.wait(1)
    assert (heard[-1].received, heard[-1].expected) == (50, 100)
    assert heard[-1].secondsLeft == pytest.approx(5.0)


def test_however_many_instances_are_asked_for_each_message_stays_short(slicer):
    wanted = instances(ONE, 20_000)
    slicer.logic.startImportStudies("Orthanc", wanted)
    slicer.loop.wait(5000)
    assert slicer.worker.given("retrieve", "resources") == wanted
    assert max(len(json.dumps(message)) for message in slicer.worker.heard) < MESSAGE_LIMIT


def test_a_wrong_uid_is_refused_before_anything_starts(slicer):
    with pytest.raises(InvalidUID):
        slicer.logic.startImportStudies("Orthanc", ["../../etc"])
    assert slicer.logic.imports == ()


def test_of_the_instances_of_an_import_that_is_over_nothing_is_kept(slicer, tmp_path):
    """Its job is, as long as the session."""
    there, new = "7.2/7.2.1/7.2.1.1", "7.2/7.2.1/7.2.1.2"
    (tmp_path / "there.dcm").write_bytes(b"DICM")
    slicer.database.put("7.2", "7.2.1", "7.2.1.1", tmp_path / "there.dcm")
    job = slicer.logic.startImportStudies("Orthanc", ["7.2"])
    slicer.loop.wait(10)
    slicer.worker.tell("stored", [[there, str(tmp_path / "there.dcm"), 4, True]])
    slicer.retrieve(new)
    slicer.worker.answer(DONE)
    slicer.work()
    assert (job.value.imported, job.value.alreadyThere) == (1, 1)
    slicer.workers[-1].heard.clear()
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, Resource) and str(each) in (there, new)]
    assert not [each for each in gc.get_objects() if isinstance(each, list) and there in each[:1]]
