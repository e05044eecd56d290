"""Alt and a letter reach one thing only among what a window shows together, in every language."""

from __future__ import annotations

from collections import defaultdict

import pytest
import qt
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesUI.authentication_editor import AuthenticationEditor
from DICOMWebNodesUI.authentication_manager import AuthenticationManager
from DICOMWebNodesUI.manifest_dialog import ManifestDialog
from DICOMWebNodesUI.module_panel import ModulePanel
from DICOMWebNodesUI.node_editor import NodeEditor
from DICOMWebNodesUI.settings_panel import SettingsPanel
from ui.logic_by_hand import LogicByHand
from ui.test_translations import CATALOGUES, speaking  # noqa: F401

SLICERS_MENUS = "FEVH"  # File, Edit, View, Help: they are shown together with the module's panel


def letters(*roots, without=()):
    """What is reached by which letter: buttons, and fields by their labels; menus have letters of their own."""
    found = defaultdict(list)
    for root in roots:
        for widget in (root, *root.findChildren(qt.QWidget)):
            if any(each is widget or each.isAncestorOf(widget) for each in without):
                continue
            text = text_of(widget)
            shortcut = qt.QKeySequence.mnemonic(text).toString()
            if shortcut:
                found[shortcut.rpartition("+")[2]].append(text)
    return found


def text_of(widget):
    """By what Qt says it is: to PythonQt a QPushButton is no instance of QAbstractButton."""
    if widget.inherits("QLabel"):
        return widget.text if widget.buddy() is not None else ""
    if widget.inherits("QGroupBox"):
        return widget.title
    return widget.text if widget.inherits("QAbstractButton") else ""


def panel_with(first_use):
    """Before the first node there are no results, and afterwards no words for beginners."""
    panel = ModulePanel(LogicByHand())
    ui = panel.import_panel.ui
    unseen = ui.resultsPlace if first_use else ui.emptyState
    return panel, letters(panel.import_panel, panel.help_button, without=[unseen])


def panels_tab(name):
    panel = ModulePanel(LogicByHand())
    return panel, letters(getattr(panel, name), panel.help_button)


def editor(kind):
    dialog = AuthenticationEditor(LogicByHand(), AuthMethod("Lab", kind) if kind is Kind.BASIC else None)
    return dialog, letters(dialog)


def dialog(make):
    dialog = make(LogicByHand())
    return dialog, letters(dialog)


WINDOWS = {
    "import": lambda: panel_with(first_use=False),
    "first use": lambda: panel_with(first_use=True),
    "transfers": lambda: panels_tab("transfers_panel"),
    "nodes": lambda: panels_tab("node_manager"),
    "node editor": lambda: dialog(lambda logic: NodeEditor(logic, [], {})),
    "authentication": lambda: dialog(AuthenticationManager),
    "authentication editor": lambda: editor(None),
    "manifest": lambda: dialog(ManifestDialog),
    "settings": lambda: dialog(lambda logic: SettingsPanel(lambda: logic)),
}
IN_SLICERS_WINDOW = ("import", "first use", "transfers", "nodes")


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
def test_no_letter_stands_for_two_things_in_a_window(language, speaking):  # noqa: F811
    if language != "en":
        speaking(language)
    clashes = {}
    for name, make in WINDOWS.items():
        window, found = make()
        if language == "en" and name in IN_SLICERS_WINDOW:
            for letter in SLICERS_MENUS:
                if letter in found:
                    found[letter].append(f"(Slicer's menu {letter})")
        twice = {letter: texts for letter, texts in found.items() if len(texts) > 1}
        if twice:
            clashes[name] = twice
        getattr(window, "cleanup", lambda: None)()
    assert clashes == {}, "\n".join(f"{window}: {dict(of)}" for window, of in clashes.items())


@pytest.mark.parametrize("name", WINDOWS)
def test_what_a_window_is_for_has_a_letter(name):
    window, found = WINDOWS[name]()
    assert found, "the search for letters finds some"
    getattr(window, "cleanup", lambda: None)()
