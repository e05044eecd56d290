"""What the worker does with nodes, with a real process and a real server."""

from __future__ import annotations

import json

import pytest
from DICOMWebNodesLib.errors import (
    InvalidURL,
    NodeNameTaken,
    NodeNotFound,
)
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT


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
