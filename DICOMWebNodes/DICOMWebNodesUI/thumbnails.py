"""Small pictures of the series that a person can see: the selected ones first, a few at a time, each asked for once."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

import qt
from DICOMWebNodesHost.sentences import sentencesOf
from slicer.i18n import tr as _

from . import placeholder, table
from .results_row import DATE, DETAILS, MODALITY, NAME, SERIES_LEVEL
from .row_texts import UNREADABLE, in_full

_AT_ONCE = 2
_LOOK_AFTER = 60  # milliseconds: a scroll bar that is dragged passes by many rows
_PLACEHOLDER = 128  # pixels


class Thumbnails:
    """Looks which rows of ``tree`` are in sight and puts pictures into those of series, and tells ``shown(row)``.

    ``row_at(index)`` gives a row of an index of the tree. What is scrolled out of sight is cancelled, and asked for
    again when it comes back. What failed says why, and is asked for again when somebody selects it.
    """

    def __init__(
        self, logic: Any, tree: Any, row_at: Callable[[Any], Any], shown: Callable[[Any], None] = lambda row: None
    ) -> None:
        self._logic = logic
        self._tree = tree
        self._row_at = row_at
        self._shown = shown
        self._chosen: Sequence[Any] = ()
        self._waiting: List[Any] = []
        self._running: Dict[Any, Any] = {}  # jobs by row
        self._settled: Dict[Any, None] = {}  # rows that have a picture, or will not get one
        self._failed: Dict[Any, None] = {}  # those of them whose picture did not come
        self._timer = qt.QTimer(tree)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_AFTER)
        self._timer.timeout.connect(self._look)
        tree.verticalScrollBar().valueChanged.connect(lambda value: self.look_soon())
        tree.verticalScrollBar().rangeChanged.connect(lambda least, most: self.look_soon())
        tree.expanded.connect(lambda index: self.look_soon())
        tree.collapsed.connect(lambda index: self.look_soon())

    def look_soon(self) -> None:
        """To be called when rows may have come into sight."""
        if not self._timer.active:
            self._timer.start()

    def prefer(self, rows: Sequence[Any]) -> None:
        """What a person has selected comes first, in sight or not."""
        if self._failed:
            for row in set(rows).difference(self._chosen).intersection(self._failed):
                del self._failed[row], self._settled[row]
        self._chosen = rows
        self.look_soon()

    def forget(self, rows: Sequence[Any]) -> None:
        """They are shown no longer."""
        gone = set(rows)
        self._chosen = [row for row in self._chosen if row not in gone]
        self._want([row for row in (*self._running, *self._waiting) if row not in gone])

    def clear(self) -> None:
        self._chosen = ()
        self._settled.clear()
        self._failed.clear()
        self._want([])

    # --- what is in sight -------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._want([*self._chosen, *self._in_sight()])

    def _in_sight(self) -> List[Any]:
        return [row for row in map(self._row_at, table.in_sight(self._tree)) if row is not None]

    def _want(self, rows: Sequence[Any]) -> None:
        wanted = [row for row in dict.fromkeys(rows) if row.level == SERIES_LEVEL and row not in self._settled]
        for row, job in list(self._running.items()):
            if row not in wanted:
                del self._running[row]
                job.cancel()
        self._waiting = [row for row in wanted if row not in self._running]
        self._start()

    # --- asking -----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            row = self._waiting.pop(0)
            job = self._logic.startThumbnail(row.node, row.resource)
            if job.isOver:
                self._show(row, job)
                continue
            self._running[row] = job
            job.finished.connect(lambda job, row=row: self._finished(row, job))

    def _finished(self, row: Any, job: Any) -> None:
        if self._running.get(row) is job:
            del self._running[row]
            self._show(row, job)
            self._start()

    def _show(self, row: Any, job: Any) -> None:
        self._settled[row] = None
        if row.item is None:
            return
        pixmap = qt.QPixmap()
        told = "" if job.error is None else sentencesOf(job.error)
        about = in_full([row.cell(column).text() for column in (NAME, DATE, MODALITY, DETAILS)])
        row.item.setToolTip(table.plain_tool_tip("\n".join(filter(None, (about, told)))))
        if job.error is None:
            pixmap.loadFromData(job.value.data)
        elif getattr(job.error, "code", "") == "no-picture":
            pixmap = placeholder.pixmap(job.error.modality or _("no picture"), _PLACEHOLDER, self._tree.palette)
        else:
            self._failed[row] = None
            row.item.setIcon(qt.QIcon(placeholder.pixmap(UNREADABLE, _PLACEHOLDER, self._tree.palette)))
        if not pixmap.isNull():
            row.picture = pixmap
            row.item.setIcon(qt.QIcon(pixmap))
            self._shown(row)
