"""Fields that are made as they are needed: a template's questions, and the settings of a method."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

import qt
from DICOMWebNodesHost.sentences import translated
from slicer.i18n import tr as _

from . import form
from .field_problems import marked


class Questions:
    """A template's questions on the empty widget ``place``, a row each."""

    def __init__(self, place: Any) -> None:
        self._place = place
        self._inner: Any = None
        self.fields: Dict[str, Any] = {}
        self.problems: Dict[str, Any] = {}  # labels below the fields
        self.stops: List[Any] = []  # of Tab: the fields, and the buttons that show a secret
        layout = qt.QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        place.setLayout(layout)

    def ask(self, questions: Sequence[Any]) -> None:
        if self._inner is not None:
            self._place.layout().removeWidget(self._inner)
            self._inner.setParent(None)
        self._inner = qt.QWidget()
        rows = form.rows()
        self.fields, self.problems, self.stops = {}, {}, []
        for question in questions:
            field = _choice(question) if question.choices else _line(question)
            field.toolTip = translated(question.help)
            label, problem = qt.QLabel(_("{label}:").format(label=translated(question.label))), _problem_label()
            label.setBuddy(field)
            show = [_show_button(field)] if question.secret else []
            rows.addRow(label, _beside(field, *show) if show else field)
            self.stops += [field, *show]
            rows.addRow("", problem)
            self.fields[question.name], self.problems[question.name] = field, problem
        self._inner.setLayout(rows)
        self._place.layout().addWidget(self._inner)

    def answers(self) -> Dict[str, str]:
        return {
            name: field.currentText if isinstance(field, qt.QComboBox) else field.text
            for name, field in self.fields.items()
        }

    def show_problems(self, problems: Mapping[str, Any]) -> None:
        """Tell below each answer what is wrong with it, and put the cursor into the first of them."""
        for name, label in self.problems.items():
            problem = problems.get(name)
            label.text = marked(problem)
            label.visible = problem is not None
        first = next((field for name, field in self.fields.items() if name in problems), None)
        if first is not None:
            first.setFocus()


def _problem_label() -> Any:
    label = qt.QLabel()
    label.setTextFormat(qt.Qt.PlainText)
    label.wordWrap = True
    label.setSizePolicy(qt.QSizePolicy.Expanding, qt.QSizePolicy.Minimum)
    label.visible = False
    return label


def _choice(question: Any) -> Any:
    combo = qt.QComboBox()
    for choice in question.choices:
        combo.addItem(choice)
    combo.setCurrentIndex(max(0, combo.findText(question.default)))
    return combo


def _line(question: Any) -> Any:
    line = qt.QLineEdit(question.default)
    line.placeholderText = question.example or ("" if question.required else _("optional"))
    if question.secret:
        line.setEchoMode(qt.QLineEdit.Password)
    return line


def _show_button(line: Any) -> Any:
    show = qt.QToolButton()
    show.text = _("Show")
    show.checkable = True
    show.toggled.connect(lambda shown: show_secret(line, shown))
    return show


def _beside(*widgets: Any) -> Any:
    row = qt.QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row


def show_secret(line: Any, shown: bool) -> None:
    line.setEchoMode(qt.QLineEdit.Normal if shown else qt.QLineEdit.Password)


def text_form(place: Any, values: Mapping[str, str], labels: Mapping[str, Any]) -> Dict[str, Any]:
    """A line edit for each value on ``place``, in the place of what was there; returns them by name, as the ``labels``
    are."""
    if place.layout() is None:
        place.setLayout(qt.QVBoxLayout())
        place.layout().setContentsMargins(0, 0, 0, 0)
    while place.layout().count():
        place.layout().takeAt(0).widget().setParent(None)
    inner, rows, lines = qt.QWidget(), form.rows(), {}
    for name, value in values.items():
        lines[name] = qt.QLineEdit(value)
        label = qt.QLabel(_("{label}:").format(label=translated(labels.get(name, name))))
        label.setBuddy(lines[name])
        rows.addRow(label, lines[name])
    inner.setLayout(rows)
    place.layout().addWidget(inner)
    return lines
