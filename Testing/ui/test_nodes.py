"""The table of nodes and the editor: what they show, what they want, what they keep to themselves."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.node_editor import NodeEditor
from DICOMWebNodesUI.node_manager import NodeManager
from ui.logic_by_hand import LogicByHand, checks

LAB = Node("Lab", "https://lab.example.org/dicom-web", uid="lab")
DEMO = ListedNode(Node("Demo", "https://demo.example.org/dicom-web", uid="demo"), predefined=True)


@pytest.fixture
def logic():
    return LogicByHand([ListedNode(LAB), DEMO])


@pytest.fixture
def manager(logic):
    manager = NodeManager(logic)
    manager.show()
    return manager


def select(manager, row):
    table = manager.ui.table
    table.setCurrentIndex(table.model().index(row, 0))


def cells(manager, row):
    model = manager.ui.table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def ok_button(editor):
    return editor.ui.buttons.button(qt.QDialogButtonBox.Ok)


def test_each_node_is_a_row_and_a_predefined_one_says_so(manager):
    assert cells(manager, 0)[:4] == ["Lab", "DICOMweb", LAB.url, "none"]
    assert cells(manager, 1)[0] == "Demo (predefined)"


def test_the_table_follows_the_list_and_keeps_the_selection(manager, logic):
    select(manager, 0)
    logic.startAddNode(Node("Clinic", "https://clinic.example.org"))
    assert cells(manager, 2)[0] == "Clinic"
    assert [each.node.name for each in manager.selected()] == ["Lab"]


def test_a_predefined_node_can_be_neither_removed_nor_moved(manager):
    select(manager, 1)
    assert not manager.actions_by_name["remove"].enabled
    assert not manager.actions_by_name["up"].enabled
    assert manager.actions_by_name["duplicate"].enabled


def test_removing_asks_first(manager, logic):
    select(manager, 0)
    manager.actions_by_name["remove"].trigger()
    assert "Lab" in manager.question.text
    assert logic.started("remove node") == []
    manager.question.buttons()[0].click()
    assert logic.last("remove node").asked == {"node": "lab"}


def test_a_test_shows_each_service_with_a_tick_or_the_reason(manager, logic):
    select(manager, 0)
    manager.ui.testButton.click()
    assert cells(manager, 0)[5] == "checking..."
    logic.last("test node").end(checks("STOW-RS"))
    assert cells(manager, 0)[5] == "✘ STOW-RS"
    assert manager.ui.checkText.text.splitlines()[0] == "✔ QIDO-RS: answers"
    assert "Check the port" in manager.ui.checkText.text


def test_a_test_that_breaks_off_says_why(manager, logic):
    select(manager, 0)
    manager.ui.testButton.click()
    logic.last("test node").break_off(ConnectionRefused("nothing listens on port 1", node="Lab"))
    assert "nothing listens on port 1" in manager.ui.checkText.text


def test_an_empty_editor_complains_about_nothing_and_cannot_be_accepted(logic):
    editor = NodeEditor(logic, logic.listed, {})
    assert not ok_button(editor).enabled
    assert editor.ui.problem.text == ""
    assert "in front of /studies" in editor.ui.urlHint.text


def test_a_wrong_url_is_told_as_it_is_typed_and_a_password_in_it_is_not_repeated(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text = "Lab 2"
    editor.ui.url.text = "https://reader:geheim@lab.example.org"
    assert "user name or password" in editor.ui.urlHint.text
    assert "geheim" not in editor.ui.urlHint.text
    assert not ok_button(editor).enabled


def test_a_url_that_looks_like_a_providers_gets_its_help(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.url.text = "http://localhost:8042/dicom-web"
    assert editor.ui.urlHint.text.startswith("Orthanc:")


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
    assert "already" in editor.ui.problem.text


def test_an_edited_node_keeps_everything_that_was_not_touched(logic):
    before = Node("Lab", LAB.url, uid="lab", headers=(("X-Project", "brain"),), page_size=7, proxy="http://p:1")
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(before))
    assert editor.node() == before


def test_a_predefined_node_is_edited_as_a_copy(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=DEMO)
    ok_button(editor).click()
    added = logic.last("add node").asked["node"]
    assert added.name == "Demo copy"
    assert added.uid != "demo"


def test_the_value_of_a_secret_header_is_hidden_and_goes_to_the_secrets(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(LAB))
    editor.ui.addHeaderButton.click()
    editor.ui.headers.item(0, 0).setText("X-Api-Key")
    editor.ui.headers.item(0, 1).setText("geheim")
    assert "geheim" not in editor.ui.headers.item(0, 1).text()
    ok_button(editor).click()
    assert logic.last("update node").asked["node"].secret_headers == ("X-Api-Key",)
    assert logic.last("set secret header").asked == {"node": "lab", "name": "X-Api-Key", "value": "geheim"}


def test_a_node_is_tested_with_the_secret_header_that_was_typed_and_not_kept(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(LAB))
    editor.ui.addHeaderButton.click()
    editor.ui.headers.item(0, 0).setText("X-Api-Key")
    editor.ui.headers.item(0, 1).setText("geheim")
    editor.ui.testButton.click()
    asked = logic.last("test node").asked
    assert asked["node"].secret_headers == ("X-Api-Key",)
    assert asked["secret_headers"] == {"X-Api-Key": "geheim"}
    assert logic.started("set secret header") == []


def test_a_kept_secret_header_is_not_sent_again(logic):
    node = Node("Lab", LAB.url, uid="lab", secret_headers=("X-Api-Key",))
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(node))
    ok_button(editor).click()
    assert logic.last("update node").asked["node"] == node
    assert logic.started("set secret header") == []


def test_a_search_node_chooses_who_retrieves(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.show()
    assert not editor.ui.retrievePartner.visible
    editor.ui.serviceType.setCurrentIndex(editor.ui.serviceType.findData("QIDO_RS"))
    assert editor.ui.retrievePartner.visible
