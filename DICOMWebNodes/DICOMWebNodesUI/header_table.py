"""The HTTP headers of a node as a table of two columns; values that look secret are never shown."""

from __future__ import annotations

from typing import Any, Callable, List, Sequence, Tuple

import qt
from DICOMWebNodesLib.nodes.headers import is_secret_name
from slicer.i18n import tr as _

from .fonts import metrics

_KEPT = "••••••••"
_SECRET = qt.Qt.UserRole + 1


class HeaderTable:
    """On a QTableWidget and two buttons. What is typed as the value of a secret header is hidden at once."""

    def __init__(self, table: Any, add_button: Any, remove_button: Any) -> None:
        self._table = table
        self._remove_button = remove_button
        self._changed: List[Callable[[], None]] = []
        table.setColumnCount(2)
        table.setHorizontalHeaderLabels([_("Name"), _("Value")])
        table.horizontalHeader().setStretchLastSection(True)
        table.verticalHeader().hide()
        line = metrics(table).height()
        table.verticalHeader().setDefaultSectionSize(line * 3 // 2)
        table.setFixedHeight(line * 7)  # its title and three headers; most nodes have none
        table.setColumnWidth(0, metrics(table).averageCharWidth() * 24)
        table.cellChanged.connect(self._cell_changed)
        add_button.clicked.connect(self._add)
        remove_button.clicked.connect(self._remove)
        table.currentCellChanged.connect(lambda row, column, row_before, column_before: self._enable())
        self._enable()

    def on_change(self, call: Callable[[], None]) -> None:
        self._changed.append(call)

    def show(self, headers: Sequence[Tuple[str, str]], secret_names: Sequence[str]) -> None:
        for name, value in headers:
            self._append(name, value)
        for name in secret_names:
            self._append(name, _KEPT)

    def plain(self) -> Tuple[Tuple[str, str], ...]:
        """Names and values of the headers that go into the node's file."""
        return tuple(
            (name, value) for name, value, _secret in self._rows() if name and not self._is_secret(name, value)
        )

    def secret_names(self) -> Tuple[str, ...]:
        return tuple(name for name, value, _secret in self._rows() if name and self._is_secret(name, value))

    def changed_secrets(self) -> Tuple[Tuple[str, str], ...]:
        """Secret headers whose value was typed here."""
        return tuple((name, secret) for name, _value, secret in self._rows() if name and secret is not None)

    def _is_secret(self, name: str, value: str) -> bool:
        return is_secret_name(name) or value == _KEPT

    def _rows(self) -> List[Tuple[str, str, Any]]:
        rows = []
        for row in range(self._table.rowCount):
            name, value = self._table.item(row, 0), self._table.item(row, 1)
            rows.append((name.text().strip(), value.text(), value.data(_SECRET)))
        return rows

    def _append(self, name: str, value: str) -> None:
        blocker = qt.QSignalBlocker(self._table)
        row = self._table.rowCount
        self._table.setRowCount(row + 1)
        self._table.setItem(row, 0, qt.QTableWidgetItem(name))
        self._table.setItem(row, 1, qt.QTableWidgetItem(value))
        blocker.unblock()
        self._hide_secret(row)

    def _add(self, _checked: bool = False) -> None:
        self._append("", "")
        row = self._table.rowCount - 1
        self._table.setCurrentCell(row, 0)
        self._table.editItem(self._table.item(row, 0))

    def _remove(self, _checked: bool = False) -> None:
        row = self._table.currentRow()
        if row >= 0:
            self._table.removeRow(row)
            self._enable()
            self._tell()

    def _enable(self) -> None:
        self._remove_button.enabled = self._table.currentRow() >= 0

    def _cell_changed(self, row: int, _column: int) -> None:
        self._hide_secret(row)
        self._tell()

    def _hide_secret(self, row: int) -> None:
        name, value = self._table.item(row, 0), self._table.item(row, 1)
        if name is None or value is None or not is_secret_name(name.text()):
            return
        if value.text() not in ("", _KEPT):
            blocker = qt.QSignalBlocker(self._table)
            value.setData(_SECRET, value.text())
            value.setText(_KEPT)
            blocker.unblock()

    def _tell(self) -> None:
        for call in self._changed:
            call()
