"""Slicer docks its module panel 400 to 500 pixels wide: what matters is not cut off there."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesHost.import_values import ImportProgress
from DICOMWebNodesHost.series_progress import SeriesProgress
from DICOMWebNodesUI.fonts import metrics
from DICOMWebNodesUI.module_panel import ModulePanel
from DICOMWebNodesUI.transfer_rows import LEFT, PROGRESS, SPEED, STATE, TITLE
from DICOMWebNodesUI.transfers_panel import TransfersPanel
from DICOMWebNodesUI.wrapping_row import WrappingRow
from ui.logic_by_hand import LogicByHand
from ui.scenes.desk import logic as nodes_of_a_person
from ui.test_translations import CATALOGUES, speaking  # noqa: F401

NARROW = 66  # characters: 400 pixels of DejaVu Sans in 10 points


def spin():
    for _ in range(20):
        qt.QCoreApplication.processEvents()


def shown(widget, characters, lines=40):
    letters = metrics(widget)
    widget.resize(letters.averageCharWidth() * characters, letters.height() * lines)
    widget.show()
    spin()
    return widget


@pytest.fixture
def logic():
    logic = LogicByHand()
    job = logic.startImportStudies("lab", ["1.2"], "VAN DER BERG-SCHWARZENEGGER, MARIA MAGDALENA  (P00001)")
    job.show(
        SeriesProgress("1.2", "1.2.1", 180, 180, 180, 0, 95_000_000, 0, "done"),
        SeriesProgress("1.2", "1.2.2", 400, 200, 150, 0, 100_000_000, 48_000_000.0, "retrieving"),
    )
    return logic


def columns_of(panel):
    return [column for column in range(5) if not panel.ui.table.header().isSectionHidden(column)]


def width_of_columns(panel):
    return sum(panel.ui.table.columnWidth(column) for column in range(5))


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
def test_no_line_of_the_panel_needs_more_room_than_a_docked_one_has(language, speaking):  # noqa: F811
    if language != "en":
        speaking(language)
    panel = ModulePanel(nodes_of_a_person())
    form = panel.import_panel.search_form.ui
    form.dates.setCurrentIndex(form.dates.findData("range"))
    form.more.collapsed = False
    for page in (panel.import_panel, panel.transfers_panel, panel.node_manager):
        panel.tabs.setCurrentWidget(page)
        shown(panel, NARROW)
        assert panel.minimumSizeHint.width() <= metrics(panel).averageCharWidth() * NARROW, type(page).__name__
    panel.cleanup()


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
def test_the_state_of_a_transfer_is_whole_in_a_narrow_panel(language, speaking, logic):  # noqa: F811
    if language != "en":
        speaking(language)
    panel = shown(TransfersPanel(logic), NARROW)
    table = panel.ui.table
    table.expand(table.model().index(0, 0))
    spin()
    assert {TITLE, PROGRESS, STATE} <= set(columns_of(panel))
    assert table.columnWidth(STATE) >= table.sizeHintForColumn(STATE)
    assert table.columnWidth(PROGRESS) >= table.sizeHintForColumn(PROGRESS)
    assert width_of_columns(panel) <= table.viewport().width
    panel.cleanup()


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
def test_the_titles_of_series_can_be_read_in_the_narrowest_panel(language, speaking, logic):  # noqa: F811
    """At 375 pixels with a font of 115 %, where the state has to give way."""
    if language != "en":
        speaking(language)
    panel = shown(TransfersPanel(logic), 51)
    table = panel.ui.table
    transfer = table.model().index(0, 0)
    table.expand(transfer)
    spin()
    title = table.visualRect(table.model().index(0, TITLE, transfer))
    assert title.width() >= 11 * metrics(table).averageCharWidth()
    assert width_of_columns(panel) <= table.viewport().width, "nothing has to be scrolled to"
    panel.cleanup()


def test_speed_and_time_are_below_the_list_where_it_has_no_room_for_them(logic, until):
    panel = shown(TransfersPanel(logic), NARROW - 20)
    logic.last("import").progressed.emit(ImportProgress(600, 300, 300, 240_000_000, 48_000_000.0))
    until(lambda: panel.ui.reason.text == "48.0 MB/s, 5 s left")
    assert not {SPEED, LEFT} & set(columns_of(panel))
    shown(panel, 2 * NARROW)
    assert columns_of(panel) == [0, 1, 2, 3, 4]
    assert panel.ui.reason.text == ""
    panel.cleanup()


def test_a_column_that_was_drawn_wider_stays_so(logic):
    panel = shown(TransfersPanel(logic), NARROW)
    panel.ui.table.header().resizeSection(TITLE, 300)
    panel.ui.table.header().resizeSection(STATE, 200)
    shown(panel, NARROW + 30)
    assert [panel.ui.table.columnWidth(column) for column in (TITLE, STATE)] == [300, 200]
    panel.cleanup()


def row_of(*texts, at_edge=None):
    place = qt.QWidget()
    layout = qt.QHBoxLayout(place)
    buttons = [qt.QPushButton(text) for text in texts]
    for button in buttons:
        layout.addWidget(button)
    return place, buttons, WrappingRow(place, at_edge=buttons[at_edge] if at_edge is not None else None)


def test_buttons_that_have_no_room_beside_each_other_are_below_each_other():
    place, buttons, _row = row_of("A button with words", "Another button", "One with many words", at_edge=2)
    shown(place, 80, 4)
    assert len({button.y for button in buttons}) == 1
    assert buttons[2].geometry.right() > buttons[1].geometry.right() + 50, "it keeps to the right"
    place.resize(place.minimumSizeHint.width(), place.height)
    spin()
    assert len({button.y for button in buttons}) == 3
    assert all(button.width >= button.sizeHint.width() for button in buttons)


def test_what_comes_into_a_row_later_finds_its_place():
    place, buttons, row = row_of("One", "Two", "Three")
    buttons[1].visible = buttons[2].visible = False
    shown(place, 20, 4)
    buttons[1].visible = buttons[2].visible = True
    row.arrange()
    spin()
    assert len({button.y for button in buttons}) > 1
