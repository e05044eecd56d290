"""Nodes in Weasis's form, dicomWebNodes.xml."""

from __future__ import annotations

import base64
from xml.etree.ElementTree import Element, fromstring
from xml.sax.saxutils import quoteattr

import pytest
from DICOMWebNodesLib.errors import NodeStoreError
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.nodes.weasis import NO_AUTHENTICATION, format_nodes, nodes_of
from DICOMWebNodesLib.xml_document import parse_xml

URL = "https://pacs.example.org/rs"


def encoded(*lines):
    return base64.b64encode("\n".join(lines).encode()).decode()


def a_node(**attributes):
    """As Weasis writes one; an attribute that is None is left out."""
    written = {
        "description": "Lab",
        "type": "WEB",
        "usageType": "BOTH",
        "tsuid": "NONE",
        "url": URL,
        "webtype": "DICOMWEB",
        "auth": NO_AUTHENTICATION,
        "headers": "",
        **attributes,
    }
    return (
        f"<node {' '.join(f'{name}={quoteattr(text)}' for name, text in written.items() if text is not None)}></node>"
    )


def document(*nodes):
    return f'<?xml version="1.0" encoding="UTF-8"?><nodes>{"".join(nodes)}</nodes>'.encode()


def read(**attributes):
    (found,) = nodes_of(parse_xml(document(a_node(**attributes))))
    return found


@pytest.fixture
def store(tmp_path):
    return NodeStore(tmp_path / "nodes.json", predefined=[])


def test_a_node_of_weasis_is_one_of_ours():
    node = read(description="Lab & more").entry.node
    assert node == Node("Lab & more", URL, uid=node.uid)


@pytest.mark.parametrize(
    ("web_type", "usage", "service_type"),
    [
        ("DICOMWEB", "BOTH", ServiceType.DICOMWEB),
        ("QIDORS", "RETRIEVE", ServiceType.QIDO_RS),
        ("WADORS", "RETRIEVE", ServiceType.WADO_RS),
        ("WADO", "RETRIEVE", ServiceType.WADO_URI),
        ("STOWRS", "STORAGE", ServiceType.STOW_RS),
    ],
)
def test_every_type_of_node_comes_and_goes(web_type, usage, service_type):
    node = read(webtype=web_type, usageType="BOTH").entry.node
    assert node.service_type is service_type
    (written,) = fromstring(format_nodes([node]))
    assert (written.get("webtype"), written.get("usageType")) == (web_type, usage)


@pytest.mark.parametrize(
    ("name", "uid"),
    [
        ("NONE", "*"),
        ("IMPLICIT_VR", "1.2.840.10008.1.2"),
        ("EXPLICIT_VR_LE", "1.2.840.10008.1.2.1"),
        ("JPEG_LOSSLESS_70", "1.2.840.10008.1.2.4.70"),
        ("JPEG2000", "1.2.840.10008.1.2.4.91"),
    ],
)
def test_a_transfer_syntax_has_a_name_in_weasis(name, uid):
    node = read(tsuid=name).entry.node
    assert node.transfer_syntax == uid
    assert fromstring(format_nodes([node]))[0].get("tsuid") == name


def test_a_transfer_syntax_without_a_name_there_or_here_is_what_is_stored():
    assert read(tsuid="NEWER").entry.node.transfer_syntax == "*"
    assert read(tsuid=None).entry.node.transfer_syntax == "*"
    htj2k = Node("Lab", URL, transfer_syntax="1.2.840.10008.1.2.4.201")
    assert fromstring(format_nodes([htj2k]))[0].get("tsuid") == "NONE"


def test_headers_are_decoded_and_secret_ones_are_kept_apart():
    found = read(headers=encoded("X-Site: Ulm: Süd", "", "X-Api-Key:hunter2", "no header", "X-Token:"))
    assert found.entry.node.headers == (("X-Site", "Ulm: Süd"), ("X-Token", ""))
    assert found.entry.node.secret_headers == ("X-Api-Key",)
    assert found.secrets == {"X-Api-Key": "hunter2"}
    assert "hunter2" not in repr(found)


def test_the_authentication_is_the_uid_of_a_method_or_none():
    assert read().entry.node.authentication == ""
    assert read(auth=None).entry.node.authentication == ""
    assert read(auth="68c845fc-93c5-11eb-b2f8-0f5db063091d").entry.node.authentication.startswith("68c845fc")


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"type": "DICOM"}, "it is of type 'DICOM', which is not DICOMweb"),
        ({"type": None}, "it is of type ''"),
        ({"webtype": "UPSRS"}, "its webtype is 'UPSRS'"),
        ({"url": "ftp://here"}, "'ftp://here' is not an http or https URL"),
        ({"url": None}, "there is no URL"),
        ({"description": " "}, "a node needs a name"),
        ({"headers": "***"}, "its headers are not lines of text in Base64"),
        ({"headers": base64.b64encode(b"\xff").decode()}, "its headers are not lines of text in Base64"),
        ({"headers": encoded("Host: elsewhere")}, "the header 'Host' cannot be configured"),
        ({"headers": encoded("X-Api-Key: hunter2\x07")}, "which HTTP does not carry"),
        ({"auth": "a b"}, "authentication is 'a b'"),
    ],
)
def test_a_node_that_cannot_be_used_is_skipped_with_the_reason(store, tmp_path, attributes, reason):
    (tmp_path / "dicomWebNodes.xml").write_bytes(document(a_node(**attributes), a_node(description="Good")))
    report = store.import_from(tmp_path / "dicomWebNodes.xml")
    assert [node.name for node in report.added] == ["Good"]
    ((_, told),) = report.skipped
    assert reason in told
    assert "hunter2" not in told


def test_an_imported_node_is_not_trusted_with_secrets_of_this_computer(store, tmp_path):
    path = tmp_path / "dicomWebNodes.xml"
    path.write_bytes(document(a_node(auth="somebodys", headers=encoded("X-Api-Key:hunter2", "X-Site:Ulm"))))
    (node,) = store.import_from(path).added
    assert (node.authentication, node.secret_headers) == ("", ())
    assert node.headers == (("X-Site", "Ulm"),)
    assert "hunter2" not in store.path.read_text()
    ((_, told),) = store.import_from(path).skipped
    assert told == "it is here already, as 'Lab'"


def test_what_is_written_is_read_as_the_same_nodes():
    nodes = [
        Node('Lab "1" <&>', URL, headers=(("X-Site", "Ulm: Süd"), ("X-Empty", ""))),
        Node("Kept", f"{URL}/2", ServiceType.WADO_URI, authentication="of-somebody"),
    ]
    found = [each.entry.node for each in nodes_of(parse_xml(format_nodes(nodes)))]
    assert [(n.name, n.url, n.service_type, n.headers, n.authentication) for n in found] == [
        (n.name, n.url, n.service_type, n.headers, n.authentication) for n in nodes
    ]


def test_no_secret_is_written():
    node = Node("Lab", URL, headers=(("X-Api-Key", "hunter2"), ("X-Site", "Ulm")), secret_headers=("X-Token",))
    written: Element = fromstring(format_nodes([node]))[0]
    assert base64.b64decode(written.get("headers")) == b"X-Site:Ulm"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<nodes>", "it is not well-formed XML"),
        (b"<!DOCTYPE nodes SYSTEM 'file:///etc/hostname'><nodes/>", "it has a document type"),
        (b"\xef\xbb\xbf<manifest/>", "its root is <manifest>"),
        (b"<methods/>", "holds authentication methods"),
        (b"nodes", "it is not JSON"),
    ],
)
def test_another_file_is_refused_and_nothing_has_changed(store, tmp_path, content, reason):
    (tmp_path / "some.xml").write_bytes(content)
    with pytest.raises(NodeStoreError) as caught:
        store.import_from(tmp_path / "some.xml")
    assert reason in str(caught.value)
    assert "some.xml" in str(caught.value)
    assert store.nodes() == ()
