"""What earlier sessions left unfinished: it is offered, goes on, or is forgotten."""

from __future__ import annotations

import qt
from DICOMWebNodesHost.journal import UnfinishedImport, UnfinishedSend
from DICOMWebNodesHost.send_values import SendProgress, SendSummary
from DICOMWebNodesUI.module_panel import ModulePanel
from DICOMWebNodesUI.transfers_panel import TransfersPanel
from ui.found import outcome
from ui.listed_transfers import texts


def test_an_import_of_an_earlier_session_is_resumed_or_forgotten(logic):
    first, second = (UnfinishedImport("lab", (uid,), uid) for uid in ("1.2", "1.3"))
    logic.unfinished = [first, second]
    panel = TransfersPanel(logic)
    assert texts(panel, 0)[4] == "not finished"
    table = panel.ui.table
    table.setCurrentIndex(table.model().index(0, 0))
    panel.ui.resumeButton.click()
    assert logic.resumed == [first]
    table.setCurrentIndex(table.model().index(0, 0))
    panel.ui.cancelButton.click()
    assert logic.unfinished == [first]


def test_an_import_of_a_manifest_of_an_earlier_session_says_what_to_do_and_goes_on_with_it(logic):
    unfinished = UnfinishedImport("manifest:pacs.example.org/abc", ("1.2",), "DOE")
    logic.unfinished = [unfinished]
    panel = TransfersPanel(logic)
    panel.ui.table.setCurrentIndex(panel.ui.table.model().index(0, 0))
    assert "pacs.example.org" in panel.ui.reason.text
    assert "Open it again" in panel.ui.reason.text
    assert not panel.ui.resumeButton.enabled
    assert panel.ui.cancelButton.enabled
    job = logic.startImportStudies("manifest:pacs.example.org/def", ["1.2"], "DOE")
    assert panel.ui.table.model().rowCount() == 1
    assert panel.selected.rows()[0].job is job


def test_what_another_slicer_takes_up_says_so_by_itself_and_leaves_the_list_when_it_is_done_there(logic, until):
    unfinished = UnfinishedImport("lab", ("1.2",), "DOE")
    logic.unfinished = [unfinished]
    panel = TransfersPanel(logic)
    panel.show()
    panel.findChild(qt.QTimer).setInterval(1)
    logic.elsewhere.add(unfinished.uid)
    until(lambda: texts(panel, 0)[4] == "in another Slicer")
    assert "Look there how far it is" in panel.ui.reason.text
    assert [button.enabled for button in (panel.ui.resumeButton, panel.ui.cancelButton)] == [False, False]
    logic.elsewhere.clear()  # it has crashed there
    until(lambda: texts(panel, 0)[4] == "not finished")
    assert panel.ui.resumeButton.enabled
    logic.unfinished = []
    until(lambda: panel.ui.table.model().rowCount() == 0)
    assert panel.ui.empty.visible
    logic.unfinished = [unfinished]
    until(lambda: panel.ui.table.model().rowCount() == 1)
    panel.cleanup()


def test_a_list_that_nobody_sees_is_looked_at_when_it_is_shown(logic):
    unfinished = UnfinishedImport("lab", ("1.2",), "DOE")
    logic.unfinished = [unfinished]
    panel = ModulePanel(logic)
    logic.unfinished = []
    panel.tabs.setCurrentWidget(panel.transfers_panel)
    assert panel.transfers_panel.ui.table.model().rowCount() == 0
    panel.cleanup()


def test_a_send_of_an_earlier_session_is_resumed_or_forgotten(logic):
    logic.unfinished_sends = [UnfinishedSend("lab", ("1.2.1",), (), "DOE^JANE"), UnfinishedSend("lab", ("1.2.2",))]
    first = logic.unfinished_sends[0]
    panel = TransfersPanel(logic)
    assert texts(panel, 0)[::4] == ["DOE, JANE to lab", "not finished"]
    table = panel.ui.table
    table.setCurrentIndex(table.model().index(1, 0))
    panel.ui.cancelButton.click()
    assert logic.unfinished_sends == [first]
    table.setCurrentIndex(table.model().index(0, 0))
    panel.ui.resumeButton.click()
    assert logic.resumed == [first]
    assert logic.last("send").asked["series"] == ("1.2.1",)


def test_a_send_of_an_earlier_session_says_what_the_server_has_confirmed(logic):
    logic.unfinished_sends, logic.confirmed = [UnfinishedSend("lab", ("1.2.1",), (), "DOE^JANE")], 120
    panel = TransfersPanel(logic)
    assert "confirmed 120 of it" in panel.ui.reason.text


def test_what_was_confirmed_before_is_counted_in_the_end(panel, logic):
    job = logic.startSend("lab", ["1.2.1"])
    job.progress = SendProgress(3, 2, confirmed=2)
    job.settle(outcome("1.2.1", 1))
    job.end(SendSummary(True, {}, (), 0, 2))
    assert panel.ui.reason.text == "2 confirmed before, 1 stored"
