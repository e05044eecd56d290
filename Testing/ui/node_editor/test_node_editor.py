"""One node in a dialog: what is told of what is typed, and what is kept."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import pytest
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.tls import TLS
from DICOMWebNodesUI.node_editor import NodeEditor
from ui.edited_nodes import DEMO, LAB, ok_button
from ui.found import checks


def test_an_empty_editor_complains_about_nothing_and_cannot_be_accepted(logic):
    editor = NodeEditor(logic, logic.listed, {})
    assert not ok_button(editor).enabled
    assert editor.ui.problem.text == ""
    assert "in front of /studies" in editor.ui.urlHint.text


def test_a_wrong_url_is_told_as_it_is_typed_and_a_password_in_it_is_not_repeated(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text = "Lab 2"
    editor.ui.url.text = "https://reader:geheim@lab.example.org"
    assert editor.ui.urlHint.text.startswith("✘ ")
    assert "user name or password" in editor.ui.urlHint.text
    assert "geheim" not in editor.ui.urlHint.text
    assert not ok_button(editor).enabled


def test_a_url_that_looks_like_a_providers_gets_its_help(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.url.text = "http://localhost:8042/dicom-web"
    assert editor.ui.urlHint.text.startswith("Orthanc:")


def test_the_address_of_a_study_is_taken_with_a_hint_of_the_root(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text = "Lab 2"
    editor.ui.url.text = "http://localhost:8042/dicom-web/studies/1.2.3"
    assert editor.ui.urlHint.text.endswith("in front of /studies: http://localhost:8042/dicom-web")
    assert ok_button(editor).enabled


def test_what_was_typed_is_added(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text, editor.ui.url.text = "Clinic", "https://clinic.example.org/rs/"
    editor.ui.pageSize.value = 50
    ok_button(editor).click()
    node = logic.last("add node").asked["node"]
    assert (node.name, node.url, node.page_size) == ("Clinic", "https://clinic.example.org/rs", 50)


def test_a_name_that_is_taken_keeps_the_editor_open_and_says_so(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.open()
    editor.ui.name.text, editor.ui.url.text = "Lab", "https://other.example.org"
    ok_button(editor).click()
    assert editor.visible
    assert "already" in editor.ui.nameProblem.text


def test_an_edited_node_keeps_everything_that_was_not_touched(logic):
    before = Node(
        "Lab",
        LAB.url,
        uid="lab",
        headers=(("X-Project", "brain"),),
        page_size=7,
        document_limit=512,
        proxy="http://p:1",
    )
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(before))
    assert editor.fields.node() == before


def test_a_predefined_node_is_edited_as_a_copy(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=DEMO)
    ok_button(editor).click()
    added = logic.last("add node").asked["node"]
    assert added.name == "Demo copy"
    assert added.uid != "demo"


def test_a_search_node_chooses_who_retrieves(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.show()
    assert not editor.ui.retrievePartner.visible
    editor.ui.serviceType.setCurrentIndex(editor.ui.serviceType.findData("QIDO_RS"))
    assert editor.ui.retrievePartner.visible


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("proxy", "ftp://p", "proxyProblem"),
        ("name", " ", "nameProblem"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(editor, field, value, label):
    editor.ui.url.text = "https://lab.example.org"
    editor.ui.advanced.collapsed = False
    getattr(editor.ui, field).text = value
    assert getattr(editor.ui, label).visible
    assert not editor.ui.problem.visible


def test_what_is_wrong_in_the_closed_section_is_told_below(editor):
    editor.ui.url.text = "https://lab.example.org"
    assert editor.ui.advanced.collapsed
    editor.ui.proxy.text = "ftp://p"
    assert editor.ui.problem.visible
    editor.ui.advanced.collapsed = False
    assert not editor.ui.problem.visible
    assert editor.ui.proxyProblem.visible


def test_every_setting_of_a_node_can_be_reached(logic):
    """What the editor shows and what it reads are the same, whatever is set."""
    node = Node(
        "Lab",
        LAB.url,
        ServiceType.QIDO_RS,
        "lab",
        retrieve_partner="partner",
        headers=(("X-Project", "brain"),),
        secret_headers=("X-Api-Key",),
        authentication="method",
        allow_plain_http_credential=True,
        connect_timeout=3.5,
        read_timeout=700.0,
        tls=TLS(False, "/ca.pem", "/client.pem", "/client.key"),
        proxy="http://proxy:3128",
        proxy_user="ada",
        page_size=7,
        document_limit=512,
        transfer_syntax="1.2.840.10008.1.2.4.80",
        profile="dcm4chee",
    )
    changed = [each.name for each in fields(Node) if getattr(node, each.name) == getattr(LAB, each.name)]
    assert set(changed) == {"name", "url", "uid"}, "a setting of a node that this test does not set"
    partner = ListedNode(Node("Partner", LAB.url, uid="partner"))
    method = SimpleNamespace(method=SimpleNamespace(name="Method", uid="method"), status=None)
    editor = NodeEditor(logic, [partner], {"method": method}, listed=ListedNode(node))
    assert editor.fields.node() == node


def test_what_a_test_found_is_told_until_the_node_is_another_one(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(LAB))
    editor.show()
    editor.ui.testButton.click()
    assert not editor.ui.testButton.enabled
    logic.last("test node").end(checks("STOW-RS"))
    editor.ui.name.text = "Laboratory"
    assert "✘ STOW-RS" in editor.ui.checkText.text
    editor.ui.testButton.click()
    editor.ui.url.text = "https://elsewhere.example.org/dicom-web"
    logic.last("test node").end(checks())  # of the server that it was
    assert not editor.ui.checkText.visible
    assert editor.ui.testButton.enabled


def test_a_header_is_removed_where_there_is_one(editor):
    assert not editor.ui.removeHeaderButton.enabled
    editor.ui.addHeaderButton.click()
    assert editor.ui.removeHeaderButton.enabled
    editor.ui.removeHeaderButton.click()
    assert editor.ui.headers.rowCount == 0
    assert not editor.ui.removeHeaderButton.enabled
