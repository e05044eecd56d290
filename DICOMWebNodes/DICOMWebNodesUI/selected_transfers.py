"""Which transfers, and which series of them, are selected in the list."""

from __future__ import annotations

from typing import Any, Dict, List, Union

from . import table
from .fitted_columns import FittedColumns
from .transfer_parts import OneSeries, WholeTransfer
from .transfer_rows import STATE, TransferRow
from .unfinished_row import UnfinishedRow

Row = Union[TransferRow, UnfinishedRow]


class SelectedTransfers:
    """In the tree ``view``; ``rows``: all that were ever shown, by number."""

    def __init__(self, view: Any, rows: List[Row]) -> None:
        self._view = view
        self._all = rows
        self._open: List[Row] = []
        self._looked_at = 0  # so many of all

    def shown(self) -> List[Row]:
        return [row for row in self._all if row.is_shown]

    def open(self) -> List[Row]:
        """Those shown that anything can still be done with, which are few of the thousands of a script."""
        new, self._looked_at = self._all[self._looked_at :], len(self._all)
        self._open = [row for row in (*self._open, *new) if row.is_shown and not row.is_settled]
        return self._open

    def rows(self) -> List[Row]:
        """Those selected, also by one of their series; all that are shown when none is."""
        indexes = table.selected_rows(self._view)
        numbers = sorted({_top(index).data(table.DATA) for index in indexes})
        return [self._all[number] for number in numbers] if numbers else self.shown()

    def parts(self) -> List[Union[WholeTransfer, OneSeries]]:
        """What the buttons act on: a series by itself, with the files below it; anything else with its transfer."""
        indexes = table.selected_rows(self._view)
        if not indexes:
            return [WholeTransfer(row) for row in self.open()]
        whole: Dict[Any, None] = {}
        series: Dict[Any, OneSeries] = {}
        for index in indexes:
            row = self._all[_top(index).data(table.DATA)]
            progress = row.series.get(_series_key(index))
            if progress is None or not OneSeries.can_be_steered(row, progress):
                whole[row] = None
            else:
                series[row, progress.resource] = OneSeries(row, progress)
        return [*map(WholeTransfer, whole), *(part for part in series.values() if part.row not in whole)]

    def details(self, columns: FittedColumns) -> str:
        """What the list has no room for, of what is selected by itself; ``columns``: those of the list."""
        indexes = table.selected_rows(self._view)
        if len(indexes) == 1 and indexes[0].parent().isValid():
            return str(indexes[0].sibling(indexes[0].row(), STATE).data(table.DATA) or "")
        rows = self.rows()
        if len(rows) != 1:
            return ""
        return rows[0].reason() or (rows[0].pace() if columns.left_out() else "")


def _series_key(index: Any) -> Any:
    """Of the series of a row, or of the file below it; None of a whole transfer."""
    while index.parent().isValid():
        key = index.data(table.DATA + 1)
        if key is not None:
            return key
        index = index.parent()
    return None


def _top(index: Any) -> Any:
    while index.parent().isValid():
        index = index.parent()
    return index
