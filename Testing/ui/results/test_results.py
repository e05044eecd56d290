"""The tree of results: series and instances, sums, what cannot be read."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.errors import TimedOut
from DICOMWebNodesUI import words
from DICOMWebNodesUI.results_row import DATE, DETAILS, HERE, INSTANCES, NAME, NODE, SERIES
from DICOMWebNodesUI.results_view import ResultsView
from ui.found import instance, series, study
from ui.three_studies import row_of, select, top_rows

COLUMNS = "DICOMWebNodes/Columns/Results"


@pytest.fixture
def opened(search, view, logic, until):
    """A study of Lab with one series of three instances, all of which are shown."""
    search("lab").find([study(1)]).end()
    until(lambda: view.is_settled)
    view.children_of_rows.ask(row_of(view, "1.2.1"))
    logic.last("search series").find([series(1, 1, instances=3)]).end()
    view.children_of_rows.ask(row_of(view, "1.2.1/1.2.1.1"))
    logic.last("search instances").find([instance(1, 1, number) for number in (1, 2, 3)]).end()
    return view


def select_all(view, *resources):
    selection = view.ui.tree.selectionModel()
    selection.clearSelection()
    for resource in resources:
        index = view.proxy.mapFromSource(view.results.model.indexFromItem(row_of(view, resource).item))
        selection.select(index, qt.QItemSelectionModel.Select | qt.QItemSelectionModel.Rows)


def test_instances_are_asked_for_when_their_series_is_opened(opened, logic):
    (job,) = logic.started("search instances")
    assert (job.asked["node"], job.asked["within"]) == ("lab", "1.2.1/1.2.1.1")
    row = row_of(opened, "1.2.1/1.2.1.1")
    assert [each.title for each in row.children] == ["Instance 1", "Instance 2", "Instance 3"]
    assert row.children[0].cell(DETAILS).text() == "512 x 512"
    assert row.item.rowCount() == 3


def test_each_instance_of_the_database_has_a_mark(opened, logic, until):
    logic.here = {"1.2.1": 1, "1.2.1/1.2.1.1": 1, "1.2.1/1.2.1.1/1.2.1.1.2": 1}
    opened.refresh_marks()
    until(lambda: opened.is_settled)
    series_row = row_of(opened, "1.2.1/1.2.1.1")
    assert [each.cell(HERE).text() for each in series_row.children] == ["", "✔", ""]
    assert series_row.cell(HERE).text() == "◐"


def test_chosen_instances_are_imported(opened, logic):
    select_all(opened, "1.2.1/1.2.1.1/1.2.1.1.1", "1.2.1/1.2.1.1/1.2.1.1.3")
    opened.ui.importButton.click()
    job = logic.last("import")
    assert job.resources == ("1.2.1/1.2.1.1/1.2.1.1.1", "1.2.1/1.2.1.1/1.2.1.1.3")
    assert job.title == "DOE, JANE1  (P00001)"


def test_what_is_inside_of_something_selected_is_not_imported_twice(opened, logic):
    select_all(opened, "1.2.1/1.2.1.1/1.2.1.1.1", "1.2.1/1.2.1.1", "1.2.1")
    assert opened.selection.resources() == {"lab": ["1.2.1"]}
    select_all(opened, "1.2.1/1.2.1.1/1.2.1.1.1", "1.2.1/1.2.1.1")
    assert opened.selection.resources() == {"lab": ["1.2.1/1.2.1.1"]}


@pytest.mark.parametrize(
    ("level", "uids"), [(0, "1.2.1"), (1, "1.2.1.1"), (2, "1.2.1.1.1\n1.2.1.1.2\n1.2.1.1.3")], ids=str
)
def test_the_uids_of_all_that_is_inside_of_the_selection_are_copied(opened, level, uids):
    select(opened, "1.2.1")
    opened.menu.fill()
    opened.menu.menu.actions()[3 + level].trigger()
    assert qt.QApplication.clipboard().text() == uids


def test_what_failed_is_asked_for_again_when_it_is_opened_again(search, view, logic, until):
    search("lab").find([study(1)]).end()
    until(lambda: view.is_settled)
    row = row_of(view, "1.2.1")
    view.children_of_rows.ask(row)
    logic.last("search series").find([series(1, 1)]).break_off(TimedOut("it took too long"))
    assert "it took too long" in row.item.child(0, 0).text()
    view.children_of_rows.ask(row)
    logic.last("search series").find([series(1, 1), series(1, 2)]).end()
    assert row.item.rowCount() == 2


def test_that_the_server_holds_back_series_is_told(opened, logic):
    logic.last("search instances")
    view = opened
    logic.last("search series").warned.emit("only 1 series came")
    assert "only 1 series came." in view.ui.status.text


def test_a_search_that_is_over_adds_nothing_to_the_next_one(search, view, logic, until):
    search("lab").find([study(1)]).end()
    until(lambda: view.is_settled)
    view.children_of_rows.ask(row_of(view, "1.2.1"))
    late = logic.last("search series")
    search("lab").find([study(2)]).end()
    until(lambda: view.is_settled)
    assert late.isOver
    assert top_rows(view) == ["DOE, JANE2  (P00002)"]


def test_a_patient_has_the_sums_of_the_studies(search, view, until):
    search("lab").find([study(1, patient_id="A"), study(2, "DOE^JANE1", patient_id="A", instances=20), study(3)]).end()
    until(lambda: view.is_settled)
    assert top_rows(view, SERIES) == ["4", "2"]
    assert top_rows(view, INSTANCES) == ["200", "180"]


def test_what_a_stopped_search_still_brings_is_not_among_the_results_of_the_next(panel, search, view, until):
    late = search("lab").find([study(1)])
    panel.search_form.ui.stopButton.click()
    search("lab").find([study(2)]).end()
    late.find([study(3)]).warned.emit("only 1 came")
    until(lambda: view.is_settled)
    assert top_rows(view) == ["DOE, JANE2  (P00002)"]
    assert view.ui.status.text == "1 study found."


def test_a_result_that_cannot_be_read_hides_no_other_and_is_counted(search, view, until):
    nameless = Attributes({"00100010": {"vr": "PN", "Value": [{"Alphabetic": "NOBODY"}]}})
    odd = Attributes(
        {**study(2).raw, "00080020": {"vr": "DA", "Value": [[]]}, "00201208": {"vr": "IS", "Value": ["x"]}}
    )
    search("lab").find([nameless, odd, study(3)]).end()
    until(lambda: view.is_settled)
    assert view.results.studies == 2
    assert "1 of the server's results" in view.ui.status.text
    assert row_of(view, "1.2.2").cell(INSTANCES).text() == ""


def test_a_name_in_several_lines_stays_on_one(search, view, until):
    search("lab").find([study(1, description="two\nlines\u202eevil")]).end()
    until(lambda: view.is_settled)
    assert row_of(view, "1.2.1").title == "two lines evil"


def test_names_with_accents_stand_where_they_are_looked_for(search, view, until):
    names = ("Zoe", "Äneas^Rüdiger", "Abel", "BERG", "山田^太郎")
    search("lab").find([study(number, name) for number, name in enumerate(names, 1)]).end()
    until(lambda: view.is_settled)
    assert [title.partition("  ")[0] for title in top_rows(view)] == [
        "Abel",
        "Äneas, Rüdiger",
        "BERG",
        "Zoe",
        "山田, 太郎",
    ]


def test_the_studies_of_a_patient_are_in_the_order_of_time(search, view, until):
    ids = {"134": "20030505", "2": "20010101", "17": "20240131"}
    rows = [
        study(number, "DOE", patient_id="A", study_id=study_id, date=date, description="")
        for number, (study_id, date) in enumerate(ids.items(), 1)
    ]
    search("lab").find(rows).end()
    until(lambda: view.is_settled)
    patient = view.proxy.index(0, 0)
    assert [view.proxy.index(row, 0, patient).data() for row in range(3)] == ["Study 2", "Study 134", "Study 17"]


def test_a_study_is_called_by_its_description_and_by_its_number_when_it_has_none(search, view, until):
    search("lab").find([study(1), study(2, description="", study_id="S2")]).end()
    until(lambda: view.is_settled)
    assert [row_of(view, f"1.2.{n}").title for n in (1, 2)] == ["Head without contrast", "Study S2"]
    assert [row_of(view, f"1.2.{n}").cell(DETAILS).text() for n in (1, 2)] == ["Study S1", ""]


@pytest.mark.parametrize(
    ("number", "description", "title"),
    [("4", "T1", "4: T1"), ("4", "", "Series 4"), ("", "T1", "T1"), ("", "", "Series")],
    ids=["both", "number", "description", "neither"],
)
def test_a_series_is_called_by_its_number_and_its_description(number, description, title):
    assert words.series(number, description) == title


def test_what_a_narrow_panel_has_no_room_for_is_in_the_tool_tip_of_the_name(opened):
    assert row_of(opened, "1.2.1").item.toolTip() == "Head without contrast\n2024-01-31, CT, Study S1"
    assert row_of(opened, "1.2.1/1.2.1.1").item.toolTip() == "1: axial 1 mm\nCT"


def test_a_patient_has_the_day_of_birth_in_the_tool_tip(search, view, until):
    born = {**study(1).raw, "00100030": {"vr": "DA", "Value": ["19530824"]}}
    search("lab").find([Attributes(born), study(2)]).end()
    until(lambda: view.is_settled)
    assert view.results.studies == 2
    assert row_of(view, "1.2.1").parent.item.toolTip().endswith("born 1953-08-24")


def test_columns_are_as_a_person_has_arranged_them_next_time(view, logic):
    header = view.ui.tree.header()
    header.moveSection(header.visualIndex(DETAILS), 1)
    header.resizeSection(DETAILS, 123)
    view.ui.tree.sortByColumn(DATE, qt.Qt.DescendingOrder)
    view.show_node_column(True)
    view.cleanup()
    tree = ResultsView(logic).ui.tree
    assert tree.header().visualIndex(DETAILS) == 1
    assert tree.columnWidth(DETAILS) == 123
    assert (tree.header().sortIndicatorSection(), tree.model().sortColumn()) == (DATE, DATE)
    assert tree.isColumnHidden(NODE), "until several nodes are searched"


@pytest.mark.parametrize("kept", [None, "columns", qt.QByteArray(b"columns")], ids=["nothing", "text", "bytes"])
def test_without_readable_columns_they_are_those_of_a_beginner(logic, kept):
    if kept is not None:
        qt.QSettings().setValue(COLUMNS, kept)
    view = ResultsView(logic)
    assert [view.ui.tree.header().visualIndex(column) for column in (NAME, HERE, NODE, DATE)] == [0, 1, 2, 3]
    view.cleanup()
    assert qt.QSettings().value(COLUMNS) is None, "what nobody has changed fits to another font"


def test_a_double_click_loads_a_series_and_an_instance_and_opens_what_is_above(opened, panel):
    wanted = []
    opened.import_wanted.connect(wanted.append)
    for resource in ("1.2.1", "1.2.1/1.2.1.1", "1.2.1/1.2.1.1/1.2.1.1.2"):
        select(opened, resource)
        opened.ui.tree.doubleClicked.emit(opened.ui.tree.currentIndex())
    assert [(each.resources, each.load) for each in wanted] == [
        (("1.2.1/1.2.1.1",), True),
        (("1.2.1/1.2.1.1/1.2.1.1.2",), True),
    ]
