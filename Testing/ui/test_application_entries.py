"""What the module adds to the application: only where the application has a place for it."""

from __future__ import annotations

import types

import pytest
import qt
import slicer
import slicer.util
from DICOMWebNodesHost import settings
from DICOMWebNodesUI.application import BUTTON, ApplicationEntries, add_button_to_dicom_module
from standin.application import main_window
from ui.logic_by_hand import LogicByHand

ENTRY = "Import from DICOM&web nodes..."


@pytest.fixture
def window():
    window = main_window()
    yield window
    window.delete()


@pytest.fixture
def logic():
    return LogicByHand()


@pytest.fixture
def panel(window, logic):
    slicer.app.userSettings().clear()
    entries = ApplicationEntries(lambda: logic)
    yield entries.settings_panel
    slicer.app.userSettings().clear()


@pytest.fixture
def dicom_module():
    """As it is once it has been opened."""
    frame = qt.QWidget()
    frame.setLayout(qt.QFormLayout())
    slicer.modules.DICOMWidget = types.SimpleNamespace(ui=types.SimpleNamespace(networkingFrame=frame))
    yield frame
    del slicer.modules.DICOMWidget


def kept():
    return settings.readSettings(lambda key: slicer.app.userSettings().value(key))


def test_a_file_menu_of_another_application_has_the_entry_at_its_end(window, logic):
    menu = window.findChild(qt.QMenu, "FileMenu")
    menu.findChild(qt.QMenu, "RecentlyLoadedMenu").objectName = ""
    ApplicationEntries(lambda: logic)
    assert menu.actions()[-1].text == ENTRY


def test_without_a_main_window_nothing_is_added(logic):
    assert slicer.util.mainWindow() is None
    entries = ApplicationEntries(lambda: logic)
    assert (entries.settings_panel, entries.action) == (None, None)


def test_the_file_menu_opens_the_module(window, logic):
    entries = ApplicationEntries(lambda: logic)
    menu = window.findChild(qt.QMenu, "FileMenu")
    assert [action.text for action in menu.actions()] == ["Add DICOM Data", ENTRY, "Recent", "Exit"]
    entries.action.trigger()
    assert window.moduleSelector().selectedModule == "DICOMWebNodes"


def test_the_dicom_module_gets_a_button_when_it_is_opened(window, logic, until):
    _entries = ApplicationEntries(lambda: logic)
    frame = qt.QWidget()
    frame.setLayout(qt.QFormLayout())
    slicer.modules.DICOMWidget = types.SimpleNamespace(ui=types.SimpleNamespace(networkingFrame=frame))
    window.moduleSelector().selectModule("DICOM")
    until(lambda: frame.findChild(qt.QPushButton, BUTTON) is not None)
    frame.findChild(qt.QPushButton, BUTTON).click()
    assert window.moduleSelector().selectedModule == "DICOMWebNodes"
    del slicer.modules.DICOMWidget


def test_a_dicom_module_that_is_open_gets_its_button_at_once_and_only_one(window, logic, dicom_module):
    ApplicationEntries(lambda: logic)
    add_button_to_dicom_module()
    assert len(dicom_module.findChildren(qt.QPushButton)) == 1


def test_a_dicom_module_of_another_make_is_left_alone():
    slicer.modules.DICOMWidget = types.SimpleNamespace()
    add_button_to_dicom_module()
    del slicer.modules.DICOMWidget


def test_what_is_set_is_kept_and_told_to_every_logic(panel, until):
    class Listener:
        told = 0

        def settingsChanged(self):
            self.told += 1

    listener = Listener()
    settings.listen(listener)
    panel.ui.parallelSeries.value = 3
    panel.ui.previewCache.value = 10
    panel.ui.previewFolder.text = "/previews"
    panel.ui.logLevel.currentIndex = 2
    panel.ui.verifyImports.checked = True
    until(lambda: listener.told)
    assert kept() == settings.Settings(3, 10, "/previews", 2, verifyImports=True)
    assert kept().forWorker() == {
        "connections": 3,
        "preview_bytes": 10_000_000,
        "preview_folder": "/previews",
        "log_level": "debug",
    }


def test_the_next_panel_shows_what_is_kept(panel, logic):
    panel.ui.parallelSeries.value = 5
    panel.ui.logLevel.currentIndex = 0
    panel.ui.verifyImports.checked = True
    again = ApplicationEntries(lambda: logic).settings_panel
    assert (again.ui.parallelSeries.value, again.ui.logLevel.currentIndex) == (5, 0)
    assert again.ui.verifyImports.checked


def test_reset_brings_the_defaults_back(panel):
    panel.ui.parallelSeries.value = 5
    panel.ui.previewFolder.text = "/previews"
    panel.ui.verifyImports.checked = True
    panel.ui.resetButton.click()
    assert kept() == settings.Settings()


@pytest.mark.parametrize(
    ("name", "value", "counts"),
    [
        ("parallelSeries", "7", 7),  # as a settings file gives it after a restart
        ("parallelSeries", 0, 16),
        ("parallelSeries", "many", 16),
        ("previewCache", "0", 0),
        ("previewCache", -1, 64),
        ("logLevel", "3", 1),
        ("previewFolder", ("a", "b"), ""),
        ("verifyImports", "true", True),
        ("verifyImports", "false", False),
        ("verifyImports", "perhaps", False),
    ],
)
def test_what_cannot_be_is_as_if_it_were_not_there(name, value, counts):
    values = {settings.key(name): value}
    assert getattr(settings.readSettings(values.get), name) == counts


def test_secrets_are_shown_then_moved(panel, logic):
    panel.ui.moveSecretsButton.click()
    assert panel.ui.secretsPlace.text == "memory, until this program ends"
    assert panel.ui.moveSecretsButton.text == "Move into a &file"
    assert not logic.secrets.file
    panel.ui.moveSecretsButton.click()
    assert logic.secrets.file
    assert panel.ui.secretsPlace.text == "secrets.json, which only you can read"
    panel.ui.moveSecretsButton.click()
    assert not logic.secrets.file


def test_previews_are_removed_and_it_is_said_how_many(panel, logic):
    panel.ui.emptyCacheButton.click()
    logic.jobs[-1].end(12_000_000)
    assert panel.ui.message.text == "12.0 MB of previews removed."


def test_diagnostics_go_to_the_clipboard(panel, logic):
    panel.ui.diagnosticsButton.click()
    logic.jobs[-1].end("DICOMWebNodes 0.1.0\n")
    assert qt.QApplication.clipboard().text() == "DICOMWebNodes 0.1.0\n"
    assert "no secrets" in panel.ui.message.text


def test_the_module_adds_itself_when_the_application_has_started(window, module, until):
    """Its settings ask the worker of the module's own panel."""
    slicer.app.startupCompleted.emit()
    assert ENTRY in [action.text for action in window.findChild(qt.QMenu, "FileMenu").actions()]
    page = slicer.modules.DICOMWebNodesInstance.entries.settings_panel
    module.widgetRepresentation()
    page.ui.moveSecretsButton.click()
    until(lambda: page.ui.secretsPlace.text or page.ui.message.text)
    assert page.ui.message.text == ""
    page.ui.diagnosticsButton.click()
    until(lambda: page.ui.message.text)
    assert "application: Slicer" in qt.QApplication.clipboard().text()
