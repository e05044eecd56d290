"""The tree of results: instances, several nodes, what cannot be read."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.errors import ConnectionLost, ConnectionRefused, InvalidQuery, SignInRequired, TimedOut
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.import_panel import ImportPanel
from DICOMWebNodesUI.results_row import DESCRIPTION, HERE, INSTANCES, NODE, SERIES
from ui.found import instance, series, study
from ui.logic_by_hand import LogicByHand
from ui.test_import_panel import CLINIC, LAB, row_of, select, top_rows


@pytest.fixture
def logic():
    return LogicByHand([LAB, CLINIC])


@pytest.fixture
def panel(logic):
    panel = ImportPanel(logic)
    panel.show()
    return panel


@pytest.fixture
def search(panel, logic, until):
    """Searches these nodes; gives the job, which the test moves on."""

    def run(*uids):
        panel.search_form.choose_node("several" if len(uids) > 1 else uids[0])
        for row in range(panel.search_form.ui.nodes.count):
            item = panel.search_form.ui.nodes.item(row)
            item.setCheckState(qt.Qt.Checked if item.data(qt.Qt.UserRole) in uids else qt.Qt.Unchecked)
        panel.search_form.ui.searchButton.click()
        return logic.last("search studies")

    return run


@pytest.fixture
def view(panel):
    return panel.results


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


# --- series and instances -----------------------------------------------------------------------------------------


def test_instances_are_asked_for_when_their_series_is_opened(opened, logic):
    (job,) = logic.started("search instances")
    assert (job.asked["node"], job.asked["within"]) == ("lab", "1.2.1/1.2.1.1")
    row = row_of(opened, "1.2.1/1.2.1.1")
    assert [each.title for each in row.children] == ["Instance 1", "Instance 2", "Instance 3"]
    assert row.children[0].cell(DESCRIPTION).text() == "512 x 512"
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


def test_uids_that_are_not_known_yet_cannot_be_copied(search, view, until):
    search("lab").find([study(1)]).end()
    until(lambda: view.is_settled)
    select(view, "1.2.1")
    view.menu.fill()
    assert [action.enabled for action in view.menu.menu.actions()[3:]] == [True, False, False]


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
    assert "only 1 series came" in view.ui.status.text


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


# --- what cannot be read --------------------------------------------------------------------------------------------


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
    assert row_of(view, "1.2.1").cell(DESCRIPTION).text() == "two lines evil"


# --- several nodes --------------------------------------------------------------------------------------------------


def test_a_patient_has_the_day_of_birth_in_the_tool_tip(search, view, until):
    born = {**study(1).raw, "00100030": {"vr": "DA", "Value": ["19530824"]}}
    search("lab").find([Attributes(born), study(2)]).end()
    until(lambda: view.is_settled)
    assert view.results.studies == 2
    assert row_of(view, "1.2.1").parent.item.toolTip().endswith("born 1953-08-24")


def test_a_study_of_two_nodes_is_shown_once_with_both(search, view, until):
    job = search("lab", "clinic")
    job.find([study(1), study(2)], "clinic").find([study(1)], "lab")
    until(lambda: view.is_settled)
    assert view.results.studies == 2
    assert row_of(view, "1.2.1").cell(NODE).text() == "Clinic, Lab"
    assert top_rows(view, NODE) == ["Clinic, Lab", "Clinic"]
    assert not view.ui.tree.isColumnHidden(NODE)


def test_a_node_whose_name_has_a_comma_is_named_once(logic, panel, search, view, until):
    logic.listed[1] = ListedNode(Node("Clinic, 2nd floor", "https://clinic.example.org/dicom-web", uid="clinic"))
    panel.refresh()
    job = search("lab", "clinic")
    for number in (1, 2, 3):
        job.find([study(number, "DOE^JANE", patient_id="A")], "clinic")
    job.find([study(1)], "lab")
    until(lambda: view.is_settled)
    assert top_rows(view, NODE) == ["Clinic, 2nd floor, Lab"]


def test_a_study_is_imported_from_the_node_that_answered_first_or_from_the_chosen_one(search, view, logic, until):
    job = search("lab", "clinic")
    job.find([study(1, instances=200)], "clinic").find([study(1, instances=180)], "lab").end()
    until(lambda: view.is_settled)
    select(view, "1.2.1")
    view.ui.importButton.click()
    assert logic.last("import").node == "clinic"
    view.menu.fill()
    actions = view.menu.sources.actions()
    texts = [action.text for action in actions]
    assert texts == ["Clinic  (2 series, 200 instances)", "Lab  (2 series, 180 instances)"]
    actions[1].trigger()
    assert row_of(view, "1.2.1").cell(INSTANCES).text() == "180"
    assert top_rows(view, INSTANCES) == ["180"]
    view.ui.importButton.click()
    assert logic.last("import").node == "lab"


def test_another_source_has_its_own_series(search, view, logic, until):
    search("lab", "clinic").find([study(1)], "lab").find([study(1)], "clinic").end()
    until(lambda: view.is_settled)
    row = row_of(view, "1.2.1")
    view.children_of_rows.ask(row)
    slow = logic.last("search series").find([series(1, 1)])
    view._choose_source(row, "clinic")
    slow.find([series(1, 2)])
    assert (list(row.children), row.item.rowCount()) == ([], 1)
    view.children_of_rows.ask(row)
    job = logic.last("search series").find([series(1, 3)]).end()
    assert job.asked["node"] == "clinic"
    assert [each.resource for each in row.children] == ["1.2.1/1.2.1.3"]


def test_the_filter_finds_a_study_by_each_of_its_nodes(search, view, until):
    search("lab", "clinic").find([study(1), study(2)], "lab").find([study(1)], "clinic").end()
    until(lambda: view.is_settled)
    view.ui.filter.text = "clinic"
    assert top_rows(view) == ["DOE, JANE1  (P00001)"]


def test_who_is_waited_for_is_named_and_who_failed_too_while_the_rest_is_shown(panel, search, view, until):
    job = search("lab", "clinic")
    job.find([study(1)], "lab").end_node("lab", count=1)
    until(lambda: view.is_settled)
    assert view.ui.status.text == "1 study so far... Waiting for Clinic."
    job.end_node("clinic", ConnectionRefused("nothing listens", node="Clinic", asked="search studies")).end()
    assert view.ui.status.text.splitlines() == ["1 study found.", "Clinic failed: not all it has is shown."]
    assert "Clinic: could not search studies" in panel.errors.ui.message.text
    assert view.results.studies == 1


def test_every_failure_is_shown_and_a_missing_sign_in_is_offered(panel, search):
    wanted = []
    panel.sign_in_wanted.connect(wanted.append)
    job = search("lab", "clinic").end_node("lab", SignInRequired("nobody is signed in", node="Lab"))
    job.end_node("clinic", ConnectionRefused("nothing listens", node="Clinic"))
    assert [line.partition(":")[0] for line in panel.errors.ui.message.text.splitlines()] == ["Lab", "Clinic"]
    panel.errors.ui.actionButton.click()
    assert wanted == ["lab"]


def test_an_error_of_the_whole_search_is_shown_too(panel, search):
    search("lab", "clinic").end_node("lab").break_off(TimedOut("the worker process ended"))
    assert "he worker process ended" in panel.errors.ui.message.text


def test_a_search_that_broke_goes_on_after_what_has_come(panel, search, logic, until):
    panel.search_form.ui.PatientName.text = "DOE*"
    job = search("lab", "clinic").find([study(1), study(2)], "lab")
    job.end_node("lab", ConnectionLost("the connection ended", node="Lab", asked="search studies"), count=2)
    job.find([study(3)], "clinic").end_node("clinic", count=1).end()
    until(lambda: panel.results.is_settled)
    assert panel.errors.ui.actionButton.text == "Continue the search"
    panel.errors.ui.actionButton.click()
    assert not panel.errors.visible
    again = logic.last("search studies")
    assert (again.asked["node"], again.asked["offset"]) == (["lab"], 2)
    assert again.asked["PatientName"] == job.asked["PatientName"]
    assert not panel.search_form.ui.searchButton.enabled, "it is under way"
    error = ConnectionLost("again", node="Lab")
    again.find([study(4)], "lab").end_node("lab", error, count=1).break_off(error)
    until(lambda: panel.results.is_settled)
    assert "Lab failed" in panel.results.ui.status.text
    panel.errors.ui.actionButton.click()
    last = logic.last("search studies")
    assert last.asked["offset"] == 3, "counted from the beginning"
    last.find([study(5)], "lab").end_node("lab", count=1).end()
    until(lambda: panel.results.is_settled)
    assert panel.results.results.studies == 5
    assert "failed" not in panel.results.ui.status.text


@pytest.mark.parametrize(
    ("error", "count"),
    [(ConnectionLost("the connection ended"), 0), (InvalidQuery("the server finds fault with it"), 2)],
    ids=["nothing has come", "asking again is of no use"],
)
def test_nobody_is_offered_what_does_not_help(panel, search, error, count):
    job = search("lab").find([study(1), study(2)][:count], "lab").end_node("lab", error, count=count)
    job.break_off(error)
    assert panel.errors.visible
    assert not panel.errors.ui.actionButton.visible
