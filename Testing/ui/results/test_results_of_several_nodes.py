"""A search of several nodes: what two of them have, who failed, who is waited for, how it goes on."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import ConnectionLost, ConnectionRefused, InvalidQuery, SignInRequired, TimedOut
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.results_row import INSTANCES, NODE
from ui.found import series, study
from ui.three_studies import row_of, select, top_rows


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
