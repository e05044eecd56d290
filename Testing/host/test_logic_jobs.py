"""Jobs of the logic: begun, paused, stopped, and what is heard of them, with a worker that a test plays."""

from __future__ import annotations

import contextlib
import itertools
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.waiting import wait
from DICOMWebNodesLib.errors import Cancelled, WorkerFailed
from host.one_import import DONE, ONE, instances


def test_ctrl_c_in_a_slot_cancels_what_a_script_waits_for(slicer):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    job = slicer.logic.startSearch("Orthanc")
    rounds = []

    def process_events():
        """Qt's slots let no exception out."""
        slicer.loop.wait(10)
        rounds.append(1)
        if len(rounds) == 2:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        if len(rounds) == 9:
            slicer.worker.refuse(Cancelled("it was cancelled"))

    try:
        with pytest.raises(KeyboardInterrupt):
            wait(job, process_events)
        assert job.isOver, "its end was waited for"
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert slicer.worker.last("cancel")


def test_what_is_cancelled_ends_a_loop_of_a_script_too_and_tells_what_came(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    turns = itertools.count()

    def process_events():
        if next(turns) == 3:
            slicer.worker.answer({**DONE, "complete": False, "cancelled": True})
        slicer.work()

    with pytest.raises(Cancelled):
        wait(job, process_events, cancelled=lambda: True)
    assert [message["method"] for message in slicer.worker.heard].count("cancel") == 1
    assert job.value.imported == 2
    with pytest.raises(Cancelled):
        slicer.logic.wait(job)


def test_what_a_script_does_wrong_with_the_progress_is_raised_where_it_waits(slicer):
    turns = iter(
        [
            lambda: slicer.worker.tell("items", ["{}", "{}"]),
            lambda: slicer.worker.tell("items", ["{}"]),
            lambda: slicer.worker.refuse(Cancelled("it was cancelled")),
        ]
    )

    def process_events():
        slicer.loop.wait(200)
        next(turns)()
        slicer.loop.wait(200)

    logic = type(slicer.logic)(slicer.host(processEvents=process_events))
    heard = []

    def progress(rows):
        heard.append(rows)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        logic.search("Orthanc", progress=progress)
    assert len(heard) == 1
    assert slicer.worker.last("cancel")


@pytest.mark.parametrize("call", [lambda logic: logic.search("Orthanc"), lambda logic: logic.load(["1.2"])])
def test_another_thread_is_told_that_it_is_none_to_call_from(slicer, call):
    """It would hold Python's lock in a loop of events that never come, and Slicer for ever."""
    with ThreadPoolExecutor(1) as threads, pytest.raises(RuntimeError, match="another thread"):
        threads.submit(call, slicer.logic).result()
    assert slicer.workers == []


def test_widgets_hear_rows_in_batches_and_the_end_once(slicer):
    job = slicer.logic.startSearch("Orthanc")
    found, ended = [], []
    job.found.connect(found.append)
    job.finished.connect(ended.append)
    slicer.loop.wait(1)
    slicer.worker.tell("items", ["{}", "{}"])
    slicer.worker.tell("items", ["{}"])
    slicer.worker.answer({"count": 3})
    slicer.loop.wait(1)
    assert [len(batch) for batch in found] == [2, 1]
    assert ended == [job]
    assert len(job.value) == 3


def test_a_slot_that_fails_does_not_keep_others_from_hearing(slicer, caplog):
    job = slicer.logic.startSearch("Orthanc")
    heard = []
    job.found.connect(lambda rows: 1 / 0)
    job.found.connect(heard.append)
    slicer.loop.wait(1)
    slicer.worker.tell("items", ["{}"])
    slicer.loop.wait(1)
    assert len(heard) == 1
    assert "a slot failed" in caplog.text


def test_every_job_is_told_when_it_starts(slicer):
    started = []
    slicer.logic.jobStarted.connect(started.append)
    job = slicer.logic.startNodes()
    assert started == [job]


@pytest.mark.parametrize("start", ["startImportStudies", "startSend"])
def test_stopping_ends_what_has_not_begun_too_and_it_can_be_resumed(slicer, sending, start):
    job = getattr(slicer.logic, start)("Orthanc", ["1.2.1"])
    workers = len(slicer.workers)
    slicer.logic.stop()
    assert isinstance(job.error, WorkerFailed)
    slicer.loop.wait(100)
    assert len(slicer.workers) == workers, "no other one was started"
    assert job.uid in {each.uid for each in (*slicer.logic.unfinishedImports(), *slicer.logic.unfinishedSends())}


def test_what_is_under_way_here_is_not_said_to_be_in_another_slicer(slicer, job):
    again = slicer.logic.retryImport(job)
    assert again.error.cause == "it is under way already"
    assert not job.isOver


def test_a_job_is_paused_and_goes_on(slicer):
    job = slicer.logic.startImportStudies("Orthanc", ["1.2"])
    slicer.loop.wait(10)
    states = []
    job.changed.connect(lambda job: states.append(job.state))
    job.pause()
    job.resume()
    slicer.loop.wait(1)
    assert states == [JobState.PAUSED, JobState.RUNNING]
    assert [message["method"] for message in slicer.worker.heard][-2:] == ["pause", "resume"]


def test_what_has_not_begun_begins_paused_and_goes_first_when_that_was_wanted(slicer):
    job = slicer.logic.startImportStudies("Orthanc", ["1.2"])
    job.pause()
    job.prioritise("1.2/3")
    assert job.state is JobState.PAUSED
    slicer.loop.wait(10)
    assert [message["method"] for message in slicer.worker.heard][-3:] == ["retrieve", "pause", "prioritise"]
    assert slicer.worker.last("prioritise")["params"]["resource"] == "1.2/3"
    job.resume()
    slicer.loop.wait(1)
    assert (job.state, slicer.worker.heard[-1]["method"]) == (JobState.RUNNING, "resume")


@pytest.mark.parametrize("start", ["startImportStudies", "startSend"])
def test_a_pause_that_is_taken_back_before_it_begins_is_none(slicer, sending, start):
    job = getattr(slicer.logic, start)("Orthanc", ["1.2.1"])
    job.pause()
    job.resume()
    assert job.state is JobState.WAITING
    slicer.loop.wait(10)
    assert job.state is JobState.RUNNING
    assert "pause" not in [message["method"] for message in slicer.worker.heard]


def test_a_worker_that_dies_is_told_once(slicer):
    ends = []
    slicer.logic.workerEnded.connect(ends.append)
    jobs = [slicer.logic.startSearch("Orthanc") for _ in range(3)]
    slicer.loop.wait(1)
    slicer.worker.die()
    slicer.loop.wait(1)
    assert all(isinstance(job.error, WorkerFailed) for job in jobs)
    assert len(ends) == 1


def test_a_result_of_an_unexpected_shape_is_an_error_and_not_a_hang(slicer):
    job = slicer.logic.startImportNodes("nodes.json")
    slicer.loop.wait(1)
    slicer.worker.answer(None)
    slicer.loop.wait(1)
    assert job.state is JobState.FAILED
