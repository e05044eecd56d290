"""What is inside of a study or a series: asked for when somebody opens it, once."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

from DICOMWebNodesHost.sentences import told, translated
from slicer.i18n import tr as _

from .follow import follow
from .results_row import CHILD_LEVEL, STUDY, Row

# What servers leave out unless they are asked (PS3.18 section 10.6.3.3).
_INCLUDED = {
    "series": ("SeriesDescription", "SeriesDate", "NumberOfSeriesRelatedInstances"),
    "instances": ("Rows", "Columns", "NumberOfFrames"),
}


class Children:
    """Fills ``results``. ``added(rows)`` hears of each batch, ``remark(text)`` of what the server holds back, and
    ``failed(error)`` of what did not come, which can then be asked for again."""

    def __init__(
        self,
        logic: Any,
        results: Any,
        added: Callable[[List[Row]], None],
        remark: Callable[[str], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._logic = logic
        self._results = results
        self._added = added
        self._remark = remark
        self._failed = failed
        self._jobs: List[Any] = []
        self._waiting: Dict[int, List[Callable[[], None]]] = {}

    def clear(self) -> None:
        self._waiting.clear()
        for job in list(self._jobs):
            job.cancel()
        self._jobs.clear()

    def ask(self, row: Row) -> None:
        """Look for what is inside of a study or series, unless that was done."""
        if row.is_asked or not row.is_opened_lazily:
            return
        row.is_asked = True
        level = CHILD_LEVEL[row.level]
        job = self._logic.startSearch(row.node, level=level, within=row.resource, includefield=_INCLUDED[level])
        node = row.node
        job.found.connect(lambda found: self._found(row, node, found))
        job.warned.connect(lambda text: self._remark(f"{row.title}: {translated(text)}"))
        follow(job, lambda found: self._end(row, node), lambda error: self._break_off(row, node, error), self._jobs)

    def when_complete(self, rows: Sequence[Row], then: Callable[[], None]) -> None:
        """Call ``then`` once everything inside of these rows has come; never when some of it fails."""
        missing = next((row for row in rows if not row.is_complete), None)
        if missing is None:
            then()
            return
        self._waiting.setdefault(missing.key, []).append(lambda: self.when_complete(rows, then))
        self.ask(missing)

    def _found(self, row: Row, node: str, found: Sequence[Any]) -> None:
        if self._is_wanted(row, node):
            added, unreadable = self._results.add_children(row, found)
            if unreadable:
                self._remark(_("{title}: {n} without a valid UID are left out.").format(title=row.title, n=unreadable))
            self._added(added)

    def _end(self, row: Row, node: str) -> None:
        if not self._is_wanted(row, node):
            return
        nothing = _("It has no series.") if row.level == STUDY else _("It has no instances.")
        self._results.end_children(row, "" if row.child_count else nothing)
        row.is_complete = True
        for then in self._waiting.pop(row.key, []):
            then()

    def _break_off(self, row: Row, node: str, error: BaseException) -> None:
        if self._is_wanted(row, node):
            row.is_asked = False
            self._waiting.pop(row.key, None)
            self._results.end_children(row, told(error))
            row.is_complete = False
        self._failed(error)

    @staticmethod
    def _is_wanted(row: Row, node: str) -> bool:
        """Not when the row is gone, or another node was chosen for it meanwhile."""
        return row.is_shown and bool(row.node == node)
