"""What the worker does for a client, with a real process and a real server."""

from __future__ import annotations

import base64
import json
import os

import pytest
from DICOMWebNodesLib.errors import (
    Cancelled,
    ConnectionRefused,
    InvalidQuery,
    InvalidURL,
    InvalidValue,
    NodeNameTaken,
    NodeNotFound,
    UnsupportedService,
)
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT
from DICOMWebNodesLib.worker.values import passable_row

STUDY = "1.2.826.0.1"

# --- nodes --------------------------------------------------------------------------------------------------------


def test_nodes_are_kept_where_the_command_line_keeps_them(worker):
    worker.ask("nodes.add", {"node": {"name": "Orthanc", "url": "http://localhost:8042/dicom-web/"}})
    worker.ask("nodes.list")
    own = [item["node"]["name"] for item in worker.items if not item["predefined"]]
    assert own == ["Orthanc"]
    assert "Orthanc" in (worker.home / "nodes.json").read_text()


def test_a_node_is_changed_moved_duplicated_and_removed(worker):
    first = worker.ask("nodes.add", {"node": {"name": "A", "url": "http://a/dicom-web"}})
    worker.ask("nodes.add", {"node": {"name": "B", "url": "http://b/dicom-web"}})
    worker.ask("nodes.update", {"uid": first["uid"], "node": {"name": "A2", "url": "http://a2"}})
    worker.ask("nodes.duplicate", {"node": "B", "name": "C"})
    worker.ask("nodes.move", {"node": "C", "position": 0})
    worker.ask("nodes.remove", {"node": "B"})
    worker.ask("nodes.list")
    assert [item["node"]["name"] for item in worker.items if not item["predefined"]] == ["C", "A2"]
    assert worker.ask("nodes.get", {"node": "A2"})["uid"] == first["uid"]


def test_nodes_are_exported_and_imported(worker, tmp_path):
    worker.ask("nodes.add", {"node": {"name": "A", "url": "http://a/dicom-web"}})
    path = str(tmp_path / "nodes.json")
    assert worker.ask("nodes.export", {"path": path, "nodes": []}) == {"count": 1, "left_out": []}
    worker.ask("nodes.remove", {"node": "A"})
    report = worker.ask("nodes.import", {"path": path})
    assert [node["name"] for node in report["added"]] == ["A"]
    assert worker.ask("nodes.import", {"path": path})["skipped"][0][0] == "A"


def test_errors_of_nodes_keep_their_class_and_their_field(worker):
    with pytest.raises(NodeNotFound):
        worker.ask("nodes.get", {"node": "nowhere"})
    with pytest.raises(InvalidURL) as wrong:
        worker.ask("nodes.add", {"node": {"name": "A", "url": "ftp://a"}})
    assert wrong.value.field == "url"
    worker.ask("nodes.add", {"node": {"name": "A", "url": "http://a"}})
    with pytest.raises(NodeNameTaken):
        worker.ask("nodes.add", {"node": {"name": "a", "url": "http://a"}})


def test_ten_thousand_nodes_come_in_messages_that_are_short_enough(worker):
    nodes = [{"uid": f"u{n}", "name": f"Node {n}", "url": f"https://{n}.example.org/" + "x" * 200} for n in range(5000)]
    worker.home.mkdir()
    document = {"format": "DICOMWebNodes", "version": 1, "nodes": nodes}
    (worker.home / "nodes.json").write_text(json.dumps(document))
    assert worker.ask("nodes.list")["count"] >= 5000
    assert len(worker.items) >= 5000
    assert max(len(json.dumps(value)) for _, value in worker.told) < MESSAGE_LIMIT


def test_a_node_is_tested_before_it_is_saved(worker, origin_server):
    worker.ask("nodes.test", {"node": {"name": "new", "url": origin_server.url}})
    assert [(check["service"], check["ok"]) for check in worker.items] == [
        ("QIDO-RS", True),
        ("WADO-RS", True),
        ("STOW-RS", True),
    ]


# --- search -------------------------------------------------------------------------------------------------------


def test_a_search_brings_rows_of_dicom_json(worker, origin_server):
    result = worker.ask("search", {"node": origin_server.url, "matching": {"PatientName": "DOE*"}})
    assert result == {"count": 1}
    assert json.loads(worker.items[0])["0020000D"]["Value"] == [STUDY]


def test_series_and_instances_are_searched_within_their_study(worker, origin_server):
    worker.ask("search", {"node": origin_server.url, "level": "series", "within": STUDY})
    assert len(worker.items) == 2
    worker.ask("search", {"node": origin_server.url, "level": "instances", "within": f"{STUDY}/{STUDY}.1"})
    assert len(worker.items) == 20


@pytest.mark.parametrize(
    "params", [{"level": "patients"}, {"matching": {"StudyDate": "yesterday"}}, {"matching": {"PatientID": 7}}]
)
def test_a_search_that_cannot_be_asked_says_why(worker, origin_server, params):
    with pytest.raises(InvalidQuery):
        worker.ask("search", {"node": origin_server.url, **params})


def test_a_server_that_is_not_there_is_an_error_in_words(worker):
    with pytest.raises(ConnectionRefused, match="port"):
        worker.ask("search", {"node": "http://127.0.0.1:9/dicom-web"})


def test_many_nodes_are_searched_at_once_and_each_tells_its_end(worker, origin_server):
    nowhere = "http://127.0.0.1:9/dicom-web"
    result = worker.ask("search.nodes", {"nodes": [origin_server.url, nowhere], "matching": {"PatientName": "DOE*"}})
    assert result == {"count": 1}
    names = [node["name"] for node in worker.all_told("searching")]
    assert worker.told[0][0] == "searching"
    assert [(names[position], json.loads(row)["0020000D"]["Value"]) for position, row in worker.items] == [
        (names[0], [STUDY])
    ]
    ends = {end["node"]: end for end in worker.all_told("node_ended")}
    assert (ends[0]["count"], ends[0]["error"]) == (1, None)
    assert ends[1]["error"]["code"] == "connection-refused"


def test_a_silent_node_is_left_when_the_search_over_many_is_cancelled(worker, origin_server, silent_server):
    job = worker.start("search.nodes", {"nodes": [silent_server.url, origin_server.url]})
    while not (silent_server.is_asked.is_set() and worker.all_told("node_ended")):
        worker.step(0.05)
    assert len(worker.items) == 1
    job.cancel()
    with pytest.raises(Cancelled):
        worker.wait(job)
    assert silent_server.was_left.wait(10)


@pytest.mark.parametrize("nodes", [[], [7], ["nowhere"]])
def test_nodes_that_cannot_be_searched_fail_the_whole_search(worker, nodes):
    with pytest.raises((InvalidValue, NodeNotFound)):
        worker.ask("search.nodes", {"nodes": nodes})


def test_a_row_that_is_too_long_loses_its_largest_attributes_and_says_so():
    row = {
        "0020000D": {"vr": "UI", "Value": ["1.2.3"]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "DOE"}]},
        "00420011": {"vr": "OB", "InlineBinary": "A" * 1000},
        "7FE00010": {"vr": "OW", "InlineBinary": "A" * 5000},
    }
    passed, left_out = passable_row(row, limit=1500)
    assert left_out == ("7FE00010",)
    assert set(json.loads(passed)) == {"0020000D", "00100010", "00420011"}
    assert len(passed) <= 1500


def test_a_row_of_countless_small_attributes_keeps_its_identity():
    row = {f"{tag:08X}": {"vr": "LO", "Value": ["x"]} for tag in range(100_000)}
    row["0020000D"] = {"vr": "UI", "Value": ["1.2.3"]}
    passed, left_out = passable_row(row, limit=1500)
    kept = json.loads(passed)
    assert kept["0020000D"] == row["0020000D"]
    assert len(kept) + len(left_out) == len(row)


def test_not_a_number_becomes_null():
    passed, left_out = passable_row({"00180050": {"vr": "DS", "Value": [float("nan")]}})
    assert json.loads(passed) == {"00180050": {"vr": "DS", "Value": [None]}}
    assert left_out == ()


def test_metadata_and_thumbnails_come_too(worker, orthanc):
    node = {"name": "Orthanc", "url": orthanc.dicomweb_url, "profile": "orthanc"}
    worker.ask("search", {"node": node, "level": "instances", "matching": {"PatientID": "1CT1"}})
    row = json.loads(worker.items[0])
    path = "/".join(row[tag]["Value"][0] for tag in ("0020000D", "0020000E", "00080018"))
    assert worker.ask("metadata", {"node": node, "resource": path})["count"] == 1
    assert json.loads(worker.items[0])["00080018"]["Value"][0] == path.split("/")[2]
    picture = worker.ask("thumbnail", {"node": node, "resource": path})
    content = b"".join(map(base64.b64decode, worker.items))
    assert picture == {"content_type": picture["content_type"], "bytes": len(content)}
    assert picture["content_type"].startswith("image/")
    assert worker.ask("previews.clear") >= picture["bytes"]
    assert worker.ask("previews.clear") == 0


# --- retrieve -----------------------------------------------------------------------------------------------------


def retrieve(worker, server, folder, resources=(STUDY,), **options):
    return worker.ask("retrieve", {"node": server.url, "resources": list(resources), "output": str(folder)}, **options)


def test_a_study_comes_as_files_each_of_which_is_told(worker, origin_server, tmp_path):
    summary = retrieve(worker, origin_server, tmp_path)
    assert (summary["complete"], summary["stored"]) == (True, 40)
    told = {path for _, path, _, _ in worker.all_told("stored")}
    assert told == {str(path) for path in tmp_path.rglob("*.dcm")}
    assert len(told) == 40
    assert sorted(each["resource"] for each in worker.all_told("done")) == [f"{STUDY}/{STUDY}.1", f"{STUDY}/{STUDY}.2"]
    (plan,) = worker.all_told("planned")
    assert plan["series"] == [[f"{STUDY}/{STUDY}.1", 20], [f"{STUDY}/{STUDY}.2", 20]]


def test_what_is_too_much_for_one_message_comes_as_a_list(worker, origin_server, tmp_path):
    params = {"node": origin_server.url, "resources": [], "output": str(tmp_path)}
    summary = worker.ask("retrieve", params, lists={"further_resources": ["1.2.826.0.1"]})
    assert (summary["complete"], summary["stored"]) == (True, 40)


def test_what_the_client_has_elsewhere_is_not_fetched(worker, origin_server, tmp_path, study_files):
    here = [[f"{STUDY}/{STUDY}.1/{STUDY}.1.{n}", str(file)] for n, file in enumerate(study_files[:20], 1)]
    summary = retrieve(worker, origin_server, tmp_path, lists={"inventory": here})
    assert (summary["complete"], summary["already_there"], summary["stored"]) == (True, 20, 20)
    assert not (tmp_path / STUDY / f"{STUDY}.1").exists()


def test_what_an_earlier_run_left_in_the_folder_is_told_as_already_there(worker, origin_server, tmp_path):
    retrieve(worker, origin_server, tmp_path, [f"{STUDY}/{STUDY}.1"])
    summary = retrieve(worker, origin_server, tmp_path)
    assert (summary["already_there"], summary["stored"]) == (20, 20)
    assert sum(already for *_, already in worker.all_told("stored")) == 20


@pytest.mark.parametrize("verify", [False, True])
def test_what_came_is_compared_with_the_servers_list_when_the_client_says_so(verify, worker, origin_server, tmp_path):
    params = {"node": origin_server.url, "resources": [STUDY], "output": str(tmp_path), "verify": verify}
    asked = len(origin_server.exchanges)
    assert worker.ask("retrieve", params)["complete"]
    listed = {each.request.path for each in origin_server.exchanges[asked:] if each.request.path.endswith("/instances")}
    assert len(listed) == (2 if verify else 0)


def test_what_does_not_exist_is_told_and_not_raised(worker, origin_server, tmp_path):
    summary = retrieve(worker, origin_server, tmp_path, ["1.2.3.4.5"])
    assert not summary["complete"]
    assert summary["missing"] == 1
    (failure,) = worker.all_told("failed")
    assert failure["resource"] == "1.2.3.4.5"
    assert failure["reason"]


def test_a_cancelled_retrieve_gives_its_account(worker, stalling_server, tmp_path):
    job = worker.start("retrieve", {"node": stalling_server.url, "resources": [STUDY], "output": str(tmp_path)})
    while not stalling_server.stall.has_stalled.is_set():
        worker.step()
    job.cancel()
    summary = worker.wait(job)
    assert summary["cancelled"]
    assert not list(tmp_path.rglob("*.part"))


def test_a_cancelled_search_is_over_at_once(worker, stalling_server):
    slow = worker.start("metadata", {"node": stalling_server.url, "resource": STUDY})
    slow.cancel()
    with pytest.raises(Cancelled):
        worker.wait(slow)


def test_the_server_hears_at_once_that_a_search_was_cancelled(worker, silent_server):
    """Not only the client: the worker's thread and the server's connection are free again."""
    job = worker.start("search", {"node": silent_server.url})
    while not silent_server.is_asked.is_set():
        worker.step(0.05)
    job.cancel()
    with pytest.raises(Cancelled):
        worker.wait(job)
    assert silent_server.was_left.wait(10)


def test_a_node_that_cannot_retrieve_says_so(worker, tmp_path):
    node = {"name": "s", "url": "http://a/dicom-web", "service_type": "STOW-RS"}
    with pytest.raises(UnsupportedService):
        worker.ask("retrieve", {"node": node, "resources": [STUDY], "output": str(tmp_path)})


# --- store --------------------------------------------------------------------------------------------------------


def test_files_are_stored_with_an_outcome_for_each(worker, empty_orthanc, study_files, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not DICOM")
    files = [str(file) for file in [*study_files, text]]
    summary = worker.ask("store", {"node": empty_orthanc.dicomweb_url}, lists={"files": files})
    assert (summary["stored"], summary["not_dicom"], summary["complete"]) == (40, 1, True)
    assert {os.path.basename(item["path"]) for item in worker.items} == {os.path.basename(file) for file in files}
