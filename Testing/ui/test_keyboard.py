"""What a person without a mouse can do: everything is reached by Tab, in the order in which it is seen."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesHost.logic_authentication import ListedMethod
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.errors import TimedOut
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.authentication_manager import AuthenticationManager
from DICOMWebNodesUI.import_panel import ImportPanel
from DICOMWebNodesUI.node_manager import NodeManager
from ui.found import study
from ui.logic_by_hand import LogicByHand
from ui.scenes import SCENES

LAB = ListedNode(Node("Lab", "https://lab.example.org/rs", uid="lab"))


def press(widget, sequence):
    """The key, while the widget has the focus."""
    keys = [each for each in widget.findChildren(qt.QShortcut) if each.key.toString() == sequence]
    mine = [each for each in keys if each.parent() is widget]
    assert len(mine) == 1, f"{len(mine)} meanings of {sequence}"
    mine[0].activated.emit()


def tab_order(window):
    """The widgets that Tab stops at, from the first one, with the middle of each in the window's pixels."""
    stops, each = [], window.nextInFocusChain()
    while each is not window:
        if each.visible and each.enabled and each.focusPolicy & qt.Qt.TabFocus and each.focusProxy() is None:
            corner = each.mapTo(window, qt.QPoint(0, 0))
            stops.append((each, corner.x() + each.width // 2, corner.y() + each.height // 2))
        each = each.nextInFocusChain()
    return stops


@pytest.mark.parametrize(
    "scene",
    [
        "first-use",
        "results",
        "transfers",
        "nodes",
        "new-node",
        "new-method",
        "authentication",
        "signing-in",
        "opened-manifest",
    ],
)
def test_tab_goes_down_and_never_back_up(scene):
    window = SCENES[scene]()
    window.show()
    stops = tab_order(window)
    assert len(stops) > 4
    scrolled = [area.widget() for area in window.findChildren(qt.QScrollArea)]
    for (former, _, above), (following, _, below) in zip(stops, stops[1:]):
        inside = [any(area.isAncestorOf(each) for area in scrolled) for each in (former, following)]
        is_corner = type(following).__name__ == "HelpButton"  # of the tabs, seen last
        if inside[0] == inside[1] and not is_corner:
            lines = max(former.height, following.height)
            assert below >= above - lines, f"from {former.objectName} up to {following.objectName}"
    if isinstance(window, qt.QDialog):
        scrolls = [
            any(area.isAncestorOf(stop) for area in scrolled)
            for stop, *_ in stops
            if not isinstance(stop, qt.QScrollArea)
        ]
        assert scrolls == sorted(scrolls, reverse=True), "first what scrolls, then what stands below it"


@pytest.fixture
def nodes():
    manager = NodeManager(LogicByHand([LAB]))
    manager.ui.table.setCurrentIndex(manager.ui.table.model().index(0, 0))
    yield manager
    manager.cleanup()


@pytest.mark.parametrize("sequence", ["Return", "Enter", "F2"])
def test_a_node_is_edited(nodes, sequence):
    press(nodes.ui.table, sequence)
    assert nodes.editor.ui.name.text == "Lab"


def test_a_node_is_added_and_removed_after_a_question(nodes):
    press(nodes.ui.table, "Ins")
    assert nodes.editor.ui.name.text == ""
    press(nodes.ui.table, "Del")
    assert "Lab" in nodes.question.text
    assert nodes.question.defaultButton() is nodes.question.button(qt.QMessageBox.Cancel), (
        "Return alone removes nothing"
    )


@pytest.mark.parametrize(
    ("scene", "first"),
    [("new-node", "name"), ("full-node", "name"), ("new-method", "template"), ("password-method", "name")],
)
def test_an_editor_opens_with_the_cursor_in_its_first_field(scene, first):
    editor = SCENES[scene]()
    editor.show()
    assert editor.focusWidget().objectName == first


@pytest.mark.parametrize("sequence", ["Return", "F2"])
def test_a_method_is_edited_and_its_dialog_stays(sequence):
    listed = ListedMethod(AuthMethod("Password", Kind.BASIC, settings={"user_name": "ada"}), AuthStatus(True, "ready"))
    dialog = AuthenticationManager(LogicByHand([], [listed]))
    dialog.open()
    dialog.ui.table.setCurrentIndex(dialog.ui.table.model().index(0, 0))
    press(dialog.ui.table, sequence)
    assert dialog.editor.ui.name.text == "Password"
    assert dialog.visible


@pytest.fixture
def panel(until):
    """With one study, which is selected."""
    panel = ImportPanel(LogicByHand([LAB]))
    panel.search_form.choose_node("lab")
    panel.search_form.ui.searchButton.click()
    panel._logic.last("search studies").find([study(1)])
    until(lambda: panel.results.is_settled)
    panel.results.ui.tree.expandAll()
    tree = panel.results.ui.tree
    tree.setCurrentIndex(tree.model().index(0, 0, tree.model().index(0, 0)))
    yield panel
    panel.cleanup()


@pytest.mark.parametrize(("sequence", "loads"), [("Return", False), ("Ctrl+Return", True)])
def test_what_is_selected_is_imported(panel, sequence, loads):
    wanted = []
    panel.results.import_wanted.connect(wanted.append)
    press(panel.results.ui.tree, sequence)
    assert [(each.resources, each.load) for each in wanted] == [(("1.2.1",), loads)]


def test_escape_ends_the_search_and_then_puts_the_error_away(panel):
    job = panel._logic.last("search studies")
    press(panel, "Esc")
    assert job.isOver
    panel.errors.show_error(TimedOut("nothing came"))
    panel.show()
    press(panel, "Esc")
    assert not panel.errors.visible


def test_who_has_pressed_search_can_press_stop_and_then_search_again(until):
    logic = LogicByHand([LAB])
    panel = ImportPanel(logic)
    panel.show()
    panel.activateWindow()
    form = panel.search_form.ui
    form.searchButton.setFocus()
    until(lambda: form.searchButton.focus)
    form.searchButton.click()
    assert form.stopButton.focus
    form.stopButton.click()
    assert form.searchButton.focus


@pytest.mark.parametrize("scene", ["new-node", "authentication", "new-method", "unopened-manifest", "choosing-a-store"])
def test_escape_closes_a_dialog(scene):
    dialog = SCENES[scene]()
    dialog.open()
    press_in(dialog, qt.Qt.Key_Escape)
    assert not dialog.visible


@pytest.mark.parametrize("scene", ["authentication", "signing-in", "unopened-manifest"])
def test_return_does_not_close_what_there_is_nothing_to_agree_to_in(scene):
    dialog = SCENES[scene]()
    dialog.open()
    press_in(dialog, qt.Qt.Key_Return)
    assert dialog.visible


def press_in(dialog, key):
    """What Qt does with a key that no field takes."""
    inner = dialog.findChildren(qt.QDialog)
    pressed = qt.QKeyEvent(qt.QEvent.KeyPress, key, qt.Qt.NoModifier)
    qt.QCoreApplication.sendEvent(inner[0] if inner else dialog, pressed)


def test_return_fills_in_what_was_answered_and_then_adds_it():
    editor = SCENES["new-method"]()
    editor.open()
    for name, text in (("base_url", "https://keycloak.example.org"), ("realm", "dcm4che"), ("client_id", "slicer")):
        editor.questions.fields[name].text = text
    press_in(editor, qt.Qt.Key_Return)
    assert editor.ui.name.text == "Keycloak dcm4che"
    press_in(editor, qt.Qt.Key_Return)
    assert not editor.visible
