from __future__ import annotations

import dataclasses
import os

import pytest
from DICOMWebNodesLib.errors import InvalidHeader, InvalidNode, InvalidURL
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType, Usage
from DICOMWebNodesLib.nodes.tls import TLS

URL = "http://localhost:8042/dicom-web"


def test_a_node_needs_no_more_than_a_name_and_a_url():
    node = Node("Lab", URL + "/")
    assert node.url == URL
    assert node.service_type is ServiceType.DICOMWEB
    assert node.tls.verify
    assert node.origin == "http://localhost:8042"
    assert node.transfer_syntax == "*"


def test_every_node_has_a_uid_of_its_own():
    assert Node("Lab", URL).uid != Node("Lab", URL).uid


def test_a_node_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Node("Lab", URL).name = "Other"


def test_equal_nodes_are_one_key():
    assert len({Node("Lab", URL, uid="1"), Node(" Lab ", URL + "/", uid="1")}) == 1


def test_the_name_is_normalised():
    assert Node("  Radiologie \t Lie\u0300ge ", URL).name == "Radiologie Li\u00e8ge"


@pytest.mark.parametrize(
    ("service_type", "usage"),
    [
        (ServiceType.DICOMWEB, set(Usage)),
        (ServiceType.QIDO_RS, {Usage.SEARCH}),
        (ServiceType.WADO_RS, {Usage.RETRIEVE}),
        (ServiceType.WADO_URI, {Usage.RETRIEVE}),
        (ServiceType.STOW_RS, {Usage.STORE}),
    ],
)
def test_the_usage_follows_from_the_service_type(service_type, usage):
    node = Node("Lab", URL, service_type)
    assert node.usage == usage
    assert {kind for kind in Usage if node.offers(kind)} == usage


@pytest.mark.parametrize("text", ["QIDO-RS", "qido-rs", "qido_rs", "qido", " Qido "])
def test_a_service_type_may_be_written_short(text):
    assert ServiceType.parse(text) is ServiceType.QIDO_RS


def test_the_other_service_types_have_short_forms_too():
    parsed = [ServiceType.parse(text) for text in ("dicomweb", "wado-rs", "wado-uri", "stow")]
    assert parsed == [ServiceType.DICOMWEB, ServiceType.WADO_RS, ServiceType.WADO_URI, ServiceType.STOW_RS]


def test_an_unknown_service_type_is_quoted_and_the_known_ones_are_named():
    with pytest.raises(InvalidNode, match=r"'UPS-RS' is not a service type.*'WADO-URI'"):
        ServiceType.parse("UPS-RS")


@pytest.mark.parametrize(
    ("changes", "field", "quoted"),
    [
        ({"name": ""}, "name", "needs a name"),
        ({"name": " \t "}, "name", "needs a name"),
        ({"name": "a\x1b[2Jb"}, "name", "control character"),
        ({"name": "\ud800"}, "name", "control character"),
        ({"name": "x" * 201}, "name", "201"),
        ({"name": 7}, "name", "7"),
        ({"uid": ""}, "uid", "''"),
        ({"uid": "../etc"}, "uid", "'../etc'"),
        ({"service_type": "QIDO-RS"}, "service_type", "'QIDO-RS'"),
        ({"authentication": "a b"}, "authentication", "'a b'"),
        ({"allow_plain_http_credential": 1}, "allow_plain_http_credential", "1"),
        ({"secret_headers": "X-Key"}, "secret_headers", "'X-Key'"),
        ({"connect_timeout": 0}, "connect_timeout", "0"),
        ({"read_timeout": -1}, "read_timeout", "-1"),
        ({"read_timeout": float("nan")}, "read_timeout", "nan"),
        ({"read_timeout": float("inf")}, "read_timeout", "inf"),
        ({"read_timeout": "60"}, "read_timeout", "'60'"),
        ({"read_timeout": True}, "read_timeout", "True"),
        ({"page_size": 0}, "page_size", "0"),
        ({"page_size": 2.5}, "page_size", "2.5"),
        ({"page_size": 100_001}, "page_size", "100001"),
        ({"document_limit": 0}, "document_limit", "0"),
        ({"document_limit": None}, "document_limit", "None"),
        ({"document_limit": 65_537}, "document_limit", "65537"),
        ({"transfer_syntax": "jpeg"}, "transfer_syntax", "'jpeg'"),
        ({"transfer_syntax": "1." + "2" * 63}, "transfer_syntax", "1.2"),
        ({"transfer_syntax": ""}, "transfer_syntax", "''"),
        ({"profile": "Orthanc!"}, "profile", "'Orthanc!'"),
        ({"tls": {"verify": False}}, "tls", "verify"),
        ({"retrieve_partner": "other"}, "retrieve_partner", "Only a QIDO-RS node"),
        ({"retrieve_partner": "me", "uid": "me", "service_type": ServiceType.QIDO_RS}, "retrieve_partner", "its own"),
        ({"retrieve_partner": "a b", "service_type": ServiceType.QIDO_RS}, "retrieve_partner", "'a b'"),
    ],
)
def test_a_field_that_cannot_be_right_is_named_and_quoted(changes, field, quoted):
    with pytest.raises(InvalidNode) as caught:
        Node(**{"name": "Lab", "url": URL, **changes})
    assert caught.value.field == field
    assert quoted in str(caught.value)


def test_the_url_the_proxy_and_the_headers_are_checked_too():
    with pytest.raises(InvalidURL):
        Node("Lab", "lab")
    with pytest.raises(InvalidURL) as caught:
        Node("Lab", URL, proxy="proxy:3128")
    assert caught.value.field == "proxy"
    with pytest.raises(InvalidHeader):
        Node("Lab", URL, headers=(("X", "a\r\nb"),))


def test_a_change_is_checked_like_a_new_node():
    node = Node("Lab", URL)
    with pytest.raises(InvalidNode):
        dataclasses.replace(node, page_size=-1)
    assert dataclasses.replace(node, url=URL + "/x/").url == URL + "/x"


def test_a_representation_shows_no_header():
    node = Node("Lab", URL, headers=(("X-Api-Key", "hunter2"),))
    assert "hunter2" not in repr(node)
    assert "hunter2" not in str(node)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"verify": 0}, "verify"), ({"ca_file": "a\0b"}, "ca_file"), ({"client_key": "k.pem"}, "client_certificate")],
)
def test_tls_settings_are_checked(changes, field):
    with pytest.raises(InvalidNode) as caught:
        TLS(**changes)
    assert caught.value.field == field


def test_a_home_folder_is_expanded_in_tls_files():
    assert TLS(ca_file="~/ca.pem").ca_file == os.path.expanduser("~/ca.pem")
