"""The stand-in behaves as PythonQt was measured to."""

from __future__ import annotations

import base64
import sys

import ctk
import pytest
import qt
import slicer
import slicer.util
import standin

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def combo():
    box = qt.QComboBox()
    box.addItem("one", 1)
    return box


def checked_box():
    box = qt.QCheckBox("x")
    box.checked = True
    return box


PROPERTIES = {
    "lineEdit.text": (lambda: qt.QLineEdit("a"), "text", "a"),
    "combo.count": (combo, "count", 1),
    "combo.currentIndex": (combo, "currentIndex", 0),
    "combo.currentText": (combo, "currentText", "one"),
    "combo.currentData": (combo, "currentData", 1),
    "checkBox.checked": (checked_box, "checked", True),
    "spinBox.value": (qt.QSpinBox, "value", 0),
    "progressBar.value": (qt.QProgressBar, "value", -1),
    "dateEdit.date": (qt.QDateEdit, "date", qt.QDate(2000, 1, 1)),
    "tree.topLevelItemCount": (qt.QTreeWidget, "topLevelItemCount", 0),
    "table.rowCount": (lambda: qt.QTableWidget(3, 1), "rowCount", 3),
    "groupBox.title": (lambda: qt.QGroupBox("g"), "title", "g"),
    "widget.objectName": (qt.QWidget, "objectName", ""),
    "timer.active": (qt.QTimer, "active", False),
    "pathLineEdit.currentPath": (ctk.ctkPathLineEdit, "currentPath", ""),
    "collapsibleButton.collapsed": (ctk.ctkCollapsibleButton, "collapsed", False),
    "database.isOpen": (ctk.ctkDICOMDatabase, "isOpen", False),
    "indexer.importing": (ctk.ctkDICOMIndexer, "importing", False),
}


@pytest.mark.parametrize("which", PROPERTIES)
def test_a_property_is_an_attribute_and_calling_it_is_an_error(which):
    make, name, expected = PROPERTIES[which]
    value = getattr(make(), name)
    assert value == expected
    with pytest.raises(TypeError):
        value()


def test_plain_methods_are_called():
    box, item, model = combo(), qt.QTreeWidgetItem(["t"]), qt.QStandardItemModel(2, 1)
    assert (item.text(0), box.itemText(0), box.itemData(0), model.rowCount()) == ("t", "one", 1, 2)
    assert qt.QProcess().state() == qt.QProcess.NotRunning
    assert qt.QImage(3, 2, qt.QImage.Format_RGB32).width() == 3


def test_a_property_is_set_by_assignment_and_by_its_setter():
    box = qt.QCheckBox()
    box.checked = True
    assert box.checked
    box.setChecked(False)
    assert not box.checked


def test_clicked_passes_false():
    button, given = qt.QPushButton(), []
    button.clicked.connect(lambda *arguments: given.append(arguments))
    button.clicked.connect(lambda checked: given.append(checked))
    button.clicked.connect(lambda: given.append("nothing"))
    button.click()
    assert given == [(False,), False, "nothing"]


def test_a_slot_that_was_disconnected_is_not_called():
    button, given = qt.QPushButton(), []

    def slot(*arguments):
        given.append(arguments)

    button.clicked.connect(slot)
    button.clicked.disconnect(slot)
    button.click()
    assert given == []


def test_the_application_can_be_connected_to_by_signature():
    slicer.app.connect("aboutToQuit()", lambda: None)
    with pytest.raises(ValueError, match="no signal"):
        slicer.app.connect("aboutToExplode()", lambda: None)


def test_a_finished_process_passes_its_exit_code_only(until):
    process, given = qt.QProcess(), []
    process.finished.connect(lambda code: given.append((code,)))
    with pytest.raises(TypeError, match="with Qt 6 it is given the exit status too"):
        process.finished.connect(lambda *arguments: given.append(arguments))
    process.start("PythonSlicer", ["-c", "raise SystemExit(3)"])
    until(lambda: given)
    assert given == [(3,)]
    assert process.exitCode() == 3


def test_a_selection_is_not_passed_on():
    view, model, told = qt.QTreeView(), qt.QStandardItemModel(1, 1), []
    view.setModel(model)
    view.selectionModel().selectionChanged.connect(lambda: told.append("changed"))
    with pytest.raises(TypeError, match="QItemSelection"):
        view.selectionModel().selectionChanged.connect(lambda selected, deselected: None)
    view.selectionModel().select(model.index(0, 0), qt.QItemSelectionModel.Select)
    assert told == ["changed"]


@pytest.mark.parametrize("data", ["text", b"text", qt.QByteArray(b"text")], ids=["str", "bytes", "QByteArray"])
def test_a_process_takes_text_and_bytes_and_gives_bytes(until, data):
    process = qt.QProcess()
    process.start("PythonSlicer", ["-c", "print(input())"])
    process.write(data)
    process.closeWriteChannel()
    until(lambda: process.state() == qt.QProcess.NotRunning)
    assert process.readAllStandardOutput().data().strip() == b"text"


def test_own_signals_carry_nested_values():
    class Sender(qt.QObject):
        changed = qt.Signal(object)

    sender, given = Sender(), []
    sender.changed.connect(given.append)
    sender.changed.emit({"a": [1, {"b": None}]})
    assert given == [{"a": [1, {"b": None}]}]


def test_lists_come_back_as_tuples():
    tree = qt.QTreeWidget()
    assert tree.selectedItems() == ()
    assert tree.findChildren(qt.QLineEdit) == ()
    assert isinstance(tree.children(), tuple)
    assert tree.selectionModel().selectedIndexes == ()
    assert qt.QSplitter().sizes() == ()


def test_item_data_keep_a_plain_dict_with_tuples_for_lists():
    item, standard_item = qt.QTreeWidgetItem(["t"]), qt.QStandardItem("t")
    item.setData(0, qt.Qt.UserRole, {"uid": "1.2", "rows": [1, 2]})
    standard_item.setData([1, {"rows": [2]}], qt.Qt.UserRole)
    assert item.data(0, qt.Qt.UserRole) == {"uid": "1.2", "rows": (1, 2)}
    assert standard_item.data(qt.Qt.UserRole) == (1, {"rows": (2,)})


def test_dialogs_end_by_exec_and_by_exec_with_an_underscore():
    for run in ("exec_", "exec"):
        dialog = qt.QDialog()
        qt.QTimer.singleShot(0, dialog.accept)
        assert getattr(dialog, run)() == qt.QDialog.Accepted == 1


def test_settings_keep_their_types():
    settings = qt.QSettings()
    for value in ("text", 3, True):
        settings.setValue("key", value)
        assert settings.value("key") == value
        assert isinstance(settings.value("key"), type(value))
    settings.setValue("key", ["a", "b"])
    assert settings.value("key") == ("a", "b")


def test_a_picture_is_loaded_from_bytes():
    pixmap = qt.QPixmap()
    assert pixmap.loadFromData(PNG)
    assert pixmap.width() == 1


THERE = """
    QAbstractTableModel QAction QClipboard QCompleter QElapsedTimer QEventLoop QFileSystemWatcher QKeySequence QListView
    QLocalServer QMetaObject QNetworkAccessManager QRegularExpression QShortcut QSignalBlocker QSocketNotifier
    QStandardPaths QStringListModel QStyledItemDelegate QTcpServer QTreeView QUiLoader QDesktopServices
"""

THERE_IN_CTK = """
    ctkCollapsibleButton ctkSearchBox ctkPathLineEdit ctkCheckableComboBox ctkMessageBox ctkSettingsPanel
    ctkDICOMDatabase ctkDICOMIndexer
"""


def test_what_was_found_in_pythonqt_is_here():
    assert [name for name in THERE.split() if not hasattr(qt, name)] == []
    assert [name for name in THERE_IN_CTK.split() if not hasattr(ctk, name)] == []


def test_a_single_shot_keeps_its_timer_as_slicers_does():
    before = len(slicer.app.moduleManager().children())
    qt.QTimer.singleShot(0, lambda: None)
    slicer.app.processEvents()
    assert len(slicer.app.moduleManager().children()) == before + 1


def test_checks_of_a_checkable_combo_box_are_set_by_index():
    box = ctk.ctkCheckableComboBox()
    for text in ("CT", "MR"):
        box.addItem(text)
    box.setCheckState(box.model().index(1, 0), qt.Qt.Checked)
    assert [index.data() for index in box.checkedIndexes()] == ["MR"]


def test_objects_of_python_classes_take_attributes():
    class Panel(qt.QWidget):
        pass

    panel = Panel()
    panel.anything = 1
    assert panel.anything == 1


def test_a_form_of_the_designer_is_loaded_with_ctk_widgets(tmp_path):
    form = tmp_path / "form.ui"
    form.write_text(
        '<ui version="4.0"><class>F</class><widget class="QWidget" name="F"><layout class="QVBoxLayout">'
        '<item><widget class="ctkSearchBox" name="search"/></item></layout></widget></ui>'
    )
    widget = slicer.util.loadUI(str(form))
    assert isinstance(slicer.util.childWidgetVariables(widget).search, ctk.ctkSearchBox)


def test_a_settings_panel_keeps_what_was_registered():
    def page(title, spin):
        panel = ctk.ctkSettingsPanel()
        panel.registerProperty("standin/size", spin, "value", str(qt.SIGNAL("valueChanged(int)")))
        spin.value = 3  # not kept: nobody has said where
        slicer.app.settingsDialog().addPanel(title, panel)

    spin, other = qt.QSpinBox(), qt.QSpinBox()
    qt.QSettings().setValue("standin/size", 5)
    page("one", spin)
    assert spin.value == 5
    spin.value = 7
    page("two", other)
    assert other.value == 7


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
def test_without_a_screen_it_says_so_in_one_line():
    assert standin.no_screen({"DISPLAY": ":0"}) == standin.no_screen({"WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert standin.no_screen({}).startswith("there is no screen")
    assert "\n" not in standin.no_screen({})
