"""What no running test sees: code that PythonQt, or the other Qt, would not take."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

MODULE = Path(__file__).resolve().parents[2] / "DICOMWebNodes"
FORMS = sorted((MODULE / "Resources" / "UI").glob("*.ui"))
FIELDS = {
    "QLineEdit",
    "QComboBox",
    "QSpinBox",
    "QDoubleSpinBox",
    "QDateEdit",
    "QTableWidget",
    "QTableView",
    "QTreeView",
}
FIELDS |= {"QListWidget", "QPlainTextEdit", "ctkPathLineEdit", "ctkCheckableComboBox", "ctkSearchBox"}
SOURCES = sorted((*(MODULE / "DICOMWebNodesUI").glob("*.py"), *(MODULE / "DICOMWebNodesHost").glob("*.py")))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_enumerations_are_named_without_their_scope(source):
    """``qt.Qt.UserRole`` is in both Qts; ``qt.Qt.ItemDataRole.UserRole`` is not in PythonQt."""
    scoped = [name for name in re.findall(r"\bqt(?:\.[A-Z]\w+){3,}", source.read_text(encoding="utf-8"))]
    assert scoped == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_calls_from_the_event_loop_keep_no_timer(source):
    """Slicer's ``singleShot`` keeps one for each call."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if getattr(node, "attr", "") == "singleShot"] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_dialogs_have_a_parent(source):
    """PythonQt deletes one that has none a second time, when Qt deletes it while a slot of its own is connected."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and re.fullmatch(r"qt\.Q\w*(Dialog|MessageBox)", ast.unparse(node.func)):
            assert node.args, f"{source.name}:{node.lineno}"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_texts_to_translate_are_not_put_together_before_they_are_translated(source):
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and node.args:
            assert not isinstance(node.args[0], ast.JoinedStr), f"{source.name}:{node.lineno}"


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_a_form_has_no_fixed_pixel_sizes(form):
    text = form.read_text(encoding="utf-8")
    assert not re.search(r'name="(minimumSize|maximumSize|geometry|pixelSize|sizeHint)"', text)


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_labels_take_nothing_for_html(form):
    """Texts that come from a server are shown by labels that are filled at run time."""
    labels = re.findall(r'<widget class="QLabel" name="(\w+)">(.*?)</widget>', form.read_text(encoding="utf-8"), re.S)
    dynamic = [name for name, body in labels if "buddy" not in body and "PlainText" not in body]
    assert [name for name in dynamic if not name.endswith("Label")] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_each_key_of_a_form_belongs_to_one_widget(form):
    """Alt and a letter: a label's goes to its buddy."""
    texts = re.findall(r"<string>([^<]*&amp;[^<]*)</string>", form.read_text(encoding="utf-8"))
    keys = [re.search("&amp;(.)", text).group(1).lower() for text in texts]
    assert [text for text, key in zip(texts, keys) if keys.count(key) > 1] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_each_field_of_a_form_has_a_label_or_a_name_for_those_who_do_not_see_it(form):
    root = ElementTree.parse(form).getroot()
    buddies = {text.text for text in root.iterfind(".//property[@name='buddy']/cstring")}
    for widget in root.iter("widget"):
        if widget.get("class") in FIELDS:
            has_name = widget.find("property[@name='accessibleName']") is not None
            has_hint = widget.find("property[@name='placeholderText']") is not None
            assert has_name or has_hint or widget.get("name") in buddies, widget.get("name")
