"""The tree of what one search of one node found: patients, studies, series, marks, the filter."""

from __future__ import annotations

import qt
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesUI.module_panel import ModulePanel
from DICOMWebNodesUI.results_row import DATE, DETAILS, HERE
from ui.found import instance, series, study
from ui.logic_by_hand import LogicByHand
from ui.three_studies import LAB, row_of, search_three_studies, select, top_rows


def test_stop_ends_the_search_and_keeps_what_was_found(panel, logic, until):
    panel.search_form.ui.searchButton.click()
    logic.last("search studies").find([study(1)])
    until(lambda: panel.results.is_settled)
    panel.search_form.ui.stopButton.click()
    assert logic.last("search studies").isOver
    assert panel.search_form.ui.searchButton.enabled
    assert panel.results.results.studies == 1
    assert panel.results.ui.status.text.splitlines() == ["1 study found.", "The search was stopped: there may be more."]


def test_a_search_that_finds_nothing_says_so(panel, logic):
    assert panel.results.ui.status.text == ""
    panel.search_form.ui.searchButton.click()
    assert panel.results.ui.status.text == "No studies so far..."
    logic.last("search studies").end(())
    assert panel.results.ui.status.text == "No studies found."


def test_patients_stand_above_their_studies_with_the_latest_date(found):
    assert top_rows(found) == ["DOE, JANE1  (A)", "DOE, JANE2  (P00002)"]
    assert top_rows(found, DATE)[0] == "2024-03-01"
    assert top_rows(found, DETAILS) == ["2 studies", "1 study"]


def test_a_study_that_comes_twice_is_shown_once(found):
    found.results.add_study("lab", "Lab", study(1, patient_id="A"))
    assert found.results.studies == 3


def test_the_filter_looks_into_studies_too(found):
    row_of(found, "1.2.2").item.setData("needle", qt.Qt.UserRole + 3)
    found.ui.filter.text = "NEEDLE"
    assert top_rows(found) == ["DOE, JANE2  (P00002)"]


def test_series_are_asked_for_when_their_study_is_opened_once(found, logic):
    assert logic.started("search series") == []
    row = row_of(found, "1.2.1")
    found.children_of_rows.ask(row)
    found.children_of_rows.ask(row)
    (job,) = logic.started("search series")
    assert job.asked["within"] == "1.2.1"
    job.find([series(1, 1), series(1, 2)]).end()
    assert [each.title for each in row.children] == ["1: axial 1 mm", "2: axial 1 mm"]
    assert row.item.rowCount() == 2


def test_what_is_in_the_database_has_a_mark(found, logic, until):
    logic.here = {"1.2.1": 180, "1.2.2": 3}
    found.refresh_marks()
    until(lambda: found.is_settled)
    marks = [row_of(found, uid).cell(HERE).text() for uid in ("1.2.1", "1.2.2", "1.2.3")]
    assert marks == ["✔", "◐", ""]
    assert "3 of 180" in row_of(found, "1.2.2").cell(HERE).toolTip()
    assert top_rows(found, HERE) == ["◐", "◐"]  # of the first patient one study of two is here


def test_a_mark_goes_when_the_database_has_it_no_longer(found, logic, until):
    logic.here = {"1.2.2": 180}
    found.refresh_marks()
    until(lambda: found.is_settled)
    assert top_rows(found, HERE) == ["", "✔"]
    logic.here = {}
    found.refresh_marks()
    until(lambda: found.is_settled)
    assert top_rows(found, HERE) == ["", ""]


def test_a_description_with_html_is_shown_as_it_is(panel, until):
    panel.results.add_studies("lab", "Lab", [study(9, description="<img src=x>")])
    until(lambda: panel.results.is_settled)
    cell = row_of(panel.results, "1.2.9").item
    assert cell.text() == "<img src=x>"
    assert "<img" not in cell.toolTip()


def test_the_uids_of_what_is_selected_are_copied(found):
    select(found, "1.2.2")
    found.copy_uids(0)
    assert qt.QApplication.clipboard().text() == "1.2.2"


def test_series_of_studies_that_nobody_has_opened_are_looked_for_before_their_uids_are_copied(found, logic):
    qt.QApplication.clipboard().setText("before")
    found.ui.tree.selectAll()
    found.copy_uids(1)
    for number in (1, 3, 2):
        assert qt.QApplication.clipboard().text() == "before"
        job = logic.last("search series")
        assert job.asked["within"] == f"1.2.{number}"
        job.find([series(number, 1), series(number, 2)]).end()
    copied = [f"1.2.{number}.{each}" for number in (1, 3, 2) for each in (1, 2)]
    assert sorted(qt.QApplication.clipboard().text().splitlines()) == sorted(copied)
    assert "6 UIDs copied." in found.ui.status.text


def test_instances_are_looked_for_before_their_uids_are_copied(found, logic):
    select(found, "1.2.2")
    found.copy_uids(2)
    logic.last("search series").find([series(2, 1)]).end()
    logic.last("search instances").find([instance(2, 1, number) for number in (1, 2)]).end()
    assert qt.QApplication.clipboard().text().splitlines() == ["1.2.2.1.1", "1.2.2.1.2"]


def test_nothing_is_copied_where_series_could_not_be_looked_for(found, logic):
    qt.QApplication.clipboard().setText("before")
    select(found, "1.2.2")
    found.copy_uids(1)
    logic.last("search series").break_off(ConnectionRefused("nothing listens there"))
    assert qt.QApplication.clipboard().text() == "before"


def test_a_filter_for_a_modality_shows_no_other_study_of_the_same_patient(found, until):
    found.add_studies("lab", "Lab", [study(4, "DOE^JANE1", patient_id="A", modality="MR", description="Knee")])
    until(lambda: found.is_settled)
    found.ui.filter.text = "MR"
    assert top_rows(found) == ["DOE, JANE1  (A)"]
    patient = found.proxy.index(0, 0)
    assert [found.proxy.index(row, 0, patient).data() for row in range(found.proxy.rowCount(patient))] == ["Knee"]


def test_of_a_patient_nothing_is_imported_that_the_filter_hides(found, panel, logic, until):
    found.add_studies("lab", "Lab", [study(4, "DOE^JANE1", patient_id="A", modality="MR", description="Knee")])
    until(lambda: found.is_settled)
    found.ui.filter.text = "MR"
    found.ui.tree.setCurrentIndex(found.proxy.index(0, 0))
    found.ui.importButton.click()
    assert logic.last("import").resources == ("1.2.4",)


def test_what_was_removed_from_the_database_meanwhile_is_not_marked_when_the_module_is_shown_again(until):
    logic = LogicByHand([LAB])
    module = ModulePanel(logic)
    found = search_three_studies(module.import_panel, logic, until)
    logic.here = {"1.2.1": 180}
    found.refresh_marks()
    until(lambda: found.is_settled)
    assert row_of(found, "1.2.1").cell(HERE).text() == "✔"
    logic.here = {}
    module.exit()
    module.enter()
    until(lambda: found.is_settled)
    assert row_of(found, "1.2.1").cell(HERE).text() == ""
    module.cleanup()
