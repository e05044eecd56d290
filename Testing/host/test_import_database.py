"""The database of an import: one that takes nothing, that is closed meanwhile, that is large."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.slices import SLICE, Slices
from DICOMWebNodesLib.errors import DatabaseUnavailable
from host.one_import import DONE, ONE, STUDY, TWO, instances


def closed(database):
    database.isOpen = False


def in_memory(database):
    database.databaseFilename = ":memory:"


def of_an_older_schema(database):
    database.version = "0.6.2"


def damaged(database):
    database.version = ""


def removed(database):
    from pathlib import Path

    Path(database.databaseFilename).unlink()


@pytest.mark.parametrize(
    ("become", "words", "offer"),
    [
        (closed, "not open", "open"),
        (in_memory, "in memory", "choose-folder"),
        (of_an_older_schema, "version 0.6.2", "update"),
        (damaged, "cannot be read as a DICOM database", "choose-folder"),
        (removed, "missing", "choose-folder"),
    ],
)
def test_a_database_that_cannot_take_instances_is_told_with_what_helps(slicer, become, words, offer):
    become(slicer.database)
    job = slicer.logic.startImportStudies("Orthanc", [STUDY])
    assert job.state is JobState.FAILED
    assert isinstance(job.error, DatabaseUnavailable)
    assert words in str(job.error)
    assert job.error.offer == offer == slicer.logic.databaseProblem().offer
    assert slicer.workers == []


def test_before_slicer_has_started_up_there_is_no_database(slicer):
    slicer.database = None
    assert slicer.logic.databaseProblem().offer == "open"
    assert slicer.logic.unfinishedImports() == ()
    assert not slicer.logic.isInDatabase("1.2.3")


def test_a_database_that_is_closed_in_the_middle_fails_the_import(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    slicer.database.isOpen = False
    slicer.worker.answer(DONE)
    slicer.work()
    assert isinstance(job.error, DatabaseUnavailable)


def test_nothing_more_is_fetched_for_a_database_that_is_no_longer_open(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    slicer.work()
    slicer.database.isOpen = False
    slicer.retrieve(*instances(TWO, 1))
    assert slicer.worker.last("cancel")["params"] == {"job": slicer.worker.last("retrieve")["id"]}
    assert not slicer.indexer.batches


def test_nothing_more_is_fetched_for_a_database_that_was_moved_away(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    slicer.work()
    removed(slicer.database)
    slicer.retrieve(*instances(TWO, 1))
    assert slicer.worker.last("cancel")
    assert not slicer.indexer.batches
    slicer.worker.answer({**DONE, "complete": False, "cancelled": True})
    slicer.work()
    assert (job.error.offer, "missing" in job.error.cause) == ("choose-folder", True)


def test_that_its_database_is_gone_is_the_reason_of_each_series_and_not_that_it_was_cancelled(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    slicer.database.isOpen = False
    slicer.retrieve(*instances(TWO, 1))
    cancelled = {"instances": 1, "reason": "it was cancelled", "code": "cancelled"}
    refused = {"resource": f"{TWO}/1.2.2.3", "instances": 1, "reason": "status 500", "code": "server-failed"}
    slicer.worker.tell("failed", [{"resource": f"{ONE}/1.2.1.2", **cancelled}, refused])
    slicer.worker.answer({**DONE, "complete": False, "cancelled": True})
    slicer.work()
    assert job.series["1.2.1"].reason == job.error.cause
    assert job.series["1.2.2"].reason == "status 500"


def test_nothing_of_an_import_goes_into_another_database(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    slicer.work()
    (slicer.folder / "other").mkdir()
    slicer.database.open(slicer.folder / "other")
    slicer.retrieve(*instances(TWO, 1))
    assert not slicer.indexer.batches
    slicer.worker.answer({**DONE, "complete": False, "cancelled": True})
    slicer.work()
    assert isinstance(job.error, DatabaseUnavailable)
    assert "another DICOM database" in job.error.cause
    slicer.database.open(slicer.folder)
    assert [each.title for each in slicer.logic.unfinishedImports()] == ["Jane"], "it goes on where it was"


def test_long_work_is_done_in_slices(slicer):
    now = [0.0]

    def steps():
        for _ in range(100):
            now[0] += 0.003
            yield
        return "done"

    started = []
    ended = []
    slices = Slices(lambda milliseconds, call: started.append(call), clock=lambda: now[0])
    slices.run(steps(), ended.append, ended.append)
    longest = 0.0
    while started:
        before = now[0]
        started.pop(0)()
        longest = max(longest, now[0] - before)
    assert ended == ["done"]
    assert longest < SLICE + 0.004


def test_a_database_of_many_instances_is_looked_through_in_slices(slicer, tmp_path):
    here = tmp_path / "here.dcm"
    here.write_bytes(b"DICM")
    for number in range(1000):
        slicer.database.put(STUDY, "1.2.1", f"1.2.1.{number}", here)
    slicer.logic.startImportStudies("Orthanc", [STUDY])
    assert slicer.database.asked == 0, "nothing happens while the caller still waits"
    slicer.loop.wait(1000)
    assert len(slicer.worker.given("retrieve", "inventory")) == 1000


def test_a_database_that_is_gone_when_the_retrieve_ends_does_not_leave_it_running_for_ever_either(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.indexer.work()
    del slicer.database.databaseFilename
    slicer.worker.answer(DONE)
    slicer.loop.wait(1)
    assert job.state is JobState.FAILED
    assert "unexpected AttributeError" in str(job.error)


@pytest.mark.parametrize("stage", ["before", "at the end"])
def test_an_error_of_the_database_ends_the_import_and_does_not_leave_it_running_for_ever(slicer, stage):
    def broken(uid):
        raise RuntimeError("the database is malformed")

    slicer.database.put("1.2", "1.2.1", "1.2.1.1", slicer.folder / "file.dcm")
    if stage == "before":
        slicer.database.fileForInstance = broken
    job = slicer.logic.startImportStudies("Orthanc", [STUDY], "Jane")
    slicer.loop.wait(10)
    if stage == "at the end":
        slicer.retrieve(*instances(ONE, 2))
        slicer.database.instancesForSeries = broken
        slicer.worker.answer(DONE)
        slicer.work()
    assert job.state is JobState.FAILED
    assert "unexpected RuntimeError: the database is malformed" in str(job.error)
