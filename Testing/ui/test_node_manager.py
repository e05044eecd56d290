"""The list of nodes: its rows, order, tests and keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
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


def test_arrow_keys_go_on_from_the_row_that_was_tested_moved_or_renamed(manager, logic):
    logic.startAddNode(Node("Clinic", "https://clinic.example.org"))
    select(manager, 2)
    manager.ui.testButton.click()
    assert manager.ui.table.currentIndex().row() == 2
    logic.last("test node").end(checks())
    assert manager.ui.table.currentIndex().row() == 2


def test_a_copy_is_selected_wherever_it_stands(manager, logic):
    select(manager, 0)
    manager.actions_by_name["duplicate"].trigger()
    assert [each.node.name for each in manager.selected()] == ["Lab copy"]
    assert manager.ui.table.currentIndex().row() == 1


def names(manager):
    return [each.node.name for each in manager.listed()]


def own_nodes(logic, *several):
    """Instead of those that there are; the predefined one is the last."""
    logic.listed[:] = [*map(ListedNode, several), DEMO]
    logic.nodesChanged.emit()


def test_several_nodes_move_together_and_stay_selected(manager, logic):
    own_nodes(logic, *(Node(name, "https://pacs.example.org", uid=name) for name in "ABCDE"))
    place(manager, 1, 2, 4)
    manager.actions_by_name["up"].trigger()
    assert names(manager) == [*"BCAED", "Demo"]
    assert [each.node.name for each in manager.selected()] == [*"BCE"]
    assert len(logic.started("move node")) == 2, "of those that stand together the neighbour moves"
    manager.actions_by_name["down"].trigger()
    assert names(manager) == [*"ABCDE", "Demo"]


@pytest.mark.parametrize(
    ("rows", "up", "down"),
    [((0,), False, True), ((1,), True, False), ((0, 1), False, False), ((1, 2), False, False), ((), False, False)],
    ids=str,
)
def test_what_stands_at_the_end_of_ones_own_nodes_goes_no_further(manager, logic, rows, up, down):
    own_nodes(logic, Node("A", "https://a.example.org"), Node("B", "https://b.example.org"))
    place(manager, *rows)
    assert [manager.actions_by_name[name].enabled for name in ("up", "down")] == [up, down]


def place(manager, *rows):
    """Select these rows and no other."""
    selection, model = manager.ui.table.selectionModel(), manager.ui.table.model()
    selection.clearSelection()
    for row in rows:
        selection.select(model.index(row, 0), qt.QItemSelectionModel.Select | qt.QItemSelectionModel.Rows)


def test_a_node_is_removed_with_the_one_that_it_is_retrieved_by(manager, logic):
    archive = Node("Archive", "https://archive.example.org", uid="archive")
    search = replace(archive, name="Search", uid="search", service_type=ServiceType.QIDO_RS, retrieve_partner="archive")
    own_nodes(logic, archive, search)
    place(manager, 0, 1)
    manager.actions_by_name["remove"].trigger()
    manager.question.buttons()[0].click()
    assert names(manager) == ["Demo"]
    assert not manager.errors.visible


def test_what_cannot_be_removed_is_told_and_the_others_go(manager, logic):
    archive = Node("Archive", "https://archive.example.org", uid="archive")
    search = replace(archive, name="Search", uid="search", service_type=ServiceType.QIDO_RS, retrieve_partner="archive")
    own_nodes(logic, archive, LAB, search)
    place(manager, 0, 1)
    manager.actions_by_name["remove"].trigger()
    manager.question.buttons()[0].click()
    assert names(manager) == ["Archive", "Search", "Demo"]
    assert "retrieves what 'Search' finds" in manager.errors.ui.message.text


def test_a_click_with_the_right_button_offers_what_can_be_done_with_a_node(manager):
    select(manager, 1)  # the predefined one
    manager.ui.table.customContextMenuRequested.emit(qt.QPoint(1, 1))
    assert manager.menu.visible
    offered = {each.text.partition("\t")[0].replace("&", ""): each.enabled for each in manager.menu.actions()}
    assert offered.pop("") is not None  # the line between
    assert offered == {
        "Add...": True,
        "Edit...": True,
        "Test": True,
        "Duplicate": True,
        "Remove...": False,
        "Move up": False,
        "Move down": False,
    }
    manager.menu.close()


def test_a_new_node_is_selected(manager):
    manager.ui.addButton.click()
    editor = manager.editor
    editor.ui.name.text, editor.ui.url.text = "Clinic", "https://clinic.example.org"
    editor.ui.buttons.accepted.emit()
    assert [each.node.name for each in manager.selected()] == ["Clinic"]


def test_where_a_node_was_removed_its_neighbour_is_selected(manager, logic):
    logic.startAddNode(Node("Clinic", "https://clinic.example.org"))
    select(manager, 0)
    logic.startRemoveNode("lab")
    assert [each.node.name for each in manager.selected()] == ["Demo"]
    select(manager, 1)
    logic.startRemoveNode(manager.selected()[0].node.uid)
    assert [each.node.name for each in manager.selected()] == ["Demo"]


def test_of_very_many_nodes_to_remove_some_are_named(manager, logic):
    for number in range(200):
        logic.listed.append(ListedNode(Node(f"Node {number}", f"https://{number}.example.org")))
    logic.nodesChanged.emit()
    manager.ui.table.selectAll()
    flags = qt.QItemSelectionModel.Deselect | qt.QItemSelectionModel.Rows
    manager.ui.table.selectionModel().select(manager.ui.table.model().index(1, 0), flags)  # the predefined one
    manager.actions_by_name["remove"].trigger()
    assert len(manager.question.text.splitlines()) == 13
    assert manager.question.text.endswith("and 191 more")


@pytest.mark.parametrize(("url", "told"), [(LAB.url, "✔ works"), ("https://elsewhere.example.org", "")])
def test_what_a_test_in_the_editor_has_found_is_the_last_check_of_that_node(manager, logic, url, told):
    select(manager, 0)
    manager.ui.editButton.click()
    editor = manager.editor
    editor.ui.testButton.click()
    logic.last("test node").end(checks())
    editor.ui.url.text = url
    editor.ui.buttons.accepted.emit()
    assert cells(manager, 0)[5] == told


def test_the_list_stays_where_it_was_scrolled_to(manager, logic):
    own_nodes(logic, *(Node(f"Node {number}", "https://pacs.example.org") for number in range(200)))
    manager.resize(400, 300)
    select(manager, 0)
    manager.ui.table.scrollToBottom()
    before = manager.ui.table.verticalScrollBar().value
    assert before > 0
    logic.nodesChanged.emit()
    assert manager.ui.table.verticalScrollBar().value == before
