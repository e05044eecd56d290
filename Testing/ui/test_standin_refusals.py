"""The stand-in refuses what PythonQt has not, or what nobody has tried there."""

from __future__ import annotations

import ctk
import pytest
import qt

REFUSED = {
    "QThread": lambda: qt.QThread,
    "a class that nobody looked for": lambda: qt.QWizard,
    "a CTK class that nobody looked for": lambda: ctk.ctkRangeSlider,
    "a misspelt attribute": lambda: qt.QLineEdit().txt,
    "a new attribute on an object of C++": lambda: setattr(qt.QLineEdit(), "txt", "a"),
    "isChecked": lambda: qt.QCheckBox().isChecked(),
    "isVisible": lambda: qt.QWidget().isVisible(),
    "isActive": lambda: qt.QTimer().isActive(),
    "what only Qt 6 has: QFormLayout.setRowVisible": lambda: qt.QFormLayout().setRowVisible(0, True),
    "what only Qt 6 has: autoAcceptChildRows": lambda: qt.QSortFilterProxyModel().setAutoAcceptChildRows(True),
    "an item whose ownership is not passed on": lambda: qt.QStandardItem("a").insertRow(0, qt.QStandardItem("b")),
    "what only Qt 5 has: QRegExp": lambda: qt.QRegExp,
    "what only Qt 5 has: QLayout.setMargin": lambda: qt.QHBoxLayout().setMargin(0),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refuses(what):
    with pytest.raises(AttributeError):
        REFUSED[what]()


@pytest.mark.parametrize(
    "put",
    [
        lambda text: qt.QLabel().setText(text),
        lambda text: setattr(qt.QLabel(), "text", text),
        lambda text: qt.QStandardItem().setText(text),
        lambda text: qt.QStandardItem().setToolTip(text),
        lambda text: qt.QLabel(text),
        lambda text: qt.QStandardItem(text),
        lambda text: qt.QApplication.clipboard().setText(text),
        lambda text: qt.QMenu().addAction(text),  # of which PythonQt, and Slicer with it, dies
    ],
    ids=["method", "property", "item", "tool tip", "constructor", "constructor of an item", "clipboard", "menu"],
)
def test_refuses_half_of_a_utf_16_pair(put):
    put("M\N{GRINNING FACE}ller")
    with pytest.raises(SystemError):
        put("M\udcfcller")


FLAGS = {
    "label.alignment": (qt.QLabel, "alignment", qt.Qt.AlignCenter),
    "label.textInteractionFlags": (qt.QLabel, "textInteractionFlags", qt.Qt.TextSelectableByMouse),
    "tree.editTriggers": (qt.QTreeView, "editTriggers", qt.QTreeView.NoEditTriggers),
    "buttons.standardButtons": (qt.QDialogButtonBox, "standardButtons", qt.QDialogButtonBox.Ok),
}


@pytest.mark.parametrize("which", FLAGS)
def test_flags_are_set_and_not_read(which):
    make, name, value = FLAGS[which]
    widget = make()
    setattr(widget, name, value)
    assert widget.property(name) == value
    with pytest.raises(AttributeError, match="Qt 6"):
        getattr(widget, name)


@pytest.mark.parametrize("name", ["fontMetrics", "fontInfo"])
def test_refuses_to_return_what_pythonqt_does_not_know(name):
    with pytest.raises(ValueError, match="unknown to PythonQt"):
        getattr(qt.QWidget(), name)()
    assert qt.QFontMetrics(qt.QWidget().font).height() > 0


def test_refuses_buttons_that_are_joined_where_an_orientation_is_taken():
    buttons = qt.QDialogButtonBox.Ok | qt.QDialogButtonBox.Cancel
    with pytest.raises(TypeError):
        qt.QDialogButtonBox(buttons)
    box = qt.QDialogButtonBox()
    box.setStandardButtons(buttons)
    assert len(box.buttons()) == 2


def test_refuses_keyword_arguments_of_widgets():
    with pytest.raises(TypeError, match="no keyword arguments"):
        qt.QPushButton("x", checkable=True)


@pytest.mark.parametrize("types", [(str, int), (object, str), (dict,), ("QVariant",)], ids=str)
def test_refuses_signals_of_kinds_that_were_never_tried(types):
    with pytest.raises(TypeError, match="one object"):
        qt.Signal(*types)


def test_a_property_of_a_python_class_is_read_and_not_set():
    class Panel(qt.QWidget):
        @property
        def answer(self):
            return 42

        @answer.setter
        def answer(self, value):
            raise AssertionError

    assert Panel().answer == 42
    with pytest.raises(AttributeError, match="never tried"):
        Panel().answer = 1


@pytest.mark.parametrize("name", ["update", "actions"])
def test_a_method_of_qt_is_not_overwritten_by_an_attribute(name):
    class Panel(qt.QWidget):
        pass

    with pytest.raises(AttributeError, match="can not be overwritten"):
        setattr(Panel(), name, 1)


def test_refuses_to_find_children_by_a_class_of_python():
    class Label(qt.QLabel):
        pass

    widget = qt.QWidget()
    label = Label(widget)
    label.objectName = "mine"
    with pytest.raises(TypeError, match="the same C\\+\\+ class as Label"):
        widget.findChildren(Label)
    assert widget.findChild(qt.QLabel, "mine") is label
