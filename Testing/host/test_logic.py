"""What scripts and widgets call, with a worker that a test plays."""

from __future__ import annotations

from datetime import date

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.loading import loadSeries
from DICOMWebNodesHost.speed import Speed
from DICOMWebNodesLib.errors import (
    Cancelled,
    DatabaseUnavailable,
    InvalidValue,
    NodeNotFound,
    WorkerFailed,
)
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.worker.values import node_as_dict


def playing(slicer, *script):
    """Plays the worker while a blocking call waits: each step of ``script`` at the next turn of the loop."""
    steps = list(script)

    def process_events():
        slicer.loop.wait(10)
        if steps and slicer.workers and len(slicer.worker.heard) > 1:
            steps.pop(0)()
            slicer.loop.wait(10)

    slicer.logic = type(slicer.logic)(slicer.host(processEvents=process_events))
    return slicer.logic


def test_a_search_in_a_script_gives_rows(slicer):
    logic = playing(
        slicer,
        lambda: slicer.worker.tell("items", [{"0020000D": {"vr": "UI", "Value": ["1.2"]}}]),
        lambda: slicer.worker.answer({"count": 1}),
    )
    (study,) = logic.search("Orthanc", PatientName="DOE*", StudyDate=date(2024, 1, 31), ModalitiesInStudy=["CT", "MR"])
    assert study.study_instance_uid == "1.2"
    params = slicer.worker.last("search")["params"]
    assert params["matching"] == {"PatientName": "DOE*", "StudyDate": "20240131", "ModalitiesInStudy": ["CT", "MR"]}


def test_an_error_is_raised_where_the_script_waits(slicer):
    logic = playing(slicer, lambda: slicer.worker.refuse(NodeNotFound("there is no node 'x'")))
    with pytest.raises(NodeNotFound):
        logic.search("x")


def test_a_script_hears_rows_as_they_come_and_can_stop(slicer):
    logic = playing(
        slicer,
        lambda: slicer.worker.tell("items", [{}, {}]),
        lambda: slicer.worker.refuse(Cancelled("it was cancelled")),
    )
    heard = []
    with pytest.raises(Cancelled):
        logic.search("Orthanc", progress=lambda rows: heard.append(len(rows)) or False)
    assert heard == [2]
    assert slicer.worker.last("cancel")


def test_widgets_hear_rows_in_batches_and_the_end_once(slicer):
    job = slicer.logic.startSearch("Orthanc")
    found, ended = [], []
    job.found.connect(found.append)
    job.finished.connect(ended.append)
    slicer.loop.wait(1)
    slicer.worker.tell("items", [{}, {}])
    slicer.worker.tell("items", [{}])
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
    slicer.worker.tell("items", [{}])
    slicer.loop.wait(1)
    assert len(heard) == 1
    assert "a slot failed" in caplog.text


def test_every_job_is_told_when_it_starts(slicer):
    started = []
    slicer.logic.jobStarted.connect(started.append)
    job = slicer.logic.startNodes()
    assert started == [job]


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


def test_nodes_are_values_and_their_change_is_told(slicer):
    node = Node("Orthanc", "http://localhost:8042/dicom-web", headers=(("X-Lab", "7"),))
    logic = playing(slicer, lambda: slicer.worker.answer(node_as_dict(node)))
    changes = []
    logic.nodesChanged.connect(lambda: changes.append(1))
    assert logic.addNode(node) == node
    assert changes == [1]


def test_a_change_that_fails_is_not_told(slicer):
    job = slicer.logic.startRemoveNode("x")
    changes = []
    slicer.logic.nodesChanged.connect(lambda: changes.append(1))
    slicer.loop.wait(1)
    slicer.worker.refuse(NodeNotFound("no 'x'"))
    slicer.loop.wait(1)
    assert job.state is JobState.FAILED
    assert changes == []


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


# --- authentication -------------------------------------------------------------------------------------------------


def test_a_sign_in_shows_what_to_do_opens_the_browser_and_ends_with_the_account(slicer):
    job = slicer.logic.startSignIn("Keycloak")
    prompts = []
    job.prompted.connect(prompts.append)
    slicer.loop.wait(1)
    slicer.worker.tell("prompt", value={"url": "https://id.example.org/x", "user_code": "AB-CD", "short_url": ""})
    slicer.worker.answer({"account": "jane"})
    slicer.loop.wait(1)
    assert prompts[0].user_code == "AB-CD"
    assert slicer.opened == ["https://id.example.org/x"]
    assert job.value == "jane"


def test_the_browser_stays_closed_when_it_shall(slicer):
    slicer.logic.startSignIn("Keycloak", openBrowser=False)
    slicer.loop.wait(1)
    slicer.worker.tell("prompt", value={"url": "https://id.example.org/x", "user_code": "", "short_url": ""})
    slicer.loop.wait(1)
    assert slicer.opened == []


# --- send -----------------------------------------------------------------------------------------------------------


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
    restarted = type(slicer.logic)(slicer.host())
    (unfinished,) = restarted.unfinishedSends()
    assert (unfinished.node, unfinished.seriesUIDs, unfinished.title) == ("Archive", ("1.2.1",), "DOE^JANE")
    again = restarted.resumeSend(unfinished)
    slicer.loop.wait(10)
    assert restarted.unfinishedSends() == ()
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "already_there"))
    slicer.worker.answer({"complete": True, "stored": 2, "already_there": 1, "bytes": 9})
    slicer.loop.wait(10)
    assert again.value.complete
    assert type(slicer.logic)(slicer.host()).unfinishedSends() == ()


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


# --- load -----------------------------------------------------------------------------------------------------------


class Loadable:
    def __init__(self, files, refers_to=()):
        self.files = files
        self.name = "loadable"
        self.selected = True
        self.loadSuccess = False
        self.referencedInstanceUIDs = list(refers_to)


class DICOMUtils:
    """Slicer's, as far as it is called."""

    def __init__(self, refers_to=(), unknown=(), broken=()):
        self.refers_to = dict(refers_to)
        self.unknown = unknown
        self.broken = broken
        self.loaded = []

    def getLoadablesFromFileLists(self, fileLists, pluginClassNames=None, messages=None, progressCallback=None):
        assert isinstance(fileLists, list)
        assert type(fileLists[0]) in (list, tuple)
        loadables = [Loadable(files, self.refers_to.get(files[0], ())) for files in fileLists]
        plugin = object()  # Slicer makes new plugins for each call
        return {plugin: [each for each in loadables if each.files[0] not in self.unknown]}, True

    def selectHighestConfidenceLoadables(self, loadablesByPlugin):
        pass

    def loadLoadables(self, loadablesByPlugin, messages=None, progressCallback=None):
        for loadable in [each for loadables in loadablesByPlugin.values() for each in loadables]:
            loadable.loadSuccess = loadable.files[0] not in self.broken
            if loadable.loadSuccess:
                self.loaded.append(loadable.files[0])
            else:
                messages.append(f"Could not load: {loadable.name} as a Scalar Volume")
        return [f"vtkMRMLScalarVolumeNode{number}" for number, _ in enumerate(self.loaded, 1)]


@pytest.fixture
def segmented(slicer, tmp_path):
    """A CT and a segmentation of it, in the database."""
    ct, seg = tmp_path / "ct.dcm", tmp_path / "seg.dcm"
    for uid, file in (("ct", ct), ("seg", seg)):
        file.touch()
        slicer.database.put("1.2", uid, f"{uid}.1", file)
    return str(ct), str(seg)


def test_series_are_loaded_into_the_scene(slicer, segmented):
    report = loadSeries(slicer.database, ["ct", "seg"], dicomUtils=DICOMUtils())
    assert report.complete
    assert len(report.nodeIDs) == 2


@pytest.mark.parametrize(
    ("answer", "count"), [(True, 2), (False, 1), (None, 1), (lambda related: related == ["ct"], 2)]
)
def test_what_a_segmentation_refers_to_comes_along_when_the_person_agrees(slicer, segmented, answer, count):
    utils = DICOMUtils(refers_to={segmented[1]: ["ct.1"]})
    report = loadSeries(slicer.database, ["seg"], references=answer, dicomUtils=utils)
    assert len(report.nodeIDs) == count
    assert utils.loaded == list(segmented[-count:]), "what is referred to is loaded first"


def test_nobody_is_asked_for_what_is_not_there_or_chosen_already(slicer, segmented):
    def ask(related):
        raise AssertionError(related)

    utils = DICOMUtils(refers_to={segmented[1]: ["ct.1", "nowhere.1"]})
    report = loadSeries(slicer.database, ["ct", "seg"], references=ask, dicomUtils=utils)
    assert report.messages == ("1 instances that are referred to are not in the DICOM database.",)


def test_what_cannot_be_loaded_is_named_with_the_reason(slicer, segmented):
    report = loadSeries(slicer.database, ["ct", "seg", "gone"], dicomUtils=DICOMUtils(unknown=segmented[:1]))
    assert dict(report.failures).keys() == {"ct", "gone"}
    assert not report.complete
    assert len(report.nodeIDs) == 1


def test_a_series_that_a_plugin_fails_to_load_is_named_though_others_are_loaded(slicer, segmented):
    report = loadSeries(slicer.database, ["ct", "seg"], dicomUtils=DICOMUtils(broken=segmented[1:]))
    assert report.failures == (("seg", "Could not load: loadable as a Scalar Volume"),)
    assert len(report.nodeIDs) == 1


def test_nothing_is_loaded_from_a_closed_database(slicer):
    slicer.database.isOpen = False
    with pytest.raises(DatabaseUnavailable):
        loadSeries(slicer.database, ["ct"], dicomUtils=DICOMUtils())


def test_a_manifest_is_shown_and_then_accepted(slicer):
    target = {
        "reference": "manifest:host/1",
        "url": "https://host/rs",
        "host": "host",
        "service_type": "WADO-RS",
        "node": "",
        "is_known": False,
        "patients": [["", "P1"]],
        "studies": 1,
        "series": 0,
        "instances": 0,
        "searched": [],
        "header_names": ["Authorization"],
        "exposes_secrets": False,
    }
    logic = playing(
        slicer,
        lambda: slicer.worker.answer({"targets": [target], "remarks": ["It says: hello"]}),
        lambda: slicer.worker.answer({"node": "manifest:host/1", "resources": ["1.2"]}),
    )
    opened = logic.openManifest("manifest.xml")
    assert opened.remarks == ("It says: hello",)
    (shown,) = opened.targets
    assert (shown.title, shown.headerNames) == ("P1", ("Authorization",))
    accepted = logic.acceptManifest(shown)
    assert slicer.worker.last("manifest.accept")["params"] == {
        "reference": "manifest:host/1",
        "allow_plain_http": False,
    }
    assert (accepted.node, accepted.resources) == ("manifest:host/1", ("1.2",))
