"""CTK's widgets, with the properties and signals that the module uses. Written after CTK's documentation."""

from __future__ import annotations

from typing import List, Optional, Tuple

from PySide6.QtCore import Property, QModelIndex, QSettings, Qt, Signal
from PySide6.QtGui import QFontMetrics, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from . import signals


class ctkCollapsibleButton(QAbstractButton):
    """A header with a frame below it; ``collapsed`` hides every widget inside."""

    contentsCollapsed = Signal(bool)

    def __init__(self, *arguments: object) -> None:
        text = arguments[0] if arguments and isinstance(arguments[0], str) else ""
        super().__init__(arguments[-1] if arguments and isinstance(arguments[-1], QWidget) else None)
        self._collapsed = False
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QSizePolicy.Minimum, QSizePolicy.Preferred)  # by itself it never gets narrower than its hint
        self.toggled.connect(lambda checked: self.setCollapsed(not checked))
        self._update_margin()

    def isCollapsed(self) -> bool:
        return self._collapsed

    def setCollapsed(self, collapsed: bool) -> None:
        if collapsed == self._collapsed:
            return
        self._collapsed = collapsed
        self._show_contents()
        self.setChecked(not collapsed)
        self.setMaximumHeight(self._header_height() if collapsed else 16777215)
        self.updateGeometry()
        self.contentsCollapsed.emit(collapsed)

    collapsed = Property(bool, isCollapsed, setCollapsed)

    def childEvent(self, event) -> None:  # a widget that is added while collapsed stays hidden
        super().childEvent(event)
        if self._collapsed:
            self._show_contents()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._show_contents()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        self._update_margin()

    def paintEvent(self, _event) -> None:
        option = QStyleOptionButton()
        option.initFrom(self)
        option.rect.setHeight(self._header_height())
        option.text = f"{'▸' if self._collapsed else '▾'} {self.text}"
        painter = QStylePainter(self)
        painter.drawControl(QStyle.CE_PushButton, option)

    def _header_height(self) -> int:
        return QFontMetrics(self.font).height() + 10

    def _update_margin(self) -> None:
        self.setContentsMargins(2, self._header_height() + 2, 2, 2)

    def _show_contents(self) -> None:
        for child in self.children():
            if isinstance(child, QWidget):
                child.setVisible(not self._collapsed)


class ctkSearchBox(QLineEdit):
    """A line edit with a magnifying glass and a button that clears it."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self.setPlaceholderText("Search...")

    def isSearchIconVisible(self) -> bool:
        return getattr(self, "_search_icon", False)

    def setShowSearchIcon(self, show: bool) -> None:
        self._search_icon = show

    showSearchIcon = Property(bool, isSearchIconVisible, setShowSearchIcon)


class ctkPathLineEdit(QWidget):
    """A path to type, and a button that opens a file dialog. The filters are of Qt's file dialog's form."""

    Files, Dirs = 0x002, 0x001
    currentPathChanged = Signal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._line = QLineEdit(self)
        self._browse = QToolButton(self)
        self._browse.setText("...")
        layout.addWidget(self._line)
        layout.addWidget(self._browse)
        self.setFocusProxy(self._line)
        self._line.textChanged.connect(self.currentPathChanged)
        self._browse.clicked.connect(self.browse)

    def getCurrentPath(self) -> str:
        return self._line.text

    def setCurrentPath(self, path: str) -> None:
        self._line.setText(path)

    def browse(self) -> None:
        dialog = QFileDialog(self)
        if dialog.exec():
            self.setCurrentPath(dialog.selectedFiles()[0])

    currentPath = Property(str, getCurrentPath, setCurrentPath, notify=currentPathChanged)


class ctkCheckableComboBox(QComboBox):
    """A list in which any number of items can be checked."""

    checkedIndexesChanged = Signal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.rowsInserted.connect(self._make_checkable)
        model.dataChanged.connect(self._data_changed)
        self.view().pressed.connect(self._toggle)

    def checkedIndexes(self) -> Tuple[QModelIndex, ...]:
        return tuple(index for index in self._indexes() if self.checkState(index) == Qt.Checked)

    def checkState(self, index: QModelIndex) -> Qt.CheckState:
        return self.model().itemFromIndex(index).checkState()

    def setCheckState(self, index: QModelIndex, state: Qt.CheckState) -> None:
        self.model().itemFromIndex(index).setCheckState(state)

    def paintEvent(self, event) -> None:
        checked = [self.itemText(index.row()) for index in self.checkedIndexes()]
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = "All" if len(checked) == self.count else ", ".join(checked) or "None"
        painter.drawComplexControl(QStyle.CC_ComboBox, option)
        painter.drawControl(QStyle.CE_ComboBoxLabel, option)

    def _indexes(self) -> List[QModelIndex]:
        return [self.model().index(row, 0) for row in range(self.count)]

    def _make_checkable(self, _parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            item = self.model().item(row)
            item.setFlags(Qt.ItemIsEnabled | Qt.ItemIsSelectable | Qt.ItemIsUserCheckable)
            item.setData(Qt.Unchecked, Qt.CheckStateRole)

    def _data_changed(self, _first: QModelIndex, _last: QModelIndex, roles: object = ()) -> None:
        if not roles or Qt.CheckStateRole in roles:
            self.update()
            self.checkedIndexesChanged.emit()

    def _toggle(self, index: QModelIndex) -> None:
        self.setCheckState(index, Qt.Unchecked if self.checkState(index) == Qt.Checked else Qt.Checked)


class ctkMessageBox(QMessageBox):
    """A message box that can remember "don't show this again" in the settings."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._again = QCheckBox("Don't show this message again", self)

    def getDontShowAgainSettingsKey(self) -> str:
        return self._key

    def setDontShowAgainSettingsKey(self, key: str) -> None:
        self._key = key
        self.setCheckBox(self._again)

    dontShowAgainSettingsKey = Property(str, getDontShowAgainSettingsKey, setDontShowAgainSettingsKey)

    def exec(self) -> int:
        if self._key and QSettings().value(self._key) is not None:
            return int(QSettings().value(self._key))
        button = super().exec()
        if self._again.checked:
            QSettings().setValue(self._key, button)
        return button

    exec_ = exec


class ctkSettingsPanel(QWidget):
    """A page of the application's settings: once it is in their dialog, and not before, a registered property is read
    from them, or written to them as it is, and after each change."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(arguments[-1] if arguments and isinstance(arguments[-1], QWidget) else None)
        self._settings: Optional[QSettings] = None
        self._registered: List[Tuple[str, QWidget, str]] = []

    def registerProperty(self, key: str, widget: QWidget, name: str, signal: str, *_label: object) -> None:
        self._registered.append((key, widget, name))
        signals.connect_by_name(widget, signal[1:], lambda *_: self._write(key, widget, name))

    def setSettings(self, settings: QSettings) -> None:
        self._settings = settings
        for key, widget, name in self._registered:
            if settings.contains(key):
                setattr(widget, name, _as_a(type(getattr(widget, name)), settings.value(key)))
            else:
                self._write(key, widget, name)

    def _write(self, key: str, widget: QWidget, name: str) -> None:
        if self._settings is not None:
            self._settings.setValue(key, getattr(widget, name))


def _as_a(kind: type, value: object) -> object:
    """As Qt makes a property of what is kept; a settings file keeps yes and no as text."""
    return value not in (False, 0, "", "0", "false") if kind is bool else kind(value)


FOR_DESIGNER = (ctkCollapsibleButton, ctkSearchBox, ctkPathLineEdit, ctkCheckableComboBox)
