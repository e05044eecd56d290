"""What scripts and widgets call, with a worker that a test plays."""

from __future__ import annotations

from datetime import date

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.logic_authentication import ListedMethod
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.errors import (
    Cancelled,
    InvalidQuery,
    NodeNotFound,
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
        lambda: slicer.worker.tell("items", ['{"0020000D": {"vr": "UI", "Value": ["1.2"]}}']),
        lambda: slicer.worker.answer({"count": 1}),
    )
    (study,) = logic.search("Orthanc", PatientName="DOE*", StudyDate=date(2024, 1, 31), ModalitiesInStudy=["CT", "MR"])
    assert study.study_instance_uid == "1.2"
    params = slicer.worker.last("search")["params"]
    assert params["matching"] == {"PatientName": "DOE*", "StudyDate": "20240131", "ModalitiesInStudy": ["CT", "MR"]}


def test_what_a_script_gives_as_none_is_not_searched_for(slicer):
    slicer.logic.startSearch("Orthanc", PatientName=None, PatientID="7", includefield="StudyDescription")
    slicer.loop.wait(1)
    params = slicer.worker.last("search")["params"]
    assert params["matching"] == {"PatientID": "7"}
    assert params["includefield"] == ["StudyDescription"]


def test_one_uid_need_not_be_a_list(slicer):
    slicer.logic.startImportStudies("Orthanc", "1.2.3")
    slicer.loop.wait(10)
    assert slicer.worker.given("retrieve", "resources") == ["1.2.3"]
    assert slicer.logic.startSend("Orthanc", "1.2.3.4").seriesUIDs == ("1.2.3.4",)


def test_an_error_is_raised_where_the_script_waits(slicer):
    logic = playing(slicer, lambda: slicer.worker.refuse(NodeNotFound("there is no node 'x'")))
    with pytest.raises(NodeNotFound):
        logic.search("x")


def test_a_script_hears_rows_as_they_come_and_can_stop(slicer):
    logic = playing(
        slicer,
        lambda: slicer.worker.tell("items", ["{}", "{}"]),
        lambda: slicer.worker.refuse(Cancelled("it was cancelled")),
    )
    heard = []
    with pytest.raises(Cancelled):
        logic.search("Orthanc", progress=lambda rows: heard.append(len(rows)) or False)
    assert heard == [2]
    assert slicer.worker.last("cancel")


def test_what_a_search_warns_of_is_in_the_log_of_a_script(slicer, caplog):
    logic = playing(
        slicer,
        lambda: slicer.worker.tell("warned", ["the server ignores fuzzymatching"]),
        lambda: slicer.worker.answer({"count": 0}),
    )
    assert logic.search("Orthanc") == ()
    assert "DICOMWeb Nodes: the server ignores fuzzymatching" in caplog.text


def test_what_the_logic_lists_can_be_given_to_it_in_the_place_of_a_name(slicer):
    logic, listed = slicer.logic, ListedNode(Node("Orthanc", "http://localhost:8042/dicom-web"))
    method = ListedMethod(AuthMethod("Key", Kind.API_KEY), AuthStatus(True, "ready"))
    for node in (listed, listed.node):
        asked = {
            "search": logic.startSearch(node),
            "search.nodes": logic.startSearch([node]),
            "metadata": logic.startMetadata(node, "1.2"),
            "nodes.test": logic.startTestNode(node),
            "nodes.remove": logic.startRemoveNode(node),
            "nodes.move": logic.startMoveNode(node, 1),
            "nodes.export": logic.startExportNodes("nodes.json", node),
            "retrieve": logic.startImportStudies(node, ["1.2"]),
            "store": logic.startSend(node, files=["a.dcm"]),
            "auth.sign_in": logic.startSignIn(method),
            "auth.status": logic.startMethodStatus(method.method),
        }
        slicer.loop.wait(10)
        told = {name: slicer.worker.last(name)["params"] for name in asked}
        whole = node_as_dict(listed.node)
        assert [told[name]["node"] for name in ("search", "metadata", "nodes.test")] == [whole] * 3
        assert (told["search.nodes"]["nodes"], told["nodes.export"]["nodes"]) == ([whole], [listed.node.uid])
        by_uid = ("nodes.remove", "nodes.move", "retrieve", "store")
        assert [told[name]["node"] for name in by_uid] == [listed.node.uid] * 4
        assert [told[name]["method"] for name in ("auth.sign_in", "auth.status")] == [method.method.uid] * 2


def test_attributes_that_are_no_text_are_left_to_the_library_to_refuse(slicer):
    slicer.logic.startSearch("Orthanc", includefield=[0x00100010], StudyInstanceUID={"1.2"})
    slicer.loop.wait(1)
    params = slicer.worker.last("search")["params"]
    assert (params["includefield"], params["matching"]) == (["1048592"], {"StudyInstanceUID": ["1.2"]})


def test_nodes_are_values_and_their_change_is_told(slicer):
    node = Node("Orthanc", "http://localhost:8042/dicom-web", headers=(("X-Lab", "7"),))
    logic = playing(slicer, lambda: slicer.worker.answer(node_as_dict(node)))
    changes = []
    logic.nodesChanged.connect(lambda: changes.append(1))
    assert logic.addNode(node) == node
    assert changes == [1]


def test_a_script_that_adds_the_address_of_a_study_is_warned(slicer):
    node = Node("Lab", "https://pacs.example.org/dicom-web/studies")
    logic = playing(slicer, lambda: slicer.worker.answer(node_as_dict(node)))
    with pytest.warns(UserWarning, match="in front of /studies: https://pacs.example.org/dicom-web$"):
        assert logic.addNode(node) == node


def test_a_change_that_fails_is_not_told(slicer):
    job = slicer.logic.startRemoveNode("x")
    changes = []
    slicer.logic.nodesChanged.connect(lambda: changes.append(1))
    slicer.loop.wait(1)
    slicer.worker.refuse(NodeNotFound("no 'x'"))
    slicer.loop.wait(1)
    assert job.state is JobState.FAILED
    assert changes == []


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


# --- manifests --------------------------------------------------------------------------------------------------------


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
        lambda: slicer.worker.answer({"node": "manifest:host/1", "resources": ["1.2"], "remarks": ["a study"]}),
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
    assert (accepted.node, accepted.resources, accepted.remarks) == ("manifest:host/1", ("1.2",), ("a study",))


def test_rows_of_a_search_say_what_is_imported(slicer):
    study = Attributes({"0020000D": {"vr": "UI", "Value": ["1.2"]}})
    series = Attributes({**study.raw, "0020000E": {"vr": "UI", "Value": ["1.2.3"]}})
    slicer.logic.startImportStudies("Orthanc", (study, series))
    slicer.loop.wait(10)
    assert slicer.worker.given("retrieve", "resources") == ["1.2", "1.2/1.2.3"]
    slicer.logic.startSearch("Orthanc", level="instances", within=series)
    slicer.loop.wait(10)
    assert slicer.worker.last("search")["params"]["within"] == "1.2/1.2.3"


@pytest.mark.parametrize("field", ["limit", "offset"])
def test_a_count_that_is_none_is_told_before_the_worker_is_asked(slicer, field):
    with pytest.raises(InvalidQuery, match="'3' is not a whole number"):
        slicer.logic.startSearch("Orthanc", **{field: "3"})
