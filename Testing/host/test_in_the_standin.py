"""The logic with the real worker process, Qt's event loop, and a database that indexes in the background."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import pytest
import standin

if standin.missing():
    pytest.skip(standin.missing(), allow_module_level=True)
standin.install()

import phantom  # noqa: E402
import qt  # noqa: E402
import slicer as slicer_modules  # noqa: E402
from DICOMWebNodesHost import settings, worker_process  # noqa: E402
from DICOMWebNodesHost.job import JobState  # noqa: E402
from DICOMWebNodesHost.logic import Logic  # noqa: E402
from DICOMWebNodesLib.errors import ConnectionRefused, WorkerFailed  # noqa: E402
from DICOMWebNodesLib.nodes.node import Node  # noqa: E402
from fakes.origin_server import OriginServer  # noqa: E402
from fakes.part10_files import part10  # noqa: E402
from standin.application import load_module, open_database, unload_modules  # noqa: E402

MODULE = Path(__file__).resolve().parents[2] / "DICOMWebNodes" / "DICOMWebNodes.py"
STUDY = "1.2.826.0.1"


@pytest.fixture(scope="session")
def many_files(tmp_path_factory):
    """A study of four series, of 500 instances each."""
    folder = tmp_path_factory.mktemp("many")
    files = []
    for series in range(4):
        for number in range(1, 501):
            files.append(folder / f"{series}-{number}.dcm")
            uid = f"{STUDY}.{series}"
            files[-1].write_bytes(part10(STUDY, uid, f"{uid}.{number}", payload=500))
    return files


@pytest.fixture(autouse=True)
def _garbage_is_collected_in_the_main_thread():
    """The servers' threads would destroy Qt's objects in the wrong one; Slicer has no such threads."""
    gc.disable()
    yield
    slicer_modules.mrmlScene.Clear(0)
    gc.collect()
    gc.enable()


@pytest.fixture
def database(tmp_path):
    database = open_database(tmp_path)
    yield database
    database.closeDatabase()


@pytest.fixture
def logic(tmp_path, database):
    os.environ["DICOMWEBNODES_HOME"] = str(tmp_path / "settings")
    logic = Logic()
    yield logic
    logic.stop()
    worker_process.endAll()


@pytest.fixture
def small_server(many_files):
    with OriginServer(many_files[:20] + many_files[500:520]) as server:
        yield server


def live(condition, seconds=30.0):
    """Let the window live until it is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        slicer_modules.app.processEvents()
        time.sleep(0.002)


def quiet(progress):
    """A script that wants no dialog."""


def test_the_modules_file_loads_within_100_ms():
    """Of this thread's own computing: nothing of the packages is read before it is needed."""
    started = time.thread_time()
    module = load_module(MODULE)
    seconds = time.thread_time() - started
    title = module.title
    unload_modules()
    assert seconds < 0.1
    assert title == "DICOMWeb Nodes"


def test_a_script_of_three_lines(logic, small_server, database):
    logic.addNode(Node("Lab", small_server.url))
    (study,) = logic.search("Lab", PatientName="DOE*")
    summary = logic.importStudies("Lab", [study.study_instance_uid], progress=quiet)
    assert summary.complete
    assert summary.imported == 40
    assert len(database.instancesForSeries(f"{STUDY}.0")) == 20
    assert sorted(summary.seriesUIDs) == [f"{STUDY}.0", f"{STUDY}.1"]


def test_several_nodes_are_searched_at_once_and_one_that_fails_is_named(logic, small_server):
    logic.addNode(Node("Lab", small_server.url))
    logic.addNode(Node("Copy", small_server.url))
    (study,) = results = logic.search(["Copy", "Lab", "http://127.0.0.1:9/dicom-web"], PatientName="DOE*")
    assert study.nodes == ("Copy", "Lab")
    assert [error.code for error in results.failures] == ["connection-refused"]


def test_one_instance_is_imported(logic, small_server, database):
    within = f"{STUDY}/{STUDY}.0"
    first = logic.search(small_server.url, level="instances", within=within)[0]
    summary = logic.importStudies(small_server.url, [f"{within}/{first.sop_instance_uid}"], progress=quiet)
    assert (summary.imported, summary.complete) == (1, True)
    assert logic.countInDatabase(within) == 1
    assert logic.countInDatabase(f"{within}/{first.sop_instance_uid}") == 1


def test_what_is_there_is_not_fetched_again(logic, small_server):
    logic.importStudies(small_server.url, [STUDY], progress=quiet)
    requests = len(small_server.exchanges)
    summary = logic.importStudies(small_server.url, [STUDY], progress=quiet)
    assert (summary.imported, summary.alreadyThere) == (0, 40)
    assert not [e for e in small_server.exchanges[requests:] if "/instances/" in e.request.path]


def test_removing_a_series_in_the_database_removes_its_files(logic, small_server, database, tmp_path):
    logic.importStudies(small_server.url, [STUDY], progress=quiet)
    files = database.filesForSeries(f"{STUDY}.0")
    assert all(Path(file).is_relative_to(tmp_path / "dicomweb") for file in files)
    database.removeSeries(f"{STUDY}.0")
    assert not any(Path(file).exists() for file in files)
    summary = logic.importStudies(small_server.url, [STUDY], progress=quiet)
    assert (summary.imported, summary.alreadyThere) == (20, 20)


def test_a_volume_is_imported_and_loaded(logic, tmp_path):
    files = phantom.write_series(tmp_path / "head")
    with OriginServer(files) as server:
        summary = logic.importStudies(server.url, [phantom.STUDY_INSTANCE_UID], progress=quiet)
        report = logic.load(list(summary.seriesUIDs))
    assert report.complete
    nodes = [slicer_modules.mrmlScene.GetNodeByID(each) for each in report.nodeIDs]
    (volume,) = [each for each in nodes if each.IsA("vtkMRMLVolumeNode")]  # Slicer counts its subject hierarchy too
    assert volume.GetImageData().GetDimensions()[2] == len(files)


def test_a_search_that_fails_is_raised_in_words(logic):
    with pytest.raises(ConnectionRefused, match="Check the port"):
        logic.search("http://127.0.0.1:9/dicom-web")


def test_a_worker_that_is_killed_fails_its_jobs_and_the_next_request_starts_another(logic, small_server):
    logic.nodes()
    job = logic.startSearch(small_server.url)
    ends = []
    logic.workerEnded.connect(ends.append)
    worker_process._processes[-1]._process.kill()
    live(lambda: job.isOver)
    assert isinstance(job.error, WorkerFailed)
    assert ends
    assert len(logic.search(small_server.url)) == 1


def test_what_a_worker_has_logged_of_its_work_is_not_told_as_the_reason_of_its_end(logic, small_server, caplog):
    ends = []
    logic.workerEnded.connect(ends.append)
    with caplog.at_level("INFO"):
        logic.search(small_server.url)
        live(lambda: "search studies" in caplog.text)
    worker_process._processes[-1]._process.kill()
    live(lambda: ends)
    assert "search studies" not in str(ends[0])


def test_a_worker_that_has_ended_leaves_nothing_in_the_application(logic):
    logic.nodes()
    process = worker_process._processes[-1]._process
    logic.stop()
    live(lambda: not worker_process._processes)
    live(lambda: process not in slicer_modules.app.children())


def test_the_worker_ends_with_the_application(logic):
    logic.nodes()
    process = worker_process._processes[-1]._process
    worker_process.endAll()
    assert process.state() == qt.QProcess.NotRunning
    assert process.exitCode() == 0


def test_an_import_is_cancelled_and_resumed(logic, many_files):
    with OriginServer(many_files) as server:
        job = logic.startImportStudies(server.url, [STUDY])
        live(lambda: any(progress.received for progress in job.series.values()))
        job.cancel()
        live(lambda: job.isOver)
        assert job.state is JobState.CANCELLED
        assert job.value.imported < 2000
        summary = logic.importStudies(server.url, [STUDY], progress=quiet)
    assert summary.complete
    assert summary.imported + summary.alreadyThere == 2000


def test_importing_two_thousand_instances_does_not_hold_the_main_thread(logic, many_files):
    """What is measured is our own Python code: the server runs in another process's place, a thread that competes."""
    slowest = 0.0

    def timed(call):
        def run():
            nonlocal slowest
            started = time.thread_time()
            call()
            slowest = max(slowest, time.thread_time() - started)

        return run

    host = logic._host
    measured = Logic(
        type(host)(**{**vars(host), "later": lambda milliseconds, call: host.later(milliseconds, timed(call))})
    )
    with OriginServer(many_files) as server:
        summary = measured.importStudies(server.url, [STUDY], progress=quiet)
    measured.stop()
    assert summary.complete
    assert summary.imported == 2000
    assert slowest < 0.05


def test_what_a_person_sets_reaches_the_worker_that_runs_and_every_later_one(logic, tmp_path):
    values = slicer_modules.app.userSettings()
    values.setValue(settings.key("parallelSeries"), 3)
    values.setValue(settings.key("previewFolder"), str(tmp_path / "previews"))
    try:
        settings.tellChanged()
        for _ in range(2):
            report = logic.diagnostics()
            assert "requests side by side: 3\n" in report
            assert f"previews: 0 bytes in {tmp_path / 'previews'}" in report
            assert "application: Slicer" in report
            logic.stop()
    finally:
        values.clear()
