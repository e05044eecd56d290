"""One row a transfer, one below it a series: what is told of each, and what can be done with a transfer."""

from __future__ import annotations

from dataclasses import replace

import qt
from DICOMWebNodesHost.import_values import ImportFailure
from DICOMWebNodesHost.journal import UnfinishedImport
from DICOMWebNodesHost.send_values import SendProgress, SendSummary
from DICOMWebNodesHost.series_progress import SeriesProgress
from DICOMWebNodesLib.errors import DiskFull
from DICOMWebNodesUI.transfer_report import details
from DICOMWebNodesUI.transfer_rows import PROGRESS
from DICOMWebNodesUI.transfers_panel import TransfersPanel
from ui.found import outcome, summary
from ui.listed_transfers import texts


def test_without_transfers_it_says_what_will_be_here(panel):
    assert panel.ui.empty.visible
    assert not panel.ui.table.visible
    assert not panel.ui.buttons.visible, "there is nothing for them to act on"


def test_a_series_has_a_row_with_its_progress_speed_and_remaining_time(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE, JANE")
    job.show(SeriesProgress("1.2", "1.2.1", 400, 200, 150, 0, 100_000_000, 50_000_000.0, "retrieving"))
    assert texts(panel, 0)[0] == "DOE, JANE"
    assert texts(panel, 0, parent=0)[1:] == ["150 of 400", "50.0 MB/s", "2 s", "retrieving"]


def test_a_series_is_called_by_its_number_and_description_and_has_its_uid_in_the_tool_tip(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    progress = SeriesProgress("1.2", "1.2.1", 4)
    job.show(progress, replace(progress, series="1.2.2"))
    first, second = (panel.rows[0].items[0].child(row, 0) for row in range(2))
    assert (first.text(), first.toolTip()) == ("Series (1)", "1.2.1")
    job.show(replace(progress, series="1.2.2", description="<b>T1\u202e"))
    assert second.text() == "<b>T1"
    job.show(replace(progress, series="1.2.2", description="<b>T1\u202e", number="701"))
    assert second.text() == "701: <b>T1", "as everywhere else, whatever its place is here"
    assert second.toolTip() == "<span>&lt;b>T1<br>1.2.2</span>"
    job.show(replace(progress, series="1.2.2", number="701"))
    assert second.text() == "Series 701"


def test_a_patient_whose_name_has_no_latin_letters_is_named(panel, logic):
    logic.startSend("Lab", ["1.2.1"], title="=山田^太郎=やまだ^たろう")
    assert texts(panel, 0)[0] == "山田, 太郎 to Lab"


def test_the_bar_of_a_series_that_is_done_is_seen_where_it_is_selected(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(SeriesProgress("1.2", "1.2.1", 4, 4, 4, state="done"))
    bar = panel.rows[0].items[0].child(0, PROGRESS).icon().pixmap(panel.ui.table.iconSize, qt.QIcon.Selected).toImage()
    filled = bar.pixelColor(bar.width() // 2, bar.height() // 2)
    assert filled.name() != panel.ui.table.palette.color(qt.QPalette.Highlight).name()


def test_a_file_whose_name_is_no_text_is_told_like_any_other(panel, logic):
    job = logic.startSend("lab", ["1.2.1"], title="DOE^JANE")
    sent = {**outcome("1.2.1", 2, "'M\udcfcller.dcm' cannot be read"), "path": "/exports/M\udcfcller.dcm"}
    job.settle(outcome("1.2.1", 1), sent)
    table = panel.ui.table.model()
    file = table.index(0, 0, table.index(0, 0, table.index(0, 0)))
    assert file.data() == "M ller.dcm"
    panel.ui.table.setCurrentIndex(file)
    assert panel.ui.reason.text == "'M\N{REPLACEMENT CHARACTER}ller.dcm' cannot be read"
    assert "/exports/M ller.dcm" in details(panel.rows[0])


def test_a_series_that_is_incomplete_says_why(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(SeriesProgress("1.2", "1.2.1", 4, 3, 3, 1, 100, 0, "incomplete", "the server answered 500"))
    assert texts(panel, 0, parent=0)[4] == "incomplete"
    select_series(panel, 0)
    assert panel.ui.reason.text == "The server answered 500"


def test_a_transfer_is_paused_resumed_and_cancelled(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    panel.ui.pauseButton.click()
    assert job.state.name == "PAUSED"
    panel.ui.resumeButton.click()
    assert job.state.name == "RUNNING"
    panel.ui.cancelButton.click()
    assert texts(panel, 0)[4] == "cancelled"


def test_an_incomplete_import_says_what_is_missing_and_is_retried(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.end(summary(failures=(ImportFailure("1.2/1.2.1/1.2.1.7", "the server answered 500"),)))
    assert texts(panel, 0)[4] == "incomplete"
    assert panel.ui.reason.text == "The server answered 500"
    panel.ui.retryButton.click()
    assert logic.last("import").asked == {"node": "lab", "resources": ("1.2",), "title": "DOE"}
    assert panel.ui.table.model().rowCount() == 1


def test_an_import_that_filled_the_disk_says_once_what_to_do(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    full = [ImportFailure(f"1.2/1.2.{n}", "the disk of /data is full", 3, "disk-full") for n in (1, 2)]
    job.end(summary(failures=(*full, ImportFailure("1.2/1.2.3/1.2.3.1", "it was removed from the database"))))
    first, second, step = panel.ui.reason.text.splitlines()
    assert (first, second) == ("The disk of /data is full", "It was removed from the database")
    assert step.startswith("Free some space")


def test_an_import_that_a_script_starts_again_takes_the_place_of_what_it_lacked(panel, logic):
    before = logic.startImportStudies("lab", ["1.2"], "DOE")
    another = logic.startImportStudies("lab", ["1.2"], "DOE")
    for job in (before, another):
        job.end(summary(failures=(ImportFailure("1.2/1.2.1", "the disk is full", 3, "disk-full"),)))
    again = logic.resumeImport(UnfinishedImport("lab", ("1.2",), "DOE", before.uid))
    assert [row.job for row in panel.selected.shown()] == [another, again]


def test_a_failed_import_says_why(panel, logic):
    logic.startImportStudies("lab", ["1.2"], "DOE").break_off(DiskFull("the disk is full"))
    assert texts(panel, 0)[4] == "failed"
    assert panel.ui.reason.text.startswith("The disk is full")


def test_a_send_tells_how_far_it_is_and_what_became_of_each_instance(panel, logic):
    job = logic.startSend("lab", ["1.2.1"], title="DOE^JANE")
    job.progressed.emit(SendProgress(3, 1, 0, 10_000_000, 30_000_000, 5_000_000.0))
    assert texts(panel, 0) == ["DOE, JANE to lab", "1 of 3", "5.0 MB/s", "4 s", "sending"]
    job.settle(outcome("1.2.1", 1), outcome("1.2.1", 2, "the disk of the server is full"), outcome("1.2.1", 3))
    assert texts(panel, 0, parent=0)[1:] == ["2 of 3", "", "", "incomplete"]
    series = panel.ui.table.model().index(0, 0, panel.ui.table.model().index(0, 0))
    assert panel.ui.table.model().rowCount(series) == 1
    file = series.model().index(0, 0, series)
    assert [file.data(), file.sibling(0, 4).data()] == ["1.2.1.2.dcm", "not stored"]
    panel.ui.table.setCurrentIndex(file)
    assert panel.ui.reason.text == "The disk of the server is full"
    panel.ui.table.setCurrentIndex(file.parent().parent())
    job.end(SendSummary(False, {}, (job.outcomes[1],)))
    assert texts(panel, 0)[4] == "incomplete"
    assert panel.ui.reason.text == "2 stored, 1 not stored\nThe disk of the server is full"


def test_a_send_that_is_retried_sends_only_what_failed(panel, logic):
    job = logic.startSend("lab", ["1.2.1"])
    job.settle(outcome("1.2.1", 1), outcome("1.2.1", 2, "busy"))
    job.end(SendSummary(False, {}, (job.outcomes[1],)))
    panel.ui.retryButton.click()
    assert logic.last("send").asked == {"node": "lab", "series": (), "files": (job.outcomes[1]["path"],)}
    assert panel.ui.table.model().rowCount() == 1


def test_a_send_is_called_after_its_node_as_soon_as_its_name_is_known(panel, logic):
    logic.startSend("5f3a", ["1.2.1"], title="DOE^JANE")
    panel.show_node_names({"5f3a": "Clinic"})
    assert texts(panel, 0)[0] == "DOE, JANE to Clinic"


def test_the_details_of_a_send_name_every_file(panel, logic):
    job = logic.startSend("lab", ["1.2.1"])
    job.settle(outcome("1.2.1", 1), outcome("1.2.1", 2, "busy"))
    job.end(SendSummary(False, {}, (job.outcomes[1],)))
    panel.copy_details()
    copied = qt.QApplication.clipboard().text()
    assert f"stored\t{job.outcomes[0]['path']}" in copied
    assert f"not stored\t{job.outcomes[1]['path']}\tbusy" in copied


def test_finished_transfers_are_taken_off_the_list_and_running_ones_stay(panel, logic):
    logic.startImportStudies("lab", ["1.2"], "over").end(summary("1.2.1"))
    logic.startImportStudies("lab", ["1.3"], "running")
    panel.ui.clearButton.click()
    assert panel.ui.table.model().rowCount() == 1
    assert texts(panel, 0)[0] == "running"


def test_a_panel_that_is_made_anew_shows_the_same(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(SeriesProgress("1.2", "1.2.1", 4, 2, 2, 0, 100, 0, "retrieving"))
    again = TransfersPanel(logic)
    assert texts(again, 0)[:2] == ["DOE", "2 of 4"]
    assert texts(again, 0, parent=0)[1] == "2 of 4"


def test_a_panel_that_is_gone_is_not_written_into_by_what_goes_on(panel, logic):
    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    send = logic.startSend("lab", ["1.2.1"])
    panel.cleanup()
    job.show(SeriesProgress("1.2", "1.2.1", 4, 2, 2, 0, 100, 0, "retrieving"))
    send.settle(outcome("1.2.1", 1, "busy"))
    job.end(summary("1.2.1"))
    assert texts(panel, 0)[1:] == ["", "", "", "retrieving"]


def select_series(panel, number, transfer=0):
    table = panel.ui.table
    table.setCurrentIndex(table.model().index(number, 0, table.model().index(transfer, 0)))


def test_the_number_of_transfers_under_way_is_told(panel, logic):
    counts = []
    panel.count_changed.connect(counts.append)
    logic.startImportStudies("lab", ["1.2"], "DOE").end(summary("1.2.1"))
    assert counts[0] == 1
    assert counts[-1] == 0


def test_what_is_over_and_complete_is_not_looked_at_again(panel, logic):
    """Of thousands that a script imports, the list had asked every one at each change of any."""
    done = logic.startImportStudies("lab", ["1.1"], "done").end(summary())
    failed = logic.startImportStudies("lab", ["1.2"], "failed").break_off(DiskFull("the disk is full"))
    running = logic.startImportStudies("lab", ["1.3"], "running")
    assert [row.job for row in panel.selected.open()] == [failed, running]
    assert panel.ui.retryButton.enabled
    assert panel.ui.clearButton.enabled
    panel.ui.clearButton.click()
    assert [row.job for row in panel.selected.open()] == [running]
    running.end(summary())
    assert panel.selected.open() == []
    assert [row.job for row in panel.selected.shown()] == [running]
    assert done not in [row.job for row in panel.selected.rows()]


def test_of_a_thousand_series_only_the_one_is_looked_at_that_has_changed(panel, logic):
    """An import of 1,500 studies had asked every series at each change of any, seven million times."""
    looked_at = []

    class Watched(SeriesProgress):
        def __getattribute__(self, name):
            if name == "state":
                looked_at.append(object.__getattribute__(self, "series"))
            return object.__getattribute__(self, name)

    job = logic.startImportStudies("lab", ["1.2"], "DOE")
    job.show(*(Watched("1.2", f"1.2.{number}", 4, state="retrieving") for number in range(1000)))
    looked_at.clear()
    job.show(Watched("1.2", "1.2.7", 4, state="paused"))
    panel.refresh()
    assert panel.ui.resumeButton.enabled
    assert set(looked_at) == {"1.2.7"}
