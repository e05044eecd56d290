"""Columns of a list that fit into a narrow panel: what matters is never cut off, what does not is left out first."""

from __future__ import annotations

from typing import Any, Callable, List, Sequence, Set

from .fonts import metrics
from .table import in_sight

_WANTED = 16  # characters of the first column's texts, for which others are left out
_LEAST = 11  # when there is nothing more to leave out
_LEAST_OF_LAST = 8  # then
_DEEPEST = 1  # row below another whose text has this room; what is still further below has what is left of it
_MOST = 24  # characters of another one; names and addresses have no end


class FittedColumns:
    """The first column takes the room that the others leave, and its texts are cut there; the others are as wide as
    what they show. Where that is too much, those of ``dispensable`` are left out, the first of them first; where it is
    still too much, the last column is cut as well.

    A column that a person has drawn stays as it was drawn.
    """

    def __init__(self, view: Any, dispensable: Sequence[int], left_out_changed: Callable[[], None] = lambda: None):
        self._view = view
        self._dispensable = dispensable
        self._left_out_changed = left_out_changed
        self._header = view.header()
        self._widths: List[int] = [0] * self._header.count()
        self._inset = 0  # in front of the texts of rows that are below others
        self._drawn: Set[int] = set()
        self._is_fitting = False
        self._header.stretchLastSection = False
        self._header.setResizeContentsPrecision(0)  # of a thousand rows those that are seen
        self._header.geometriesChanged.connect(self.fit)
        self._header.sectionResized.connect(self._resized)
        view.expanded.connect(lambda index: self.fit())
        view.verticalScrollBar().valueChanged.connect(lambda value: self.fit())  # Qt measures the rows that are seen

    def fit(self) -> None:
        """Columns become wider with what they show, but not narrower: nothing is to jump while numbers change."""
        if self._is_fitting:
            return
        self._is_fitting = True
        before = self.left_out()
        try:
            self._inset = max(self._inset, self._needed_inset())
            for column in range(1, len(self._widths)):
                if column not in self._drawn:
                    self._widths[column] = max(self._widths[column], self._needed(column))
            self._share()
        finally:
            self._is_fitting = False
        if self.left_out() != before:
            self._left_out_changed()

    def start_anew(self) -> None:
        """When rows have gone: what they needed does not count any more."""
        self._widths = [width if column in self._drawn else 0 for column, width in enumerate(self._widths)]
        self._inset = 0
        self.fit()

    def left_out(self) -> List[int]:
        return [column for column in self._dispensable if self._header.isSectionHidden(column)]

    def _needed(self, column: int) -> int:
        contents, title = int(self._view.sizeHintForColumn(column)), int(self._header.sectionSizeHint(column))
        return max(min(contents, self._characters(_MOST)), title)

    def _needed_inset(self) -> int:
        deepest = min(_DEEPEST, max(map(_depth, in_sight(self._view)), default=0))
        return int(self._view.indentation) * (deepest + bool(self._view.rootIsDecorated))

    def _characters(self, count: int) -> int:
        return int(metrics(self._view).averageCharWidth()) * count

    def _share(self) -> None:
        room = self._view.viewport().width - self._inset
        widths = dict(enumerate(self._widths[1:], 1))
        for column in self._dispensable:
            if self._characters(_WANTED) + sum(widths.values()) > room:
                del widths[column]
        least, last = self._characters(_LEAST), max(widths)
        missing = least + sum(widths.values()) - room
        if missing > 0 and last not in self._drawn:
            widths[last] = max(min(widths[last], self._characters(_LEAST_OF_LAST)), widths[last] - missing)
        for column in range(1, len(self._widths)):
            if self._header.isSectionHidden(column) == (column in widths):
                self._header.setSectionHidden(column, column not in widths)
            if column in widths:
                self._set_width(column, widths[column])
        if 0 not in self._drawn:
            self._set_width(0, self._inset + max(least, room - sum(widths.values())))

    def _set_width(self, column: int, width: int) -> None:
        if self._header.sectionSize(column) != width:
            self._header.resizeSection(column, width)

    def _resized(self, column: int, _before: int, after: int) -> None:
        if not self._is_fitting:
            self._drawn.add(column)
            self._widths[column] = after


def _depth(index: Any) -> int:
    """How many rows it is below of."""
    depth, above = 0, index.parent()
    while above.isValid():
        depth, above = depth + 1, above.parent()
    return depth
