"""The list of nodes: its rows, order, tests and keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.node_manager import NodeManager
from ui.found import checks
from ui.logic_by_hand import LogicByHand

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
    assert manager.ui.checkText.text.splitlines()[0].startswith(
        "✔ QIDO-RS: studies, series and instances can be searched"
    )
    assert "Check the port" in manager.ui.checkText.text


def test_the_tests_of_several_nodes_are_told_in_short(manager, logic):
    manager.ui.table.selectAll()
    manager.ui.testButton.click()
    for job in logic.started("test node"):
        job.end(checks("STOW-RS"))
    told = manager.ui.checkText.text.splitlines()
    assert [line.partition(": ")[2] for line in told] == ["✘ STOW-RS"] * len(manager.listed())


def test_what_a_test_found_is_not_told_of_a_node_that_is_another_server_since(manager, logic):
    select(manager, 0)
    manager.ui.testButton.click()
    logic.last("test node").end(checks())
    listed = logic.listed[0]
    logic.listed[0] = replace(listed, node=replace(listed.node, name="Laboratory"))
    logic.nodesChanged.emit()
    assert cells(manager, 0)[5] == "✔ works"
    manager.ui.testButton.click()
    logic.listed[0] = replace(listed, node=replace(listed.node, url="https://elsewhere.example.org/dicom-web"))
    logic.nodesChanged.emit()
    logic.last("test node").end(checks())  # of the server that it was
    assert cells(manager, 0)[5] == ""
    assert not manager.ui.checkBox.visible


def test_a_test_that_breaks_off_says_why(manager, logic):
    select(manager, 0)
    manager.ui.testButton.click()
    logic.last("test node").break_off(ConnectionRefused("nothing listens on port 1", node="Lab"))
    assert "nothing listens on port 1" in manager.ui.checkText.text


def test_keys_do_what_the_menu_does(manager, logic):
    select(manager, 0)
    for shortcut in manager.ui.table.findChildren(qt.QShortcut):
        if shortcut.key.toString() == "Del":
            shortcut.activated.emit()
    assert "Lab" in manager.question.text
    assert "Del" in manager.actions_by_name["remove"].text
