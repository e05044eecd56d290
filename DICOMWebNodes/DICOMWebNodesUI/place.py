"""Where a person is in a list whose rows are made anew."""

from __future__ import annotations

from typing import Any, Collection

import qt

from .table import DATA, selected_data


class Place:
    """Of the list ``view``: what is selected, which row the arrow keys start from, and how far it is scrolled."""

    def __init__(self, view: Any) -> None:
        self._view = view
        current = view.currentIndex()
        self._row = current.row()
        self._current = current.sibling(self._row, 0).data(DATA) if current.isValid() else None
        self._selected = set(selected_data(view))
        self._scrolled = view.verticalScrollBar().value

    def go_back(self, wanted: Collection[Any] = ()) -> None:
        """``wanted``: data of the rows to select now, as far as they are there. Where all that was selected is gone,
        what has come into its place is selected."""
        rows = {index.data(DATA): index for index in _first_cells(self._view.model())}
        new = [each for each in wanted if each in rows]
        chosen = new or [each for each in rows if each in self._selected]
        if not chosen and self._selected and rows:
            chosen = [list(rows)[min(max(self._row, 0), len(rows) - 1)]]
        current = self._current if self._current in rows and not new else next(iter(chosen), None)
        selection = self._view.selectionModel()
        if current is not None:
            selection.setCurrentIndex(rows[current], qt.QItemSelectionModel.NoUpdate)
        selection.clearSelection()
        for each in chosen:
            selection.select(rows[each], qt.QItemSelectionModel.Select | qt.QItemSelectionModel.Rows)
        self._view.verticalScrollBar().value = self._scrolled  # last: to the current row Qt scrolls by itself
        if new:
            self._view.scrollTo(rows[new[-1]])


def _first_cells(model: Any) -> Any:
    return (model.index(row, 0) for row in range(model.rowCount()))
