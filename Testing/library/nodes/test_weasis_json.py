"""The JSON files of newer Weasis, as its AbstractDicomNode, DicomWebNode and AuthenticationPersistence write them."""

import json

import pytest
from DICOMWebNodesLib.auth.weasis import methods_of
from DICOMWebNodesLib.errors import NodeStoreError
from DICOMWebNodesLib.nodes.document import Document
from DICOMWebNodesLib.nodes.import_file import read_import
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.nodes.weasis import nodes_of

URL = "https://pacs.example.org/rs"
NODE = {"id": "user.node.pacs", "type": "WEB", "description": "Lab", "url": URL, "webType": "DICOMWEB", "headers": {}}
METHOD = {
    "id": "user.auth.1",
    "uid": "b5c1a0f0-2f4e-4b57-9b2e-8f0a3f1f7a10",
    "code": "a-refresh-token",
    "provider": {
        "name": "Hospital",
        "authorizationUri": "https://login.example.org/realms/h/protocol/openid-connect/auth",
        "tokenUri": "https://login.example.org/realms/h/protocol/openid-connect/token",
        "revokeTokenUri": "https://login.example.org/realms/h/protocol/openid-connect/revoke",
        "openId": True,
    },
    "registration": {"clientId": "weasis", "scope": "openid profile", "audience": "", "grantType": "code"},
}


@pytest.fixture
def read(tmp_path):
    def read(content):
        path = tmp_path / "file.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return read_import(path)

    return read


def only_node(read, **members):
    (found,) = nodes_of(read({"nodes": [{**NODE, **members}]}))
    return found


def test_a_node_has_what_the_file_says(read):
    node = only_node(read, webType="WADORS", tsuid="JPEG2000", authMethod="5aa8-other").entry.node
    assert (node.name, node.url, node.service_type) == ("Lab", URL, ServiceType.WADO_RS)
    assert node.transfer_syntax == "1.2.840.10008.1.2.4.91"
    assert node.authentication == "5aa8-other"


def test_what_the_file_leaves_out_is_weasiss_default(read):
    (found,) = nodes_of(read({"nodes": [{"url": URL, "description": "Lab"}]}))
    assert found.entry.node.service_type is ServiceType.DICOMWEB
    assert found.entry.node.transfer_syntax == "*"


@pytest.mark.parametrize("method", [{"authMethod": "NO_AUTH"}, {"auth": "5aa85854-8f1f-11eb-b339-d3daace59a05"}, {}])
def test_no_authentication_is_written_in_several_ways(read, method):
    assert only_node(read, **method).entry.node.authentication == ""


def test_headers_are_taken_and_those_whose_values_weasis_keeps_elsewhere_are_named(read):
    found = only_node(
        read, headers={"X-Site": "Ulm: Süd", "Authorization": "Bearer abc", "X-Api-Key": "", "X-Unit": ""}
    )
    assert found.entry.node.headers == (("X-Site", "Ulm: Süd"),)
    assert found.secrets == {"Authorization": "Bearer abc"}
    assert found.missing == ("X-Api-Key", "X-Unit")
    assert "Bearer abc" not in repr(found)


@pytest.mark.parametrize("headers", [{"X-A": "a\nX-B: b"}, {"X-A\nX-B": "b"}, {"X:A": "b"}, {"X-A": "\ud800"}])
def test_a_header_that_would_become_another_one_is_refused(read, headers):
    found = only_node(read, headers=headers)
    assert found.entry.node is None
    assert "header" in found.entry.reason.lower()


def test_an_entry_that_extends_another_has_what_that_one_has(read):
    extended = {"id": "user.node.2", "extends": "user.node.pacs", "description": "Extended"}
    circle = {"id": "user.node.3", "extends": "user.node.3", "description": "Circle"}
    first, second, third = nodes_of(read({"nodes": [NODE, extended, circle]}))
    assert (second.entry.node.name, second.entry.node.url) == ("Extended", URL)
    assert first.entry.node.name == "Lab"
    assert third.entry.node is None


def test_an_entry_that_extends_one_of_a_sites_file_is_skipped_with_the_reason(read):
    found = only_node(read, url="", extends="site.node.pacs")
    assert found.entry.node is None
    assert "“site.node.pacs”, which is in another file" in found.entry.reason
    assert only_node(read, extends="site.node.pacs").entry.node.url == URL


def test_neither_what_is_hidden_nor_locked_goes_on_to_what_extends_it(read):
    base = {**NODE, "hidden": True, "locked": True}
    (found,) = nodes_of(read({"nodes": [base, {"id": "user.node.2", "extends": NODE["id"], "description": "Mine"}]}))
    assert (found.entry.node.name, found.entry.node.url) == ("Mine", URL)


@pytest.mark.parametrize("envelope", ["bare", "with a schema"])
def test_entries_come_in_an_envelope_or_alone(read, envelope):
    def wrapped(name, entries):
        return entries if envelope == "bare" else {"schema": 1, "updated": "2026-08-01T10:00:00Z", name: entries}

    assert len(nodes_of(read(wrapped("nodes", [NODE])))) == 1
    assert len(methods_of(read(wrapped("methods", [METHOD])))) == 1


def test_a_usage_that_is_spelled_out_changes_nothing(read):
    assert only_node(read, webType="WADO", usageType="BOTH").entry.node.service_type is ServiceType.WADO_URI


def test_what_is_hidden_and_what_is_of_another_kind_is_not_taken(read):
    hidden = {"id": "site.node.x", "hidden": True}
    printer = {**NODE, "type": "PRINTER"}
    (found,) = nodes_of(read({"nodes": [hidden, printer]}))
    assert "PRINTER" in found.entry.reason


def test_the_store_imports_it_like_the_xml(tmp_path):
    path = tmp_path / "dicomWebNodes.json"
    path.write_text(json.dumps({"version": 1, "nodes": [NODE, {"description": "No URL"}]}))
    report = NodeStore(tmp_path / "nodes.json", predefined=()).import_from(path)
    assert [node.name for node in report.added] == ["Lab"]
    assert [name for name, _ in report.skipped] == ["No URL"]


def test_a_method_has_what_the_file_says(read):
    (found,) = methods_of(read({"methods": [METHOD]}))
    method = found.method
    assert (method.uid, method.name) == (METHOD["uid"], "Hospital")
    assert method.provider.token_endpoint == METHOD["provider"]["tokenUri"]
    assert method.provider.revocation_endpoint == METHOD["provider"]["revokeTokenUri"]
    assert method.provider.issuer == "https://login.example.org/realms/h"
    assert method.provider.openid
    assert (method.registration.client_id, method.registration.scope) == ("weasis", "openid profile")
    assert found.secret == ""


def test_the_secret_of_a_sites_file_is_kept_apart(read):
    registration = {**METHOD["registration"], "clientSecret": "hunter2"}
    (found,) = methods_of(read({"methods": [{**METHOD, "registration": registration}]}))
    assert found.secret == "hunter2"
    assert "hunter2" not in repr(found)


def test_our_own_file_is_still_ours(tmp_path):
    store = NodeStore(tmp_path / "nodes.json", predefined=())
    store.add(store.node_from_url(URL))
    assert isinstance(read_import(store.path), Document)


@pytest.mark.parametrize("content", ["[1]", '{"nodes": 7}', '{"nodes": [7]}', '{"other": []}', "{", "null", "[" * 5000])
def test_anything_else_is_refused_with_the_name_of_the_file(read, content):
    with pytest.raises(NodeStoreError, match=r"file\.json cannot be imported"):
        read(content)
