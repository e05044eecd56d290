"""The series of an import, each by itself: told, paused, cancelled, retried."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.job import JobState
from host.one_import import DONE, ONE, STUDY, TWO, done, instances


def test_a_series_is_done_while_others_are_still_coming(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.tell("done", [done(ONE)])
    slicer.work()
    assert job.series["1.2.1"].state == "done"
    assert job.series["1.2.1"].indexed == 2
    assert not job.isOver


def test_at_the_end_only_those_series_are_told_that_are_not_over_yet(slicer, job):
    slicer.worker.tell("planned", [{"requested": STUDY, "series": [[ONE, 2], [TWO, 1]]}])
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.tell("done", [done(ONE)])
    slicer.work()
    slicer.retrieve(*instances(TWO, 1))
    told = []
    job.seriesChanged.connect(lambda changed: told.append([(each.series, each.state) for each in changed]))
    slicer.worker.answer(DONE)
    slicer.work()
    assert told[-1] == [("1.2.2", "done")]
    assert job.isOver


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
    assert slicer.worker.given("retrieve", "resources") == [ONE], "from its row it can be had"


def test_what_a_person_has_cancelled_stays_so_when_the_rest_is_resumed(slicer, job):
    end_with_one_cancelled(slicer, job, two_failed=1)
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedImports()
    again = restarted.resumeImport(unfinished)
    slicer.loop.wait(10)
    assert slicer.worker.given("retrieve", "resources") == [STUDY]
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
    assert slicer.worker.given("retrieve", "resources") == [ONE]
    assert again.title == "Jane"
    assert not job.isOver


def test_a_series_is_called_by_its_description_and_number_as_soon_as_the_database_knows_them(slicer, job):
    slicer.retrieve(*instances(ONE, 1))
    assert (job.series["1.2.1"].description, job.series["1.2.1"].number) == ("", "")
    slicer.work()
    slicer.retrieve(*instances(ONE, 2)[1:])
    assert (job.series["1.2.1"].description, job.series["1.2.1"].number) == ("description of 1.2.1", "1")


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


def test_a_series_that_the_import_has_not_is_no_row_of_it(slicer, job):
    job.pause("1.2/9.9")
    job.resume("1.2/9.9")
    assert job.series == {}


def test_steering_one_series_of_an_import_that_has_not_begun_changes_nothing(slicer):
    job = slicer.logic.startImportStudies("Orthanc", [STUDY])
    for steer in (job.pause, job.resume, job.cancel):
        steer(ONE)
    assert job.state is JobState.WAITING
