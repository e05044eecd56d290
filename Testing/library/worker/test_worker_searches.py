"""What the worker finds for a client, with a real process and a real server."""

from __future__ import annotations

import base64
import json

import pytest
from DICOMWebNodesLib.errors import (
    Cancelled,
    ConnectionRefused,
    InvalidQuery,
    InvalidValue,
    NodeNotFound,
)
from DICOMWebNodesLib.worker.values import passable_row

STUDY = "1.2.826.0.1"


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


def test_the_list_of_nodes_does_not_wait_for_servers_that_do_not_answer(worker, silent_server):
    searches = [worker.start("search", {"node": silent_server.url}) for _ in range(20)]
    assert worker.ask("nodes.list")["count"] >= 1
    assert not any(search.is_over for search in searches)


def test_a_parameter_of_a_wrong_kind_is_told_as_the_mistake_of_who_gave_it(worker):
    with pytest.raises(InvalidValue, match="'fuzzymatching' is not true or false"):
        worker.ask("search", {"node": "http://127.0.0.1:1/dicom-web", "fuzzymatching": "no"})
