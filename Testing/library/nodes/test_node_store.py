from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from DICOMWebNodesLib.errors import (
    InvalidNode,
    InvalidURL,
    NodeNameTaken,
    NodeNotFound,
    NodeReadOnly,
    NodeStoreError,
    StoreUnavailable,
)
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.store import NodeStore

DEMO = Node("Public demo", "https://demo.example.org/dicom-web", uid="demo")


@pytest.fixture
def store(tmp_path):
    return NodeStore(tmp_path / "settings" / "nodes.json", predefined=[DEMO])


def lab(name="Lab", **fields):
    return Node(name, "http://localhost:8042/dicom-web", **fields)


def names(store):
    return [node.name for node in store.nodes()]


def test_without_a_file_there_are_the_predefined_nodes_and_no_file_is_made(store):
    assert store.nodes() == (DEMO,)
    assert not store.path.parent.exists()
    assert store.set_aside is None


def test_the_store_of_a_person_has_the_predefined_nodes_of_the_extension(tmp_path):
    assert "Orthanc public demo" in names(NodeStore(tmp_path / "nodes.json"))


def test_own_nodes_come_first_in_the_order_in_which_they_were_added(store):
    store.add(lab("B"))
    store.add(lab("A"))
    assert names(store) == ["B", "A", "Public demo"]


def test_what_one_store_adds_another_sees_at_once(store):
    other = NodeStore(store.path, predefined=[])
    node = lab(headers=(("X-Site", "Ulm"),))
    store.add(node)
    assert other.nodes() == (node,)


def test_a_node_is_found_by_uid_and_by_name_whatever_its_case_and_spaces(store):
    node = lab("Research PACS")
    store.add(node)
    assert store.get(node.uid) == store.get("Research PACS") == store.get(" research  pacs ") == node
    assert store.get("public demo") == DEMO


def test_a_uid_is_looked_up_before_a_name(store):
    store.add(lab("demo"))
    assert store.get("demo") == DEMO


def test_a_node_that_there_is_not_is_named_in_the_error(store):
    for call in (store.get, store.remove, store.duplicate):
        with pytest.raises(NodeNotFound, match=r"there is no node 'Lba'. Choose one of 'Public demo'\."):
            call("Lba")


def test_a_name_is_taken_whatever_its_case_also_by_a_predefined_node(store):
    store.add(lab())
    for name in ("lab", "PUBLIC DEMO"):
        with pytest.raises(NodeNameTaken, match=name):
            store.add(lab(name))
    assert names(store) == ["Lab", "Public demo"]


def test_a_uid_is_taken_too(store):
    with pytest.raises(InvalidNode, match="the uid 'demo' already"):
        store.add(lab(uid="demo"))


def test_a_node_is_replaced_in_its_place(store):
    store.add(lab("A"))
    store.add(lab("B"))
    store.replace(replace(store.get("A"), name="A2", page_size=7))
    assert names(store) == ["A2", "B", "Public demo"]
    assert store.get("A2").page_size == 7


def test_a_node_keeps_its_own_name_when_it_is_replaced_and_cannot_take_another_ones(store):
    store.add(lab("A"))
    store.add(lab("B"))
    store.replace(replace(store.get("A"), name="a"))
    with pytest.raises(NodeNameTaken):
        store.replace(replace(store.get("a"), name="b"))
    with pytest.raises(NodeNotFound):
        store.replace(lab("C"))


def test_an_update_sees_what_was_changed_in_between(store):
    store.add(lab())
    node = store.get("Lab")
    NodeStore(store.path, predefined=[]).replace(replace(node, page_size=7))
    changed = store.update("Lab", lambda current: replace(current, read_timeout=5.0, uid="ignored"))
    assert (changed.page_size, changed.read_timeout, changed.uid) == (7, 5.0, node.uid)


def test_an_update_that_fails_changes_nothing(store):
    store.add(lab())
    before = store.path.read_bytes()
    with pytest.raises(InvalidNode):
        store.update("Lab", lambda node: replace(node, page_size=-1))
    assert store.path.read_bytes() == before


def test_a_removed_node_is_returned_and_gone(store):
    node = lab()
    store.add(node)
    assert store.remove("lab") == node
    assert store.nodes() == (DEMO,)


def test_a_predefined_node_is_read_only_and_says_what_to_do(store):
    assert store.is_predefined(DEMO)
    for call in (
        lambda: store.remove("demo"),
        lambda: store.replace(replace(DEMO, page_size=1)),
        lambda: store.move("demo", 0),
    ):
        with pytest.raises(NodeReadOnly, match=r"'Public demo' is predefined.*Duplicate it"):
            call()


def test_the_copy_of_a_predefined_node_is_ones_own(store):
    copy = store.duplicate("demo")
    assert (copy.name, copy.url) == ("Public demo copy", DEMO.url)
    assert copy.uid != DEMO.uid
    assert not store.is_predefined(copy)
    assert names(store) == ["Public demo copy", "Public demo"]


def test_copies_get_names_that_are_free_unless_one_is_given(store):
    store.add(lab("L" * 200))
    store.add(lab())
    assert [store.duplicate("Lab").name for _ in range(3)] == ["Lab copy", "Lab copy (2)", "Lab copy (3)"]
    assert store.duplicate("Lab", "Second lab").name == "Second lab"
    assert store.duplicate("L" * 200).name.endswith("L copy")
    with pytest.raises(NodeNameTaken):
        store.duplicate("Lab", "public demo")


def test_a_copy_stands_below_its_original(store):
    for name in "AB":
        store.add(lab(name))
    store.duplicate("A")
    assert names(store) == ["A", "A copy", "B", "Public demo"]
    store.duplicate("demo")
    assert names(store)[-2:] == ["Public demo copy", "Public demo"]


@pytest.mark.parametrize(("position", "order"), [(0, "CAB"), (1, "ACB"), (2, "ABC"), (99, "ABC"), (-5, "CAB")], ids=str)
def test_a_node_can_be_moved_among_ones_own(store, position, order):
    for name in "ABC":
        store.add(lab(name))
    store.move("C", position)
    assert names(store) == [*order, "Public demo"]


def test_a_predefined_node_whose_name_somebody_has_taken_gives_way(store):
    store.add(lab("Orthanc"))
    newer = NodeStore(store.path, predefined=[replace(DEMO, name="Orthanc")])
    assert names(newer) == ["Orthanc", "Orthanc (2)"]
    assert newer.get("Orthanc").uid != "demo"


def test_a_bare_url_is_a_node_too(store):
    node = store.node_from_url("HTTP://Localhost:8042/dicom-web/")
    assert node.name == node.url == "http://localhost:8042/dicom-web"
    with pytest.raises(InvalidURL):
        store.node_from_url("ada:pw@host")
    assert len(store.node_from_url("http://host/" + "x" * 1000).url) > 1000


# --- retrieve partners ---------------------------------------------------------------------------------------


def test_a_search_node_is_paired_with_one_that_retrieves(store):
    store.add(lab("Wado", service_type=ServiceType.WADO_URI, uid="wado"))
    store.add(lab("Search", service_type=ServiceType.QIDO_RS, retrieve_partner="wado"))
    assert store.get("Search").retrieve_partner == "wado"
    store.add(lab("Search 2", service_type=ServiceType.QIDO_RS, retrieve_partner="demo"))


def test_a_partner_that_cannot_retrieve_or_is_not_there_is_refused(store):
    store.add(lab("Stow", service_type=ServiceType.STOW_RS, uid="stow"))
    search = lab("Search", service_type=ServiceType.QIDO_RS)
    for partner, message in (("stow", "'Stow' is of type 'STOW-RS'"), ("nobody", "'nobody', does not exist")):
        with pytest.raises(InvalidNode, match=message):
            store.add(replace(search, retrieve_partner=partner))
    store.add(search)
    with pytest.raises(InvalidNode):
        store.replace(replace(search, retrieve_partner="nobody"))


def test_a_node_that_retrieves_for_another_stays_and_goes_on_retrieving(store):
    store.add(lab("Wado", uid="wado"))
    store.add(lab("Search", service_type=ServiceType.QIDO_RS, retrieve_partner="wado"))
    with pytest.raises(NodeStoreError, match=r"'Wado' retrieves what 'Search' finds.*Give 'Search' another"):
        store.remove("Wado")
    with pytest.raises(NodeStoreError, match="'Wado' retrieves"):
        store.update("Wado", lambda node: replace(node, service_type=ServiceType.STOW_RS))
    store.remove("Search")
    store.remove("Wado")


# --- the file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"format": "else"}'])
@pytest.mark.parametrize("call", [NodeStore.nodes, lambda store: store.add(lab())], ids=["reading", "adding"])
def test_a_damaged_file_is_set_aside_and_said_so(store, content, call):
    store.path.parent.mkdir()
    store.path.write_bytes(content)
    call(store)
    assert store.set_aside.path.read_bytes() == content
    assert store.set_aside.path.name.startswith("nodes.json.damaged-")
    assert str(store.set_aside.path) in str(store.set_aside)
    assert store.set_aside.reason in str(store.set_aside)
    store.nodes()
    assert len([name for name in os.listdir(store.path.parent) if "damaged" in name]) == 1


def test_a_file_that_cannot_be_read_is_no_damaged_file(store):
    store.path.mkdir(parents=True)
    with pytest.raises(StoreUnavailable, match=r"cannot read .*nodes\.json"):
        store.nodes()
    with pytest.raises(StoreUnavailable):
        store.add(lab())
    assert store.path.is_dir()


def test_a_node_of_a_newer_version_is_reported_kept_and_its_name_stays_taken(store):
    future = {"uid": "1", "name": "Future", "url": "http://a", "service_type": "UPS-RS", "beyond": [1]}
    content = {"format": "DICOMWebNodes", "version": 2, "nodes": [future], "groups": []}
    store.path.parent.mkdir()
    store.path.write_text(json.dumps(content))
    assert store.nodes() == (DEMO,)
    assert store.unusable() == (("Future", "'UPS-RS' is not a service type"),)
    with pytest.raises(InvalidNode, match="Future: it is in the file of nodes but cannot be used: 'UPS-RS'"):
        store.get("future")
    with pytest.raises(NodeNameTaken):
        store.add(lab("Future"))
    store.add(lab())
    store.move("Lab", 0)
    written = json.loads(store.path.read_text())
    assert written["nodes"][0] == future
    assert {key: written[key] for key in ("version", "groups")} == {"version": 2, "groups": []}


def test_unknown_fields_of_a_node_survive_every_kind_of_change(store):
    raw = {"uid": "1", "name": "Lab", "url": "http://a", "colour": "blue"}
    store.path.parent.mkdir()
    store.path.write_text(json.dumps({"format": "DICOMWebNodes", "version": 1, "nodes": [raw]}))
    store.update("Lab", lambda node: replace(node, name="Laboratory"))
    store.duplicate("Laboratory")
    store.add(lab("Other"))
    store.move("Laboratory", 2)
    store.remove("Other")
    colours = {node["name"]: node.get("colour") for node in json.loads(store.path.read_text())["nodes"]}
    assert colours == {"Laboratory": "blue", "Laboratory copy": "blue"}


def test_a_change_that_changes_nothing_does_not_touch_the_file(store):
    store.add(lab())
    before = store.path.stat()
    store.move("Lab", 0)
    store.replace(store.get("Lab"))
    assert store.path.stat().st_mtime_ns == before.st_mtime_ns
    assert store.path.stat().st_ino == before.st_ino
