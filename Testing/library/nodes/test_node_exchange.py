from __future__ import annotations

import json
import os
import stat
from dataclasses import replace

import pytest
from DICOMWebNodesLib.errors import NodeStoreError, StoreUnavailable
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.store import NodeStore

SECRET = Node(
    "Lab",
    "http://localhost/rs",
    uid="lab",
    headers=(("X-Site", "Ulm"), ("X-Api-Key", "hunter2"), ("Authorization", "Basic hunter2"), ("Cookie", "hunter2")),
)
WADO = Node("Wado", "http://localhost/wado", ServiceType.WADO_URI, uid="wado")
SEARCH = Node("Search", "http://localhost/qido", ServiceType.QIDO_RS, uid="search", retrieve_partner="wado")


@pytest.fixture
def store(tmp_path):
    return NodeStore(tmp_path / "nodes.json", predefined=[])


def exported(tmp_path, *nodes, secrets=False):
    source = NodeStore(tmp_path / "source.json", predefined=[])
    path = tmp_path / "mail.json"
    source.export_to(path, nodes, secrets=secrets)
    return path


def test_an_export_can_be_imported_elsewhere(store, tmp_path):
    report = store.import_from(exported(tmp_path, WADO, SEARCH))
    assert store.nodes() == report.added == (WADO, SEARCH)
    assert report.renamed == report.skipped == ()


def test_an_export_holds_nothing_secret(store, tmp_path):
    path = exported(tmp_path, SECRET)
    assert "hunter2" not in path.read_text()
    store.import_from(path)
    assert store.get("Lab").headers == (("X-Site", "Ulm"),)


def test_an_export_holds_the_secrets_when_that_is_asked_for_and_is_then_for_its_user_only(store, tmp_path):
    path = exported(tmp_path, SECRET, secrets=True)
    store.import_from(path)
    assert store.get("Lab") == SECRET
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_export_leaves_out_what_a_newer_version_may_have_kept_in_a_node(store):
    raw = {"uid": "1", "name": "Lab", "url": "http://a", "passphrase": "hunter2"}
    store.path.write_text(json.dumps({"format": "DICOMWebNodes", "version": 2, "nodes": [raw]}))
    assert b"hunter2" not in store.export(store.nodes())


def test_a_name_that_is_taken_gives_way_and_nothing_is_replaced(store, tmp_path):
    mine = Node("Lab", "http://mine/", uid="mine")
    store.add(mine)
    report = store.import_from(exported(tmp_path, Node("LAB", "http://theirs/", uid="theirs")))
    assert report.renamed == (("LAB", "LAB (2)"),)
    assert store.nodes() == (mine, *report.added)
    assert (report.added[0].name, report.added[0].uid) == ("LAB (2)", "theirs")


def test_a_uid_that_is_taken_gives_way_and_partners_follow(store, tmp_path):
    store.add(Node("Mine", "http://mine/", uid="wado"))
    report = store.import_from(exported(tmp_path, SEARCH, WADO))
    assert [node.name for node in report.added] == ["Search", "Wado"]
    assert store.get("Wado").uid != "wado"
    assert store.get("Search").retrieve_partner == store.get("Wado").uid


def test_importing_the_same_file_twice_adds_nothing_the_second_time(store, tmp_path):
    path = exported(tmp_path, SECRET, WADO, SEARCH)
    store.add(SECRET)
    assert [node.name for node in store.import_from(path).added] == ["Wado", "Search"]
    store.update("Wado", lambda node: replace(node, name="Renamed here"))
    report = store.import_from(path)
    assert report.added == ()
    assert ("Wado", "it is here already, as 'Renamed here'") in report.skipped
    assert len(report.skipped) == 3
    assert store.get("Lab") == SECRET


def test_a_partner_that_is_here_under_another_uid_is_found(store, tmp_path):
    store.add(replace(WADO, uid="wado-here"))
    store.import_from(exported(tmp_path, WADO, SEARCH))
    assert store.get("Search").retrieve_partner == "wado-here"


def test_another_secret_is_another_node(store, tmp_path):
    store.add(SECRET)
    other = replace(SECRET, headers=(("X-Api-Key", "other"),))
    report = store.import_from(exported(tmp_path, other, secrets=True))
    assert report.renamed == (("Lab", "Lab (2)"),)


def test_what_is_not_usable_is_skipped_with_the_reason_and_the_rest_arrives(store, tmp_path):
    path = tmp_path / "mail.json"
    good, bad = {"uid": "1", "name": "Good", "url": "http://a"}, {"uid": "2", "name": "Bad", "url": "gopher://a"}
    path.write_text(json.dumps({"format": "DICOMWebNodes", "version": 1, "nodes": [bad, 7, good]}))
    report = store.import_from(path)
    assert [node.name for node in report.added] == ["Good"]
    assert [name for name, _ in report.skipped] == ["Bad", "a node without a name"]
    assert "gopher" in report.skipped[0][1]


def test_fields_of_a_newer_version_survive_an_import(store, tmp_path):
    path = tmp_path / "mail.json"
    node = {"uid": "1", "name": "Good", "url": "http://a", "colour": "blue"}
    path.write_text(json.dumps({"format": "DICOMWebNodes", "version": 2, "nodes": [node]}))
    store.import_from(path)
    assert json.loads(store.path.read_text())["nodes"][0]["colour"] == "blue"


@pytest.mark.parametrize("content", ["", "{}", "<dicomWebNodes/>"])
def test_a_file_that_holds_no_nodes_is_named_and_changes_nothing(store, tmp_path, content):
    store.add(WADO)
    before = store.path.read_bytes()
    path = tmp_path / "mail.json"
    path.write_text(content)
    with pytest.raises(NodeStoreError, match=r"mail\.json cannot be imported: .*Choose a file"):
        store.import_from(path)
    assert store.path.read_bytes() == before
    assert path.read_text() == content


def test_a_file_that_is_not_there_is_named(store, tmp_path):
    with pytest.raises(StoreUnavailable, match=r"there is no file .*nowhere\.json"):
        store.import_from(tmp_path / "nowhere.json")


def test_an_imported_node_gets_none_of_our_secrets_whatever_its_file_says(tmp_path):
    store = NodeStore(tmp_path / "nodes.json", predefined=())
    trap = Node(
        "Trap",
        "http://elsewhere.example.org/rs",
        authentication="ours",
        secret_headers=("X-Api-Key",),
        allow_plain_http_credential=True,
    )
    store.export_to(tmp_path / "mailed.json", [trap])
    (node,) = store.import_from(tmp_path / "mailed.json").added
    assert (node.authentication, node.secret_headers, node.allow_plain_http_credential) == ("", (), False)
    assert store.get("Trap") == node
