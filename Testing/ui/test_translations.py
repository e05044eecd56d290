"""Every text can be translated, and German and French show that it works."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import library_texts
import pytest
import qt
import slicer
import translations
from DICOMWebNodesHost import sentences
from DICOMWebNodesHost.dialogs import CancelDialog
from DICOMWebNodesHost.job import Job
from DICOMWebNodesHost.logic_nodes import Check
from DICOMWebNodesLib.auth.pages import Pages
from DICOMWebNodesLib.errors import ConnectionRefused, DICOMWebNodesError, NodeNotFound
from DICOMWebNodesLib.text import Text, from_wire
from DICOMWebNodesLib.worker.pipes import PipeClient
from DICOMWebNodesUI import node_checks
from DICOMWebNodesUI.error_bar import ErrorBar, details_of
from DICOMWebNodesUI.node_manager import NodeManager
from standin.language import LRELEASE
from standin.language import speak as standin_speak
from ui.logic_by_hand import LogicByHand
from ui.scenes import SCENES

MODULE = translations.MODULE
SOURCES = sorted((MODULE / "DICOMWebNodesUI").glob("*.py"))
CATALOGUES = translations.catalogues()
MOST_UNTRANSLATED = 0.02  # of all texts: who adds one need not know every language

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


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_widget_shows_an_error_in_english_only(source):
    """DICOMWebNodesHost.sentences has it in the language of the application."""
    assert re.findall(r".*(?:str\(\w*error\)|\.(?:cause|next_step)\b).*", source.read_text(encoding="utf-8")) == []


def test_no_text_of_a_form_is_kept_from_translators():
    kept = [
        string
        for form in (MODULE / "Resources" / "UI").glob("*.ui")
        for string in re.findall(r'<string notr="true">([^<]*)', form.read_text(encoding="utf-8"))
    ]
    assert [text for text in kept if _WORD.search(text)] == []


def test_the_library_says_nothing_that_cannot_be_translated():
    """An error whose sentence is put together is a Text with a literal template."""
    said = {
        source.relative_to(MODULE): list(library_texts.untranslatable(source)) for source in library_texts.sources()
    }
    assert {source: found for source, found in said.items() if found} == {}


def test_the_search_for_sentences_that_are_put_together_finds_them(tmp_path):
    file = tmp_path / "library.py"
    file.write_text(
        'raise NodeNotFound(f"there is no node {name}")\n'
        'raise NodeNotFound("there is none", next_step="Add " + name)\n'
        'error.next_step = "Open %s." % name\n'
        'session.request("GET", asked=f"search {level}")\n'
        "def fail(name):\n"
        '    cause = "it has no {}".format(name) if name else "it has none"\n'
        "    raise InvalidNode(cause)\n"
        "raise NodeNotFound(Text(template, name=name))\n"
        'raise NodeNotFound(Text("there is no node {name}", name=f"{name}."), next_step="Add it.")\n'
    )
    assert len(list(library_texts.untranslatable(file))) == 6


def test_the_list_of_what_the_library_says_is_current():
    """'python3 Testing/translations.py' writes it."""
    assert library_texts.LISTED.read_text(encoding="utf-8") == library_texts.listing()


def test_there_are_a_german_and_a_french_catalogue():
    assert {"de-DE", "fr-FR"} <= set(CATALOGUES)


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_catalogue_covers_the_texts(language):
    """'python3 Testing/translations.py' brings it up to date."""
    translated = translations.read(CATALOGUES[language])
    texts = list(translations.texts())
    missing = [text for text in texts if text not in translated]
    assert len(missing) <= MOST_UNTRANSLATED * len(texts), missing


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_catalogue_lists_every_text_for_its_translators(language):
    listed = {key for key, _ in translations.messages(CATALOGUES[language])}
    assert listed == set(translations.texts())


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
        if LRELEASE is None:
            pytest.skip("lrelease is not here: PySide6-Essentials brings it")
        installed.append(standin_speak(CATALOGUES[language], tmp_path))

    yield speak
    for translator in installed:
        slicer.app.removeTranslator(translator)


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


def test_the_settings_of_a_method_are_called_as_its_template_calls_them(speaking):
    speaking("de-DE")
    method = SCENES["password-method"]()
    assert any(label.text == "Benutzername:" for label in method.ui.settings.findChildren(qt.QLabel))


def test_instances_as_they_are_stored_are_asked_for_in_german(speaking):
    speaking("de-DE")
    assert SCENES["new-node"]().ui.transferSyntax.itemText(0) == "*  (wie gespeichert)"


# --- what the library says --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    """A real worker process."""
    environment = {**os.environ, "DICOMWEBNODES_HOME": str(tmp_path_factory.mktemp("settings"))}
    with PipeClient(cwd=str(MODULE), environ=environment) as worker:
        yield worker


def refusal(worker, method, **params):
    with pytest.raises(DICOMWebNodesError) as refused:
        worker.wait(worker.client.call(method, params))
    return refused.value


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de-DE", "Es gibt keinen Knoten 'PACS'. Wählen Sie eines von 'Orthanc public demo'."),
        ("fr-FR", "Il n'y a pas de nœud 'PACS'. Choisissez parmi 'Orthanc public demo'."),
    ],
)
def test_an_error_of_the_worker_is_shown_in_the_language_of_the_application(speaking, worker, language, said):
    error = refusal(worker, "nodes.get", node="PACS")
    assert str(error) == "there is no node 'PACS'. Choose one of 'Orthanc public demo'."
    speaking(language)
    bar = ErrorBar()
    bar.show_error(error)
    assert bar.ui.message.text == said
    assert said[:-60].lower() in details_of(error).lower()


def test_an_error_tells_in_german_what_was_asked_and_of_which_node(speaking, worker):
    node = {"name": "PACS", "url": "http://127.0.0.1:9/dicom-web"}
    error = refusal(worker, "search", node=node)
    assert str(error).startswith("PACS: could not search studies: nothing listens at 127.0.0.1:9.")
    speaking("de-DE")
    assert sentences.told(error) == (
        "PACS: „Studien suchen“ ist fehlgeschlagen: unter 127.0.0.1:9 antwortet niemand. "
        "Prüfen Sie den Port in der URL des Knotens und ob der Server läuft."
    )


@pytest.mark.parametrize(
    "hostile", ["{name_or_uid}", "{error.__init__.__globals__}", "{{}}", "}{", "%s{", "{:>999999999}"]
)
def test_a_name_that_looks_like_a_format_is_shown_as_it_is(speaking, worker, hostile):
    error = refusal(worker, "nodes.get", node=hostile)
    speaking("de-DE")
    assert f"'{hostile}'" in str(error)
    assert sentences.sentencesOf(error).startswith(f"es gibt keinen Knoten '{hostile}'.")


def test_a_template_that_is_not_ours_is_not_looked_up_or_filled(speaking):
    """Whatever came over the pipe: only the catalogue's own templates are used."""
    speaking("de-DE")
    foreign = from_wire("in English", ["{x.__class__} {cause}", {"cause": "secret"}])
    assert sentences.translated(foreign) == "in English"
    assert sentences.told(NodeNotFound("{name} &Hinzufügen")).startswith("{name} &Hinzufügen.")


def test_a_check_of_a_node_is_told_in_german(speaking, worker):
    node = {"name": "PACS", "url": "http://127.0.0.1:9/dicom-web", "service_type": "QIDO-RS"}
    found = []
    job = worker.client.call("nodes.test", {"node": node}, told=lambda name, items: found.extend(items))
    worker.wait(job)
    speaking("de-DE")
    assert node_checks.in_words([Check(**item) for item in found]) == (
        "✘ QIDO-RS: unter 127.0.0.1:9 antwortet niemand. "
        "Prüfen Sie den Port in der URL des Knotens und ob der Server läuft."
    )


def test_a_script_that_waits_says_for_what_in_german(speaking):
    speaking("de-DE")
    said = []
    for name in ("search", "thumbnail"):
        with CancelDialog(Job(name), None) as dialog:
            said.append(dialog._dialog.labelText)
    assert said == ["DICOMWeb Nodes: wird gesucht", "DICOMWeb Nodes: bitte warten"]


def test_the_place_of_secrets_is_told_in_german(speaking, worker):
    place = worker.wait(worker.client.call("secrets", {}))["place"]
    speaking("de-DE")
    assert sentences.translated(place) != place


def test_the_page_after_a_sign_in_is_in_the_language_of_the_application(speaking):
    speaking("de-DE")
    pages = Pages(sentences.allTranslated())
    shown = pages.signed_in("<b>Ada</b>").decode()
    assert '<html lang="de">' in shown
    assert "Sie sind als &lt;b&gt;Ada&lt;/b&gt; angemeldet. Sie können dieses Fenster schließen" in shown
    denied = Text("the access was denied at {provider}", provider="{x}")
    assert "Der Zugriff wurde verweigert ({x})." in pages.failed(denied).decode()
