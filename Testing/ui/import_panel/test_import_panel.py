"""The panel as a whole: nodes that cannot be read, errors, a sign-in that is missing, the first use."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesLib.errors import ConnectionRefused, SignInRequired, WorkerFailed
from DICOMWebNodesUI.import_panel import ImportPanel
from DICOMWebNodesUI.node_manager import NodeManager
from ui.logic_by_hand import LogicByHand
from ui.three_studies import DEMO


@pytest.mark.parametrize("widget", [ImportPanel, NodeManager])
def test_nodes_that_could_not_be_read_are_read_again_at_a_click(logic, widget):
    logic.unreadable = WorkerFailed("the worker process ended (exit status 9)")
    widget = widget(logic)
    widget.show()
    assert "exit status 9" in widget.errors.ui.message.text
    logic.unreadable = None
    widget.errors.ui.actionButton.click()
    assert not widget.errors.visible
    assert "Lab" in names_in(widget)


def names_in(widget):
    if isinstance(widget, ImportPanel):
        node = widget.search_form.ui.node
        return [node.itemText(row) for row in range(node.count)]
    return [each.node.name for each in widget.listed()]


def test_an_error_is_shown_in_words_and_its_details_are_copied(panel, logic):
    panel.search_form.ui.searchButton.click()
    error = ConnectionRefused("nothing listens on port 8042", node="Lab", asked="search studies", detail="<b>x</b>")
    logic.last("search studies").end_node("lab", error).break_off(error)
    assert panel.errors.ui.message.text == str(error)
    assert panel.errors.ui.message.textFormat == qt.Qt.PlainText
    panel.errors.ui.detailsButton.click()
    assert "connection-refused" in qt.QApplication.clipboard().text()


def test_a_sign_in_that_is_missing_is_offered(panel, logic):
    wanted = []
    panel.sign_in_wanted.connect(wanted.append)
    panel.search_form.ui.searchButton.click()
    error = SignInRequired("nobody is signed in", node="Lab")
    logic.last("search studies").end_node("lab", error).break_off(error)
    panel.errors.ui.actionButton.click()
    assert wanted == ["lab"]


def test_at_first_use_the_demo_is_one_click_away():
    logic = LogicByHand([DEMO])
    panel = ImportPanel(logic)
    panel.show()
    assert panel.ui.emptyState.visible
    panel.ui.demoButton.click()
    assert logic.last("search studies").asked["node"] == ["orthanc-demo"]
    assert not panel.ui.emptyState.visible
