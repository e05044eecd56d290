"""What was imported is loaded into the scene: when, and what is told of what could not be."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesHost.import_values import ImportFailure
from DICOMWebNodesHost.loading import LoadReport
from DICOMWebNodesLib.errors import DatabaseUnavailable
from DICOMWebNodesUI import scene_loader
from ui.found import summary
from ui.three_studies import select


def test_import_wants_what_is_selected_and_load_follows(panel, found, logic):
    select(found, "1.2.1")
    found.ui.loadButton.click()
    job = logic.last("import")
    assert (job.node, job.resources, job.title) == ("lab", ("1.2.1",), "DOE, JANE1  (A)")
    job.end(summary("1.2.1.1"))
    assert logic.loaded == [("1.2.1.1",)]


def test_import_alone_loads_nothing(found, logic):
    select(found, "1.2.1")
    found.ui.importButton.click()
    logic.last("import").end(summary("1.2.1.1"))
    assert logic.loaded == []


def test_what_the_plugins_could_not_load_is_told(panel, found, logic):
    logic.load_report = lambda uids: LoadReport((), (), (("1.2.1.1", "no plugin can load it"),))
    select(found, "1.2.1")
    found.ui.loadButton.click()
    logic.last("import").end(summary("1.2.1.1"))
    assert "o plugin can load it" in panel.errors.ui.message.text


def test_of_several_series_it_is_told_how_many_could_not_be_loaded_and_which(panel, logic):
    reasons = (("1.2.1.1", "Could not load: \u202ehead"), ("1.2.1.2", "Could not load: \u202ehead"))
    logic.load_report = lambda uids: LoadReport((), (), reasons)
    panel.scene_loader.load(["1.2.1.1", "1.2.1.2", "1.2.1.3"])
    assert panel.errors.ui.message.text == "2 of 3 series were not loaded:\nCould not load:  head"
    panel.errors.ui.detailsButton.click()
    assert [line.split("\t")[0] for line in panel.errors.ui.details.plainText.splitlines()] == ["1.2.1.1", "1.2.1.2"]


def test_what_is_to_be_loaded_while_something_is_loaded_comes_after_it(panel, logic):
    def load_report(uids):
        if uids == ["1.2.1.1"]:
            panel.scene_loader.load(["1.2.1.2"])
            assert logic.loaded == [("1.2.1.1",)], "not in the middle of it"
        return LoadReport(())

    logic.load_report = load_report
    panel.scene_loader.load(["1.2.1.1"])
    assert logic.loaded == [("1.2.1.1",), ("1.2.1.2",)]


def test_a_database_that_is_closed_while_it_is_loaded_from_is_opened_and_what_was_told_stays(panel, found, logic):
    def load_report(uids):
        if not logic.opened:
            raise DatabaseUnavailable("Slicer's DICOM database is not open", offer="open")
        return LoadReport(())

    logic.load_report, logic.opens = load_report, True
    select(found, "1.2.1")
    found.ui.loadButton.click()
    logic.last("import").end(summary("1.2.1.1", failures=(ImportFailure("1.2.1/1.2.1.2", "no answer", 3),)))
    assert panel.errors.ui.actionButton.text == "Open the database"
    panel.errors.ui.actionButton.click()
    assert logic.loaded == [("1.2.1.1",), ("1.2.1.1",)]
    assert panel.errors.visible
    assert "3 instances are missing" in panel.errors.ui.message.text


def test_what_a_database_that_is_closed_in_the_middle_of_a_load_did_not_give_is_loaded_once_it_is_open(panel, logic):
    closed = DatabaseUnavailable("Slicer's DICOM database is not open", offer="open")
    gone = LoadReport(("volume",), failures=(("1.2.1.2", closed.sentences),), problem=closed)
    logic.load_report, logic.opens = lambda uids: LoadReport(()) if logic.opened else gone, True
    panel.scene_loader.load(["1.2.1.1", "1.2.1.2"])
    assert panel.errors.ui.actionButton.text == "Open the database"
    panel.errors.ui.actionButton.click()
    assert logic.loaded == [("1.2.1.1", "1.2.1.2"), ("1.2.1.2",)]
    assert not panel.errors.visible


def test_that_another_database_was_opened_while_it_was_loaded_from_is_told_with_what_was_told_before(panel, logic):
    def load_report(uids):
        raise DatabaseUnavailable("another DICOM database was opened meanwhile", next_step="Open it again.")

    logic.load_report = load_report
    panel.scene_loader.load(["1.2.1.1"], "3 instances are missing.")
    assert panel.errors.ui.message.text.splitlines() == [
        "3 instances are missing.",
        "Another DICOM database was opened meanwhile. Open it again.",
    ]


@pytest.mark.parametrize(("button", "answer"), [("Yes", True), ("No", False)])
def test_what_was_answered_for_good_in_the_dicom_module_is_not_asked_again(button, answer):
    """As DICOMLib's DICOMBrowser keeps it."""
    key = "DICOM/automaticallyLoadReferences"
    qt.QSettings().setValue(key, int(getattr(qt.QMessageBox, button)))
    try:
        assert scene_loader.agrees_to_references(["1.2.1"]) is answer
    finally:
        qt.QSettings().remove(key)
