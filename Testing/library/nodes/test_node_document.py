from __future__ import annotations

import json

import pytest
from DICOMWebNodesLib.errors import InvalidValue, NodeStoreError
from DICOMWebNodesLib.nodes.document import (
    VERSION,
    Document,
    Entry,
    format_document,
    node_from_json,
    node_to_json,
    parse_document,
    without_secrets,
)
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.tls import TLS
from hypothesis import given
from hypothesis import strategies as st

FULL = Node(
    "Ulm",
    "https://pacs.example.org/rs",
    ServiceType.QIDO_RS,
    uid="full",
    retrieve_partner="other",
    headers=(("X-Site", "Ulm"), ("X-Api-Key", "hunter2")),
    secret_headers=("X-Site-Key",),
    authentication="method",
    allow_plain_http_credential=True,
    connect_timeout=3.5,
    read_timeout=600.0,
    tls=TLS(False, "/ca.pem", "/client.pem", "/client.key"),
    proxy="http://proxy:3128",
    proxy_user="ada",
    page_size=500,
    document_limit=2048,
    transfer_syntax="1.2.840.10008.1.2.4.201",
    profile="generic",
)


def document(*nodes, **fields):
    return json.dumps({"format": "DICOMWebNodes", "version": 1, "nodes": list(nodes), **fields}).encode()


def test_a_node_with_everything_survives_the_round_trip():
    assert parse_document(format_document(Document((Entry(FULL),)))).nodes == (FULL,)


def test_every_field_of_the_full_node_is_written_so_that_the_round_trip_proves_something():
    assert set(node_to_json(FULL)) == set(vars(FULL))


def test_a_plain_node_is_written_briefly():
    node = Node("Lab", "http://localhost/", uid="1")
    assert node_to_json(node) == {
        "name": "Lab",
        "url": "http://localhost",
        "service_type": "DICOMweb (all RESTful services)",
        "uid": "1",
    }


def test_the_file_can_be_read_by_a_person():
    text = format_document(Document((Entry(Node("Liège", "http://localhost/")),))).decode()
    assert '"name": "Liège"' in text
    assert text.endswith("}\n")
    assert text.count("\n") > 5


def test_what_a_newer_version_added_survives_a_change_by_this_one():
    newer = {
        "uid": "1",
        "name": "Lab",
        "url": "http://localhost/",
        "colour": {"deep": ["blue"]},
        "tls": {"verify": False, "pinned": "sha256"},
        "headers": [{"name": "X-Site", "value": "Ulm", "comment": "why"}],
    }
    other = {"uid": "2", "name": "Future", "url": "quic://host", "service_type": "UPS-RS"}
    before = parse_document(document(newer, other, "rubbish", version=7, groups=[{"name": "Trials"}]))
    changed = Node("Lab 2", "http://localhost/2", uid="1", tls=TLS(), headers=(("X-Site", "Bonn"), ("X-New", "1")))
    entries = (Entry(changed, before.entries[0].raw), *before.entries[1:])
    after = json.loads(format_document(Document(entries, before.version, before.extra)))
    assert after["version"] == 7
    assert after["groups"] == [{"name": "Trials"}]
    node = after["nodes"][0]
    assert (node["name"], node["url"], node["colour"]) == ("Lab 2", "http://localhost/2", {"deep": ["blue"]})
    assert node["headers"] == [{"name": "X-Site", "value": "Bonn", "comment": "why"}, {"name": "X-New", "value": "1"}]
    assert node["tls"]["pinned"] == "sha256"
    assert parse_document(json.dumps(after).encode()).nodes[0].tls == TLS()
    assert after["nodes"][1:] == [other, "rubbish"]


def test_a_node_that_this_version_finds_invalid_keeps_its_name_and_the_reason():
    entries = parse_document(document({"uid": "2", "name": "Future", "url": "quic://host"}, 7)).entries
    assert [(entry.node, entry.name, entry.uid) for entry in entries] == [(None, "Future", "2"), (None, "", "")]
    assert "'quic://host' is not an http or https URL" in entries[0].reason


def test_of_two_nodes_with_one_name_or_uid_the_first_counts():
    first = {"uid": "1", "name": "Lab", "url": "http://a"}
    same_name = {"uid": "2", "name": "LAB", "url": "http://b"}
    same_uid = {"uid": "1", "name": "Other", "url": "http://c"}
    entries = parse_document(document(first, same_name, same_uid)).entries
    assert [bool(entry.node) for entry in entries] == [True, False, False]
    assert "its name or its uid" in entries[1].reason
    assert json.loads(format_document(Document(entries)))["nodes"][1:] == [same_name, same_uid]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON: .* in line 1"),
        (b"\xff\xfe", r"not UTF-8 text \(byte 0\)"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="nested"),  # Windows takes no name that is so long
        pytest.param(b"9" * 5000, "a number that is too long|not a file of nodes", id="long"),  # as Python allows
        (b"[]", "not a file of nodes"),
        (b"{}", "not a file of nodes"),
        (b'{"format": "Other", "version": 1, "nodes": []}', "not a file of nodes"),
        (b'{"format": "DICOMWebNodes", "nodes": []}', "version is None"),
        (b'{"format": "DICOMWebNodes", "version": true, "nodes": []}', "version is True"),
        (b'{"format": "DICOMWebNodes", "version": 0, "nodes": []}', "version is 0"),
        (b'{"format": "DICOMWebNodes", "version": 1}', 'no list of "nodes"'),
    ],
)
def test_a_damaged_document_says_what_is_wrong_with_it(content, reason):
    with pytest.raises(NodeStoreError, match=reason):
        parse_document(content)


def test_a_byte_order_mark_of_an_editor_is_no_damage():
    assert parse_document(b"\xef\xbb\xbf" + document()) == Document()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": None}, "no name"),
        ({"uid": 7}, "no uid"),
        ({"url": ["http://a"]}, "no url"),
        ({"service_type": 3}, "service_type is 3"),
        ({"tls": "off"}, "tls is 'off'"),
        ({"tls": {"verify": "no"}}, "verify is 'no'"),
        ({"headers": {"X": "1"}}, "headers is"),
        ({"headers": [["X", "1"]]}, "not both a name and a value"),
        ({"headers": [{"name": "X", "value": 1}]}, "not both a name and a value"),
        ({"read_timeout": "60"}, "read_timeout is '60'"),
        ({"page_size": "all"}, "page_size is 'all'"),
    ],
)
def test_a_field_of_the_wrong_type_is_the_reason(fields, reason):
    with pytest.raises(InvalidValue, match=reason):
        node_from_json({"uid": "1", "name": "Lab", "url": "http://a", **fields})


def test_without_secrets_only_the_headers_that_look_secret_are_gone():
    assert without_secrets(FULL).headers == (("X-Site", "Ulm"),)
    assert without_secrets(FULL).tls == FULL.tls


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)
node_like = st.fixed_dictionaries(
    {"name": json_values, "url": st.just("http://a") | json_values, "uid": st.text() | json_values},
    optional={name: json_values for name in (*vars(FULL), "unknown") if name not in ("name", "url", "uid")},
)


@given(st.lists(node_like | json_values, max_size=4), st.dictionaries(st.text(min_size=1), json_values, max_size=2))
def test_no_json_is_too_odd_to_be_read_or_to_survive_being_written_again(nodes, extra):
    raw = {**extra, "format": "DICOMWebNodes", "version": VERSION, "nodes": nodes}
    first = parse_document(json.dumps(raw).encode())
    again = parse_document(format_document(first))
    assert again.nodes == first.nodes
    assert [entry.reason for entry in again.entries] == [entry.reason for entry in first.entries]
    assert json.dumps(dict(again.extra)) == json.dumps(dict(first.extra))


@given(st.binary())
def test_bytes_are_a_document_or_a_clear_error(content):
    with pytest.raises(NodeStoreError):
        parse_document(content)
