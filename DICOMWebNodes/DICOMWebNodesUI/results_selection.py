"""What is selected in the results, as what can be done with it."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from slicer.i18n import tr as _

from . import table
from .results_row import NAME, PATIENT, STUDY, Row, studies_of


class Selection:
    """Of the view ``tree``, which shows ``results`` through ``proxy``."""

    def __init__(self, tree: Any, proxy: Any, results: Any) -> None:
        self._tree = tree
        self._proxy = proxy
        self._results = results

    def rows(self) -> List[Row]:
        """From the first to the last that came; without placeholders of what is still being looked for."""
        indexes = (self._proxy.mapToSource(each) for each in self._tree.selectionModel().selectedRows(NAME))
        numbers = sorted(index.data(table.DATA) for index in indexes if index.data(table.DATA) is not None)
        return [self._results.rows[number] for number in numbers if number in self._results.rows]

    def studies(self) -> List[Row]:
        """Those that are selected, with all of selected patients."""
        return [row for row in studies_of(self.rows()) if row.level == STUDY]

    def resources(self) -> Dict[str, List[str]]:
        """By node; a patient stands for the studies, and what is inside of something selected is not repeated."""
        chosen = set()
        found: Dict[str, List[str]] = {}
        for row in studies_of(self.rows()):
            parts = row.resource.split("/")
            if not any("/".join(parts[: count + 1]) in chosen for count in range(len(parts))):
                chosen.add(row.resource)
                found.setdefault(row.node, []).append(row.resource)
        return found

    def title(self, node: str) -> str:
        """Of a transfer from that node: the first patient of whom something is selected, and how many others."""
        rows = (row for row in studies_of(self.rows()) if row.node == node)
        patients = list(dict.fromkeys(self._results.above(row, PATIENT) for row in rows))
        first = str(patients[0].title)
        return _("{name} and {n} more").format(name=first, n=len(patients) - 1) if len(patients) > 1 else first

    def uids(self, level: int) -> List[str]:
        """Of the studies (0), series (1) or instances (2) that are selected, each once; as far as they are known."""
        rows: Sequence[Row] = studies_of(self.rows())
        for depth in range(level):
            rows = [each for row in rows for each in (row.children if row.resource.count("/") == depth else [row])]
        split = (row.resource.split("/") for row in rows)
        return list(dict.fromkeys(each[level] for each in split if len(each) > level))
