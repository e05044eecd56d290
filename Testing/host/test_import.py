"""An import: what is asked of the worker, what of the database, and what is said at the end."""

from __future__ import annotations

import json
import os

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.journal import Journal
from DICOMWebNodesHost.slices import SLICE, Slices
from DICOMWebNodesLib.errors import DatabaseUnavailable, InvalidUID, SignInRequired, WorkerFailed

STUDY = "1.2"
ONE, TWO = "1.2/1.2.1", "1.2/1.2.2"
DONE = {"complete": True, "cancelled": False, "stored": 0, "already_there": 0, "missing": 0, "bytes": 8, "seconds": 1}


def instances(series, count):
    return [f"{series}/{series.partition('/')[2]}.{number}" for number in range(1, count + 1)]


def done(series):
    return {"resource": series, "stored": 1, "already_there": 0, "failed": 0}


@pytest.fixture
def job(slicer):
    """An import under way."""
    job = slicer.logic.startImportStudies("Orthanc", [STUDY], "Jane")
    slicer.loop.wait(10)
    return job


def test_the_worker_writes_below_the_folder_of_the_database(slicer, job):
    params = slicer.worker.last("retrieve")["params"]
    assert params["node"] == "Orthanc"
    assert params["resources"] == [STUDY]
    assert params["output"] == str(slicer.folder / "dicomweb")


def test_whether_to_verify_is_said_to_the_worker_and_kept_for_whoever_resumes(slicer):
    slicer.logic.startImportStudies("Orthanc", [STUDY], "Jane", verify=True)
    slicer.loop.wait(10)
    assert slicer.worker.last("retrieve")["params"]["verify"] is True
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedImports()
    again = restarted.resumeImport(unfinished)
    assert again.verify
    assert restarted.retryImport(again).verify


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


def test_a_series_is_done_while_others_are_still_coming(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.tell("done", [done(ONE)])
    slicer.work()
    assert job.series["1.2.1"].state == "done"
    assert job.series["1.2.1"].indexed == 2
    assert not job.isOver


def test_instances_that_the_database_has_with_their_file_are_not_fetched(slicer, tmp_path):
    here = tmp_path / "here.dcm"
    here.touch()
    slicer.database.put(STUDY, "1.2.1", "1.2.1.1", here)
    slicer.database.put(STUDY, "1.2.1", "1.2.1.2", tmp_path / "removed.dcm")
    job = slicer.logic.startImportStudies("Orthanc", [STUDY])
    slicer.loop.wait(10)
    assert slicer.worker.last("list")["params"]["items"] == [["1.2/1.2.1/1.2.1.1", str(here)]]
    assert slicer.worker.last("retrieve")["params"]["inventory"] == slicer.worker.last("list")["params"]["name"]

    slicer.worker.tell("stored", [["1.2/1.2.1/1.2.1.1", str(here), 4, True]])
    slicer.retrieve("1.2/1.2.1/1.2.1.2")
    assert len(slicer.indexer.batches) == 1
    slicer.worker.answer(DONE)
    slicer.work()
    assert (job.value.imported, job.value.alreadyThere) == (1, 1)


def test_what_an_interrupted_run_left_in_the_folder_is_indexed_too(slicer, job):
    left = slicer.folder / "dicomweb" / "1.2" / "1.2.1" / "1.2.1.1.dcm"
    left.parent.mkdir(parents=True)
    left.touch()
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
    assert not job.value.complete
    assert job.value.imported == 2
    assert (job.series["1.2.1"].state, job.series["1.2.1"].failed) == ("incomplete", 1)


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


def test_a_series_is_paused_and_resumed_while_the_others_go_on(slicer, job):
    slicer.worker.tell("planned", [{"requested": STUDY, "series": [[ONE, 3], [TWO, 3]]}])
    slicer.loop.wait(1)
    job.pause(ONE)
    slicer.retrieve(*instances(ONE, 1), *instances(TWO, 1))  # the one was on its way already
    assert slicer.worker.last("pause")["params"]["resource"] == ONE
    assert [job.series[uid].state for uid in ("1.2.1", "1.2.2")] == ["paused", "retrieving"]
    assert job.state is JobState.RUNNING
    job.resume()
    slicer.loop.wait(1)
    assert "resource" not in slicer.worker.last("resume")["params"]
    assert job.series["1.2.1"].state == "waiting"


@pytest.mark.parametrize("come", [0, 1])
def test_a_series_that_was_cancelled_is_missing_and_the_others_come(slicer, job, come):
    slicer.retrieve(*instances(TWO, 2), *instances(ONE, come))
    job.cancel(ONE)
    slicer.loop.wait(1)
    assert slicer.worker.last("cancel")["params"] == {"job": slicer.worker.last("retrieve")["id"], "resource": ONE}
    reason = "it was cancelled"
    slicer.worker.tell("failed", [{"resource": ONE, "instances": 3 - come, "code": "cancelled", "reason": reason}])
    slicer.worker.tell("done", [done(ONE)])
    slicer.work()
    assert (job.series["1.2.1"].state, job.series["1.2.1"].indexed) == ("cancelled", come)
    slicer.worker.answer({**DONE, "complete": False})
    slicer.work()
    assert job.state is JobState.DONE
    assert (job.value.complete, job.value.imported, job.value.missing) == (False, 2 + come, 3 - come)
    assert [job.series[uid].state for uid in ("1.2.1", "1.2.2")] == ["cancelled", "done"]


def end_with_one_cancelled(slicer, job, *, two_failed=0):
    """Of ONE nothing has come, of TWO all but ``two_failed``."""
    slicer.retrieve(*instances(TWO, 2))
    job.cancel(ONE)
    slicer.loop.wait(1)
    failures = [{"resource": ONE, "instances": 3, "code": "cancelled", "reason": "it was cancelled"}]
    if two_failed:
        failures.append({"resource": TWO, "instances": two_failed, "code": "timed-out", "reason": "no answer"})
    slicer.worker.tell("failed", failures)
    slicer.worker.answer({**DONE, "complete": False})
    slicer.work()


def test_an_import_that_lacks_only_what_a_person_has_cancelled_is_not_offered_again(slicer, job):
    end_with_one_cancelled(slicer, job)
    assert not job.value.complete
    assert slicer.restarted().unfinishedImports() == ()
    slicer.logic.retryImport(job, ONE)
    slicer.loop.wait(10)
    assert slicer.worker.last("retrieve")["params"]["resources"] == [ONE], "from its row it can be had"


def test_what_a_person_has_cancelled_stays_so_when_the_rest_is_resumed(slicer, job):
    end_with_one_cancelled(slicer, job, two_failed=1)
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedImports()
    again = restarted.resumeImport(unfinished)
    slicer.loop.wait(10)
    assert slicer.worker.last("retrieve")["params"]["resources"] == [STUDY]
    assert slicer.worker.last("cancel")["params"] == {"job": slicer.worker.last("retrieve")["id"], "resource": ONE}
    assert again.cancelledSeries == (ONE,)


def test_a_series_that_was_cancelled_before_a_crash_stays_so(slicer, job):
    job.cancel(ONE)
    (unfinished,) = slicer.restarted().unfinishedImports()
    assert unfinished.cancelled == (ONE,)
    again = slicer.logic.retryImport(job)
    assert again.cancelledSeries == (), "a retry of the whole asks for all of it"


def test_an_import_whose_missing_series_was_retried_with_success_is_not_offered_again(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.tell("failed", [{"resource": TWO, "instances": 2, "code": "timed-out", "reason": "no answer"}])
    slicer.worker.answer({**DONE, "complete": False})
    slicer.work()
    assert len(slicer.restarted().unfinishedImports()) == 1
    slicer.logic.retryImport(job, TWO)
    slicer.loop.wait(10)
    slicer.retrieve(*instances(TWO, 2))
    slicer.worker.answer(DONE)
    slicer.work()
    assert slicer.restarted().unfinishedImports() == ()


def test_a_series_is_retried_by_itself_while_its_import_goes_on(slicer, job):
    again = slicer.logic.retryImport(job, ONE)
    slicer.loop.wait(10)
    assert slicer.worker.last("retrieve")["params"]["resources"] == [ONE]
    assert again.title == "Jane"
    assert not job.isOver


def test_progress_knows_how_long_it_will_take(slicer, job):
    heard = []
    job.progressed.connect(heard.append)
    slicer.worker.tell("progress", value={"instances": 50, "expected": 100, "bytes": 5000, "bytes_per_second": 1000.0})
    slicer.loop.wait(1)
    assert (heard[-1].received, heard[-1].expected) == (50, 100)
    assert heard[-1].secondsLeft == pytest.approx(5.0)


def test_a_series_is_called_by_its_description_as_soon_as_the_database_knows_it(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    assert job.series["1.2.1"].description == ""
    slicer.work()
    slicer.retrieve(*instances(ONE, 2)[1:])
    assert job.series["1.2.1"].description == "description of 1.2.1"


def test_series_tell_their_plan_and_their_progress(slicer, job):
    heard = []
    job.seriesChanged.connect(heard.extend)
    slicer.worker.tell("planned", [{"requested": STUDY, "series": [[ONE, 2], [TWO, None]]}])
    slicer.worker.tell("moved", [[ONE, 1, 2, 300]])
    slicer.loop.wait(1)
    assert [(each.series, each.state, each.expected, each.bytes) for each in heard] == [
        ("1.2.1", "waiting", 2, 0),
        ("1.2.2", "waiting", None, 0),
        ("1.2.1", "retrieving", 2, 300),
    ]


def test_however_many_instances_are_asked_for_each_message_stays_short(slicer):
    wanted = instances(ONE, 20_000)
    slicer.logic.startImportStudies("Orthanc", wanted)
    slicer.loop.wait(5000)
    params = slicer.worker.last("retrieve")["params"]
    pages = [message["params"] for message in slicer.worker.heard if message["method"] == "list"]
    assert params["resources"] + [item for page in pages for item in page["items"]] == wanted
    assert {page["name"] for page in pages} == {params["further_resources"]}


def test_a_wrong_uid_is_refused_before_anything_starts(slicer):
    with pytest.raises(InvalidUID):
        slicer.logic.startImportStudies("Orthanc", ["../../etc"])
    assert slicer.logic.imports == ()


# --- the worker dies, Slicer ends -----------------------------------------------------------------------------------


def test_a_dead_worker_fails_the_import_and_the_next_one_resumes(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.die()
    slicer.work()
    assert job.state is JobState.FAILED
    assert isinstance(job.error, WorkerFailed)
    assert job.series["1.2.1"].received == 2

    (unfinished,) = slicer.logic.unfinishedImports()
    again = slicer.logic.resumeImport(unfinished)
    slicer.loop.wait(10)
    assert len(slicer.workers) == 2
    assert len(slicer.worker.last("list")["params"]["items"]) == 2
    slicer.worker.tell(
        "stored", [[name, slicer.database.fileForInstance(name.split("/")[2]), 4, True] for name in instances(ONE, 2)]
    )
    slicer.worker.answer(DONE)
    slicer.work()
    assert again.value.complete
    assert slicer.logic.unfinishedImports() == ()


def test_after_a_restart_what_was_not_finished_is_known(slicer, job):
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedImports()
    assert (unfinished.node, unfinished.resources, unfinished.title) == ("Orthanc", (STUDY,), "Jane")
    restarted.forgetImport(unfinished)
    assert restarted.unfinishedImports() == ()


def test_an_unfinished_import_of_a_script_has_a_title_too(slicer):
    slicer.logic.startImportStudies("Orthanc", [STUDY])
    restarted = slicer.restarted()
    assert [each.title for each in restarted.unfinishedImports()] == [STUDY]


def test_an_import_of_a_manifest_goes_on_when_the_manifest_is_opened_again(slicer):
    slicer.logic.startImportStudies("manifest:pacs.example.org:8443/first", [STUDY], "Jane")
    slicer.logic.startImportStudies("manifest:other.example.org/first", [STUDY], "Joe")

    restarted = slicer.restarted()
    jane, joe = restarted.unfinishedImports()
    assert (jane.manifestHost, joe.manifestHost) == ("pacs.example.org:8443", "other.example.org")
    again = restarted.startImportStudies("manifest:pacs.example.org:8443/second", [STUDY], "Jane")
    assert again.uid == jane.uid
    (entry,) = (each for each in Journal(slicer.folder / "dicomweb").entries() if each.uid == jane.uid)
    assert entry.node == "manifest:pacs.example.org:8443/second"
    for elsewhere in ("Orthanc", "manifest:third.example.org/first"):
        assert restarted.startImportStudies(elsewhere, [STUDY], "Jane").uid not in (jane.uid, joe.uid)
    assert restarted.startImportStudies("manifest:other.example.org/second", [ONE], "Joe").uid != joe.uid


@pytest.mark.parametrize("ending", ["complete", "cancelled"])
def test_what_is_done_or_given_up_is_not_resumed(slicer, job, ending):
    slicer.worker.answer({**DONE, "complete": ending == "complete", "cancelled": ending == "cancelled"})
    slicer.work()
    assert slicer.logic.unfinishedImports() == ()


@pytest.mark.parametrize("content", ["", "[]", '{"imports": [{}]}', '{"imports": 7}', "\0"])
def test_a_damaged_journal_counts_as_empty(slicer, content):
    (slicer.folder / "dicomweb").mkdir()
    (slicer.folder / "dicomweb" / "unfinished.json").write_text(content)
    assert slicer.logic.unfinishedImports() == ()


def test_the_journal_holds_no_secret_and_no_name_of_a_patient_beyond_the_title(slicer, job):
    raw = json.loads((slicer.folder / "dicomweb" / "unfinished.json").read_text())
    assert set(raw["imports"][0]) == {"uid", "node", "resources", "title", "cancelled", "verify"}


# --- databases ------------------------------------------------------------------------------------------------------


def closed(database):
    database.isOpen = False


def in_memory(database):
    database.databaseFilename = ":memory:"


def of_an_older_schema(database):
    database.version = "0.6.2"


def removed(database):
    from pathlib import Path

    Path(database.databaseFilename).unlink()


@pytest.mark.parametrize(
    ("become", "words", "offer"),
    [
        (closed, "not open", "open"),
        (in_memory, "in memory", "choose-folder"),
        (of_an_older_schema, "version 0.6.2", "update"),
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


# --- the window lives -----------------------------------------------------------------------------------------------


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
    slices.run(steps(), ended.append)
    longest = 0.0
    while started:
        before = now[0]
        started.pop(0)()
        longest = max(longest, now[0] - before)
    assert ended == ["done"]
    assert longest < SLICE + 0.004


def test_a_database_of_many_instances_is_looked_through_in_slices(slicer, tmp_path):
    here = tmp_path / "here.dcm"
    here.touch()
    for number in range(1000):
        slicer.database.put(STUDY, "1.2.1", f"1.2.1.{number}", here)
    slicer.logic.startImportStudies("Orthanc", [STUDY])
    assert slicer.database.asked == 0, "nothing happens while the caller still waits"
    slicer.loop.wait(1000)
    pages = [message for message in slicer.worker.heard if message["method"] == "list"]
    assert sum(len(page["params"]["items"]) for page in pages) == 1000
