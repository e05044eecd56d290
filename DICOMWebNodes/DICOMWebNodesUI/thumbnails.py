"""Small pictures of series: what is selected first, a few at a time, each asked for once."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Deque, List, Sequence

import qt

_AT_ONCE = 2


class Thumbnails:
    """Puts pictures into the rows of series as they come, and tells ``shown(row)``. Some series have none."""

    def __init__(self, logic: Any, shown: Callable[[Any], None]) -> None:
        self._logic = logic
        self._shown = shown
        self._waiting: Deque[Any] = deque()
        self._running: List[Any] = []

    def want(self, rows: Sequence[Any]) -> None:
        self._waiting.extend(rows)
        self._start()

    def prefer(self, rows: Sequence[Any]) -> None:
        """What a person looks at comes first."""
        first = [row for row in rows if row in self._waiting]
        if first:
            rest = [row for row in self._waiting if row not in first]
            self._waiting = deque((*first, *rest))

    def clear(self) -> None:
        self._waiting.clear()
        for job in list(self._running):
            job.cancel()
        self._running.clear()

    def _start(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            row = self._waiting.popleft()
            job = self._logic.startThumbnail(row.node, row.resource)
            if job.isOver:
                self._show(row, job)
                continue
            self._running.append(job)
            job.finished.connect(lambda job, row=row: self._finished(row, job))

    def _finished(self, row: Any, job: Any) -> None:
        if job in self._running:
            self._running.remove(job)
            self._show(row, job)
            self._start()

    def _show(self, row: Any, job: Any) -> None:
        pixmap = qt.QPixmap()
        if job.error is None and pixmap.loadFromData(job.value.data):
            row.picture = pixmap
            row.item.setIcon(qt.QIcon(pixmap))
            self._shown(row)
