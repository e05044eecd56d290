"""What is selected in the results, as what can be done with it."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

import qt
from slicer.i18n import tr as _

from . import table
from .results_row import PATIENT, STUDY, Row
from .results_shown import MANY


class Selection:
    """Of the view ``tree``, which shows ``results`` through ``proxy``; not all of them where ``is_filtered()``."""

    def __init__(self, tree: Any, proxy: Any, results: Any, is_filtered: Callable[[], bool]) -> None:
        self._tree = tree
        self._proxy = proxy
        self._results = results
        self._is_filtered = is_filtered

    def rows(self) -> List[Row]:
        """From the first to the last that came; without placeholders of what is still being looked for."""
        numbers = (index.data(table.DATA) for index in table.selected_rows(self._tree))
        known = sorted(number for number in numbers if number is not None and number in self._results.rows)
        return [self._results.rows[number] for number in known]

    def select_all(self) -> None:
        """Of very many patients only their rows, which stand for all that is below them: to Qt the studies of each open
        patient are a range of its own, and seven thousand ranges take it ten seconds."""
        count = self._proxy.rowCount()
        if count <= MANY:
            self._tree.selectAll()
            return
        everything = qt.QItemSelection(self._proxy.index(0, 0), self._proxy.index(count - 1, 0))
        flags = qt.QItemSelectionModel.ClearAndSelect | qt.QItemSelectionModel.Rows
        self._tree.selectionModel().select(everything, flags)

    def parts(self) -> List[Row]:
        """As :meth:`rows`, with its studies in the place of each patient: what a filter hides nobody has selected."""
        is_filtered = self._is_filtered()
        parts: List[Row] = []
        for row in self.rows():
            if row.level == PATIENT:
                parts += [each for each in row.children if not is_filtered or self._is_shown(each)]
            else:
                parts.append(row)
        return parts

    def _is_shown(self, row: Row) -> bool:
        return bool(self._proxy.mapFromSource(self._results.model.indexFromItem(row.item)).isValid())

    def studies(self) -> List[Row]:
        """Those that are selected, with those of selected patients."""
        return [row for row in self.parts() if row.level == STUDY]

    def resources(self) -> Dict[str, List[str]]:
        """By node; a patient stands for the studies, and what is inside of something selected is not repeated."""
        chosen = set()
        found: Dict[str, List[str]] = {}
        for row in self.parts():
            parts = row.resource.split("/")
            if not any("/".join(parts[: count + 1]) in chosen for count in range(len(parts))):
                chosen.add(row.resource)
                found.setdefault(row.node, []).append(row.resource)
        return found

    def title(self, node: str) -> str:
        """Of a transfer from that node: the first patient of whom something is selected, and how many others."""
        rows = (row for row in self.parts() if row.node == node)
        patients = list(dict.fromkeys(self._results.above(row, PATIENT) for row in rows))
        first = str(patients[0].title)
        return _("{name} and {n} more").format(name=first, n=len(patients) - 1) if len(patients) > 1 else first


def inside(rows: Sequence[Row], depth: int) -> List[Row]:
    """The rows, with what is inside of them in the place of studies (0) or series (1), as far as it is known."""
    return [each for row in rows for each in (row.children if row.resource.count("/") == depth else [row])]


def uids(rows: Sequence[Row], level: int) -> List[str]:
    """Of the studies (0), series (1) or instances (2) that the rows are or belong to, each once."""
    split = (row.resource.split("/") for row in rows)
    return list(dict.fromkeys(each[level] for each in split if len(each) > level))
