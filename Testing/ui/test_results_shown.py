"""Which results are shown: filtered, and with the studies of all patients or without; however many there are."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.results_row import DATE, NODE
from DICOMWebNodesUI.results_view import ResultsView
from ui.found import study
from ui.logic_by_hand import LogicByHand

FEW, MANY = 30, 520


@pytest.fixture
def shown(until):
    """The view of that many patients with a study each, of which every tenth is a TENTH."""

    def show(count):
        view = ResultsView(LogicByHand([ListedNode(Node("Lab", "http://127.0.0.1/rs", uid="lab"))]))
        view.show()
        search(view, count)
        until(lambda: view.is_settled)
        return view

    return show


def search(view, count):
    view.clear()
    view.set_running(True)
    view.add_studies("lab", "Lab", [study(each, "TENTH" if each % 10 == 0 else "") for each in range(1, count + 1)])
    view.set_running(False)


def top(view):
    return [view.proxy.index(row, 0) for row in range(view.proxy.rowCount())]


def open_ones(view):
    return sum(view.ui.tree.isExpanded(index) for index in top(view))


def look_of_columns(view):
    """Where each of them is, how wide, and by which the rows are sorted."""
    header = view.ui.tree.header()
    places = [(header.visualIndex(column), header.sectionSize(column)) for column in range(NODE + 1)]
    return places, header.sortIndicatorSection, view.ui.tree.isColumnHidden(NODE)


@pytest.mark.parametrize("count", [FEW, MANY])
def test_all_patients_are_opened_and_closed(shown, until, count):
    view = shown(count)
    view.ui.expandButton.click()
    until(lambda: view.is_settled)
    assert open_ones(view) == count
    view.ui.expandButton.click()
    assert open_ones(view) == 0


def test_very_many_patients_are_opened_in_steps_between_which_the_window_lives(shown, until):
    view = shown(MANY)
    view.ui.expandButton.click()
    assert open_ones(view) == 0
    assert not view.is_settled
    view.ui.tree.sortByColumn(DATE, qt.Qt.DescendingOrder)  # which a person may well do meanwhile
    until(lambda: view.is_settled)
    assert open_ones(view) == MANY


@pytest.mark.parametrize("count", [FEW, MANY])
def test_an_open_tree_stays_open_when_it_is_filtered(shown, until, count):
    view = shown(count)
    view.ui.expandButton.click()
    for text, matching in (("tenth", count // 10), ("", count)):
        view.ui.filter.text = text
        until(lambda: view.is_settled)
        assert open_ones(view) == len(top(view)) == matching


def test_the_few_that_match_are_opened_without_being_asked(shown, until):
    view = shown(MANY)
    view.ui.filter.text = "tenth"
    until(lambda: view.is_settled)
    assert view.ui.expandButton.checked
    assert open_ones(view) == len(top(view)) == MANY // 10


def test_what_is_typed_while_the_tree_is_being_opened_is_not_lost_when_it_is_closed(shown, until):
    view = shown(MANY)
    view.ui.expandButton.click()
    view.ui.filter.text = "tenth"
    view.ui.expandButton.click()
    until(lambda: view.is_settled)
    assert len(top(view)) == MANY // 10


def test_what_is_found_next_is_as_open_and_filtered_as_the_button_and_the_filter_say(shown, until):
    view = shown(FEW)
    view.ui.expandButton.click()
    view.ui.filter.text = "tenth"
    search(view, MANY)
    until(lambda: view.is_settled)
    assert open_ones(view) == len(top(view)) == MANY // 10


def test_nothing_is_left_of_former_results(shown, until):
    view = shown(FEW)
    former = view.results.model
    view.ui.tree.selectAll()
    columns = look_of_columns(view)
    search(view, 1)
    assert former.rowCount() == FEW, "it is taken apart in steps"
    until(lambda: view.is_settled)
    assert (len(top(view)), len(list(view.results.rows.values()))) == (1, 2)
    assert view.selection.rows() == []
    assert look_of_columns(view) == columns


@pytest.mark.parametrize(("count", "rows"), [(FEW, 2 * FEW), (MANY, MANY)])
def test_all_are_selected_in_no_time_however_many_are_open(shown, until, count, rows):
    view = shown(count)
    view.ui.expandButton.click()
    until(lambda: view.is_settled)
    (select_all,) = [each for each in view.ui.tree.findChildren(qt.QShortcut) if each.key.toString() == "Ctrl+A"]
    select_all.activated.emit()
    assert len(view.selection.rows()) == rows
    assert len(view.selection.resources()["lab"]) == count
