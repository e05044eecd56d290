"""Pictures of the series that are in sight: which are asked for, in which order, and what is shown instead."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import NoPicture, TimedOut
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.results_view import ResultsView
from ui.found import series, study
from ui.logic_by_hand import LogicByHand
from ui.scenes.desk import picture

LAB = ListedNode(Node("Lab", "https://lab.example.org/dicom-web", uid="lab"))
MANY = 60


@pytest.fixture
def logic():
    return LogicByHand([LAB])


@pytest.fixture
def view(logic, until):
    """One study with many series, opened, in a window with room for a few of them."""
    view = ResultsView(logic)
    view.resize(600, 300)
    view.show()
    view.add_studies("lab", "Lab", [study(1)])
    until(lambda: view.is_settled)
    view.ui.tree.expandToDepth(0)
    study_row = next(row for row in view.results.rows.values() if row.resource == "1.2.1")
    view.children_of_rows.ask(study_row)
    logic.last("search series").find([series(1, number) for number in range(1, MANY + 1)]).end()
    view.ui.tree.expandToDepth(1)
    until(lambda: logic.started("thumbnail"))
    return view


def asked(logic):
    """The numbers of the series that were asked for, in their order."""
    return [int(job.asked["resource"].rpartition(".")[2]) for job in logic.started("thumbnail")]


def arrive(job):
    job.end(SimpleNamespace(contentType="image/png", data=picture()))


def row_of(view, number):
    return next(row for row in view.results.rows.values() if row.resource.endswith(f"/1.2.1.{number}"))


def open_jobs(logic):
    return [job for job in logic.started("thumbnail") if not job.isOver]


def test_only_what_is_in_sight_is_asked_for_a_few_at_a_time(view, logic):
    assert asked(logic) == [1, 2]
    while open_jobs(logic):
        arrive(open_jobs(logic)[0])
    assert asked(logic) == list(range(1, len(asked(logic)) + 1))
    assert 3 < len(asked(logic)) < MANY // 2
    assert row_of(view, 1).picture is not None
    assert row_of(view, MANY).picture is None


def test_what_is_scrolled_away_is_cancelled_and_asked_for_again_when_it_comes_back(view, logic, until):
    first = open_jobs(logic)
    bar = view.ui.tree.verticalScrollBar()
    bar.value = bar.maximum
    until(lambda: all(job.isOver for job in first) and open_jobs(logic))
    assert max(asked(logic)) > MANY // 2
    bar.value = bar.minimum
    until(lambda: asked(logic)[-1] in (1, 2))
    assert all(row_of(view, number).picture is None for number in (1, 2))


def test_what_has_its_picture_is_not_asked_for_twice(view, logic, until):
    arrive(open_jobs(logic)[0])
    bar = view.ui.tree.verticalScrollBar()
    bar.value = bar.maximum
    until(lambda: max(asked(logic)) > MANY // 2)
    bar.value = bar.minimum
    until(lambda: asked(logic)[-1] < 5)
    assert asked(logic).count(1) == 1


def test_what_is_selected_comes_first(view, logic, until):
    row = row_of(view, 5)
    index = view.proxy.mapFromSource(view.results.model.indexFromItem(row.item))
    view.ui.tree.selectionModel().select(index, qt.QItemSelectionModel.ClearAndSelect | qt.QItemSelectionModel.Rows)
    for job in open_jobs(logic):
        assert job.asked["resource"] != row.resource
    until(lambda: not view.thumbnails._timer.active)
    arrive(open_jobs(logic)[0])
    assert asked(logic)[-1] == 5


def test_what_is_no_picture_is_shown_by_its_modality(view, logic):
    row = row_of(view, 1)
    open_jobs(logic)[0].break_off(NoPicture("it is a structured report, not an image", modality="SR"))
    assert row.picture is not None
    assert "a structured report" in row.item.toolTip()
    assert "axial 1 mm" in row.item.toolTip(), "it says what the series is all the same"


def test_a_picture_that_failed_is_not_asked_for_again_and_again(view, logic, until):
    open_jobs(logic)[0].break_off(TimedOut("no answer came"))
    view.thumbnails.look_soon()
    until(lambda: not view.thumbnails._timer.active)
    assert asked(logic).count(1) == 1
    assert row_of(view, 1).picture is None


def test_clearing_the_results_cancels_everything(view, logic):
    view.clear()
    assert open_jobs(logic) == []


def test_a_picture_that_failed_says_why_and_is_asked_for_again_when_it_is_selected(view, logic, until):
    row = row_of(view, 1)
    open_jobs(logic)[0].break_off(TimedOut("no answer came"))
    assert "no answer came" in row.item.toolTip().lower()
    assert not row.item.icon().isNull()
    index = view.proxy.mapFromSource(view.results.model.indexFromItem(row.item))
    view.ui.tree.setCurrentIndex(index)
    until(lambda: not view.thumbnails._timer.active)
    while open_jobs(logic):
        arrive(open_jobs(logic)[0])
    assert asked(logic).count(1) == 2
    assert row.picture is not None
    assert "no answer" not in row.item.toolTip()
