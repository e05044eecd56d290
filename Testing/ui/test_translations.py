"""Every text can be translated, and German and French show that it works."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import slicer
import translations
from DICOMWebNodesHost import sentences
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesUI.error_bar import ErrorBar, details_of
from DICOMWebNodesUI.node_manager import NodeManager
from PySide6.QtCore import QTranslator
from ui.logic_by_hand import LogicByHand

MODULE = translations.MODULE
SOURCES = sorted((MODULE / "DICOMWebNodesUI").glob("*.py"))
CATALOGUES = translations.catalogues()
MOST_UNTRANSLATED = 0.1  # of all texts: who adds one need not know every language

_ATTRIBUTES = {"text", "toolTip", "windowTitle", "title", "placeholderText", "whatsThis", "statusTip", "accessibleName"}
_METHODS = {
    *("setText", "setToolTip", "setWindowTitle", "setLabelText", "setTitle", "setPlaceholderText", "setWhatsThis"),
    *("addAction", "addMenu", "addTab", "addItem", "setTabText", "addRow", "addButton", "setHorizontalHeaderLabels"),
    *("QPushButton", "QLabel", "QCheckBox", "QGroupBox", "QToolButton", "QRadioButton", "show_text"),
}
_WORD = re.compile(r"[A-Za-z]{2,}")


def literals(file: Path):
    """Texts with words in them that a widget is given as they stand."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and any(_attribute(target) in _ATTRIBUTES for target in node.targets):
            yield from _words_in(node.value)
        elif isinstance(node, ast.Call) and _attribute(node.func) in _METHODS:
            for argument in node.args:
                yield from _words_in(argument)


def _attribute(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def _words_in(node):
    """Constants of an expression, but for those inside of calls: what they make of them is their business."""
    if isinstance(node, ast.Constant):
        is_key = isinstance(node.value, str) and node.value.startswith("\t")  # of a menu's entry, "\tCtrl+C"
        if isinstance(node.value, str) and _WORD.search(node.value) and not is_key:
            yield f"line {node.lineno}: {node.value}"
    elif isinstance(node, (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.BoolOp, ast.List, ast.Tuple)):
        children = [node.body, node.orelse] if isinstance(node, ast.IfExp) else ast.iter_child_nodes(node)
        for child in children:
            yield from _words_in(child)


def test_the_search_for_literals_finds_them(tmp_path):
    file = tmp_path / "panel.py"
    file.write_text(
        'label.text = "Ready"\nbutton.toolTip = f"{name} is busy"\nmenu.addAction("&Open")\n'
        'qt.QLabel("Name:" if short else "Full name:")\nlabel.text = _("Ready")\nlabel.text = "✔ "\n'
    )
    assert len(list(literals(file))) == 5


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_widget_has_a_text_that_cannot_be_translated(source):
    assert list(literals(source)) == []


def test_no_text_of_a_form_is_kept_from_translators():
    kept = [
        string
        for form in (MODULE / "Resources" / "UI").glob("*.ui")
        for string in re.findall(r'<string notr="true">([^<]*)', form.read_text(encoding="utf-8"))
    ]
    assert [text for text in kept if _WORD.search(text)] == []


def test_there_are_a_german_and_a_french_catalogue():
    assert {"de-DE", "fr-FR"} <= set(CATALOGUES)


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_catalogue_covers_the_texts(language):
    """'python3 Testing/translations.py' brings it up to date."""
    translated = translations.read(CATALOGUES[language])
    texts = list(translations.texts())
    missing = [text for text in texts if text not in translated and text[0] != sentences.CONTEXT]
    assert len(missing) <= MOST_UNTRANSLATED * len(texts), missing


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_translation_keeps_what_is_filled_in(language):
    """Slicer takes no translation that does not."""
    for (_, text), translation in translations.read(CATALOGUES[language]).items():
        assert translations.placeholders(translation) == translations.placeholders(text), translation
        assert translation.count("\n") == text.count("\n"), translation


@pytest.fixture
def speaking(tmp_path):
    """``speaking("de-DE")``: the application speaks that language until the end of the test."""
    installed = []

    def speak(language):
        compiled = tmp_path / f"{language}.qm"
        subprocess.run([lrelease(), "-silent", str(CATALOGUES[language]), "-qm", str(compiled)], check=True)
        translator = QTranslator()
        assert translator.load(str(compiled))
        slicer.app.installTranslator(translator)
        installed.append(translator)

    yield speak
    for translator in installed:
        slicer.app.removeTranslator(translator)


def lrelease():
    found = shutil.which("pyside6-lrelease", path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip("lrelease is not here: PySide6-Essentials brings it")
    return found


@pytest.mark.parametrize(
    ("language", "add", "details", "next_step"),
    [
        ("de-DE", "&Hinzufügen...", "Einzelheiten", "Nächster Schritt: "),
        ("fr-FR", "A&jouter...", "Détails", "Que faire: "),
    ],
)
def test_the_widgets_speak_the_language_of_the_application(speaking, language, add, details, next_step):
    speaking(language)
    manager = NodeManager(LogicByHand())
    bar = ErrorBar()
    assert manager.ui.addButton.text == add
    assert bar.ui.detailsButton.text == details
    assert next_step in details_of(ConnectionRefused("nothing listens there"))
    manager.cleanup()
