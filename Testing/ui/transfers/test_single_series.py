"""A series of a transfer is steered by itself, while the others go on."""

from __future__ import annotations

import qt
from DICOMWebNodesHost.import_values import ImportFailure
from DICOMWebNodesHost.series_progress import SeriesProgress
from DICOMWebNodesUI.transfers_panel import TransfersPanel
from ui.found import outcome, summary
from ui.listed_transfers import texts

ONLY = qt.QItemSelectionModel.ClearAndSelect | qt.QItemSelectionModel.Rows
ADD = qt.QItemSelectionModel.Select | qt.QItemSelectionModel.Rows


def test_what_a_person_looks_at_comes_first(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(SeriesProgress("1.2", "1.2.1", 4), SeriesProgress("1.2", "1.2.2", 4))
    table = panel.ui.table
    table.setCurrentIndex(table.model().index(1, 0, table.model().index(0, 0)))
    assert job.asked["first"][-1] == "1.2/1.2.2"


def test_whoever_selects_all_of_many_series_looks_at_none_of_them(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(*(SeriesProgress("1.2", f"1.2.{number}", 4) for number in range(100)))
    panel.ui.table.expandAll()
    panel.ui.table.selectAll()
    assert len(panel.selected.parts()) == 1, "the transfer, with all of its series"
    for number in range(100):
        index = panel.ui.table.model().index(number, 0, panel.ui.table.model().index(0, 0))
        panel.ui.table.selectionModel().select(index, ADD if number else ONLY)
    assert len(panel.selected.parts()) == 100
    assert "1.2/1.2.99" not in job.asked["first"]


def test_a_series_that_is_selected_is_paused_resumed_cancelled_and_retried_by_itself(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(SeriesProgress("1.2", "1.2.1", 4, state="retrieving"), SeriesProgress("1.2", "1.2.2", 4))
    table = panel.ui.table
    table.setCurrentIndex(table.model().index(0, 0, table.model().index(0, 0)))
    states = []
    for button in (panel.ui.pauseButton, panel.ui.resumeButton, panel.ui.cancelButton):
        assert button.enabled
        button.click()
        assert not button.enabled
        states.append(texts(panel, 0, parent=0)[4])
    assert states == ["paused", "waiting", "cancelled"]
    assert texts(panel, 1, parent=0)[4] == "waiting"
    assert job.state.name == "RUNNING"
    panel.ui.retryButton.click()
    assert logic.last("import").asked == {"node": "lab", "resources": ("1.2/1.2.1",), "title": "DOE"}
    assert panel.ui.table.model().rowCount() == 2


def select_series(panel, number, transfer=0):
    table = panel.ui.table
    table.setCurrentIndex(table.model().index(number, 0, table.model().index(transfer, 0)))


def test_a_series_of_a_send_is_paused_resumed_cancelled_and_retried_by_itself(panel, logic):
    job = logic.startSend("lab", ["1.2.1", "1.2.2"], title="DOE^JANE")
    job.show(SeriesProgress("1.2", "1.2.1", 4, 1, 1, state="sending"), SeriesProgress("1.2", "1.2.2", 4))
    select_series(panel, 0)
    states = []
    for button in (panel.ui.pauseButton, panel.ui.resumeButton, panel.ui.cancelButton):
        assert button.enabled
        button.click()
        states.append(texts(panel, 0, parent=0)[4])
    assert states == ["paused", "waiting", "cancelled"]
    assert texts(panel, 1, parent=0)[4] == "waiting"
    assert job.state.name == "RUNNING"
    panel.ui.retryButton.click()
    assert logic.last("send").asked["series"] == ("1.2.1",)


def test_a_file_below_a_series_of_a_send_steers_that_series(panel, logic):
    job = logic.startSend("lab", ["1.2.1"], title="DOE^JANE")
    job.settle(outcome("1.2.1", 1), outcome("1.2.1", 2, "busy"))
    model = panel.ui.table.model()
    panel.ui.table.setCurrentIndex(model.index(0, 0, model.index(0, 0, model.index(0, 0))))
    panel.ui.retryButton.click()
    assert job.retries.keys() == {"1.2/1.2.1"}


def test_a_series_that_is_being_retried_is_not_retried_again(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(SeriesProgress("1.2", "1.2.1", 4, state="incomplete"), SeriesProgress("1.2", "1.2.2", 4, state="done"))
    select_series(panel, 0)
    panel.ui.retryButton.click()
    assert not panel.ui.retryButton.enabled
    assert len(logic.imports) == 2
    again = TransfersPanel(logic)
    select_series(again, 0)
    assert not again.ui.retryButton.enabled, "a panel that is made anew knows of it too"
    job.end(summary(failures=(ImportFailure("1.2/1.2.1/1.2.1.7", "busy"),)))
    panel.ui.table.setCurrentIndex(panel.ui.table.model().index(0, 0))
    assert not panel.ui.retryButton.enabled, "its missing series is on its way"
    logic.imports[1].end(summary("1.2.1"))
    assert panel.ui.retryButton.enabled


def test_an_import_of_which_a_series_is_paused_can_be_resumed(panel, logic, until):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    assert not panel.ui.resumeButton.enabled
    job.show(SeriesProgress("1.2", "1.2.1", 4, state="paused"))
    until(lambda: panel.ui.resumeButton.enabled)
    job.show(SeriesProgress("1.2", "1.2.1", 4, state="retrieving"))
    until(lambda: not panel.ui.resumeButton.enabled)
