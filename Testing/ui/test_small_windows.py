"""A small laptop, or letters of 125 %: every dialog can be used in 375 x 480 pixels."""

from __future__ import annotations

import ctk
import pytest
import qt
import slicer
from DICOMWebNodesUI import form
from DICOMWebNodesUI.fonts import metrics
from standin.application import main_window
from ui.found import checks
from ui.scenes import DIALOGS, configuring
from ui.test_translations import CATALOGUES, speaking  # noqa: F401

COLUMNS, LINES = 62, 30  # 375 x 480 pixels of DejaVu Sans in 10 points


def spin():
    for _ in range(20):
        qt.QCoreApplication.processEvents()


def made_small(dialog):
    """With everything open that can be."""
    letters = metrics(dialog)
    dialog.show()
    for section in dialog.findChildren(ctk.ctkCollapsibleButton):
        section.collapsed = False
    spin()
    dialog.resize(letters.averageCharWidth() * COLUMNS, letters.height() * LINES)
    spin()
    return dialog


def is_within(widget, window):
    corner = widget.mapTo(window, qt.QPoint(0, 0))
    return (
        corner.x() >= 0
        and corner.x() + widget.width <= window.width
        and corner.y() >= 0
        and corner.y() + widget.height <= window.height
    )


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
@pytest.mark.parametrize("scene", DIALOGS)
def test_a_dialog_is_whole_in_a_small_window(scene, language, speaking):  # noqa: F811
    """It becomes as small as that, is never wider than its window, and what ends it stays in sight."""
    if language != "en":
        speaking(language)
    dialog = made_small(DIALOGS[scene]())
    letters = metrics(dialog)
    assert dialog.width <= letters.averageCharWidth() * COLUMNS
    assert dialog.height <= letters.height() * LINES
    for area in dialog.findChildren(qt.QScrollArea):
        assert area.horizontalScrollBar().maximum == 0, f"{area.widget().minimumSizeHint.width()} in {area.width}"
    (buttons,) = dialog.findChildren(qt.QDialogButtonBox)
    assert all(is_within(button, dialog) for button in buttons.buttons())


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
def test_a_sign_in_that_is_under_way_can_be_cancelled_in_a_small_window(language, speaking):  # noqa: F811
    if language != "en":
        speaking(language)
    manager = made_small(configuring.signing_in())
    for button in (manager.sign_in_panel.ui.copyButton, manager.sign_in_panel.ui.cancelButton):
        assert is_within(button, manager)
        assert not button.visibleRegion().isEmpty()


def test_what_a_test_of_a_node_found_is_scrolled_to(until):
    editor = made_small(configuring.new_node())
    editor.ui.name.text, editor.ui.url.text = "Lab", "https://lab.example.org/dicom-web"
    editor.ui.testButton.click()
    editor._logic.last("test node").end(checks())
    until(lambda: is_within(editor.ui.checkText, editor.ui.scrollArea))


def test_a_dialog_opens_within_slicers_window():
    window = main_window()
    slicers = slicer.util.mainWindow()  # that of another test, perhaps, if there is one
    slicers.resize(500, 400)
    dialog = qt.QDialog()
    form.give_size(dialog, 500, 100)
    assert (dialog.width, dialog.height) == (slicers.width, slicers.height)
    window.delete()


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
def test_the_page_of_settings_says_in_whole_where_secrets_are(language, speaking):  # noqa: F811
    if language != "en":
        speaking(language)
    page = configuring.settings_page()
    page.show()
    spin()
    for label in (page.ui.secretsPlace, page.ui.message):
        assert label.text
        assert label.height >= label.heightForWidth(label.width)
