"""A worker that is alive and does nothing any more, in the middle of an import; with a real process."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
import standin

if standin.missing():
    pytest.skip(standin.missing(), allow_module_level=True)
if os.name == "nt":
    pytest.skip("there is no SIGSTOP", allow_module_level=True)
standin.install()

import qt  # noqa: E402
from DICOMWebNodesHost import worker_process  # noqa: E402
from DICOMWebNodesHost.job import JobState  # noqa: E402
from DICOMWebNodesHost.logic import Logic  # noqa: E402
from DICOMWebNodesHost.slicer_host import slicerHost  # noqa: E402
from DICOMWebNodesLib.errors import WorkerFailed  # noqa: E402
from fakes.origin_server import OriginServer  # noqa: E402
from fakes.stall import Stall  # noqa: E402
from host.test_in_the_standin import STUDY, database, live, many_files  # noqa: E402, F401


@pytest.fixture
def server(many_files):  # noqa: F811
    stall = Stall()
    with OriginServer(many_files[:40], fault=stall) as server:
        server.stall = stall
        yield server
        stall.go_on.set()


class Looks:
    """The timers by which the client looks after the worker, which end when a test says so."""

    def __init__(self, later):
        self._later = later
        self.waiting = []

    def later(self, milliseconds, call):
        self.waiting.append(call) if milliseconds == 5000 else self._later(milliseconds, call)

    def end(self):
        waiting, self.waiting = self.waiting, []
        for call in waiting:
            call()


def test_an_import_whose_worker_is_stopped_fails_in_words_and_is_resumed_by_another(
    tmp_path,
    database,  # noqa: F811
    server,
    monkeypatch,
):
    monkeypatch.setenv("DICOMWEBNODES_HOME", str(tmp_path / "settings"))
    host = slicerHost()
    looks = Looks(host.later)
    logic = Logic(replace(host, later=looks.later))
    ends = []
    logic.workerEnded.connect(ends.append)
    job = logic.startImportStudies(server.url, [STUDY], "Jane")
    live(server.stall.has_stalled.is_set)
    process = worker_process._processes[-1]
    os.kill(int(process._process.processId()), signal.SIGSTOP)
    while not job.isOver:
        looks.end()
        live(lambda: looks.waiting or job.isOver)
    assert job.state is JobState.FAILED
    assert isinstance(job.error, WorkerFailed)
    assert "did not answer for 70 s" in str(job.error)
    assert [str(error) for error in ends] == [str(job.error)]
    live(lambda: process not in worker_process._processes)
    (unfinished,) = logic.unfinishedImports()
    server.stall.go_on.set()
    again = logic.resumeImport(unfinished)
    live(lambda: again.isOver)
    assert again.value.complete
    assert again.value.imported + again.value.alreadyThere == 40
    logic.stop()
    worker_process.endAll()


def test_a_stopped_worker_does_not_keep_the_application_from_its_end(tmp_path, database, monkeypatch):  # noqa: F811
    monkeypatch.setenv("DICOMWEBNODES_HOME", str(tmp_path / "settings"))
    logic = Logic()
    logic.nodes()
    process = worker_process._processes[-1]._process
    os.kill(int(process.processId()), signal.SIGSTOP)
    worker_process.endAll()
    assert process.state() == qt.QProcess.NotRunning
    logic.stop()
