"""Which of the results are shown: those that match a filter, with the studies of all patients or without."""

from __future__ import annotations

from typing import Any, Callable, Iterator

from .slow_queue import SlowQueue

MANY = 500
"""Patients: up to here all is done at once, and the studies of those that match are shown without being asked."""


class Shown:
    """Of the tree, filter and button in ``ui``; ``changed`` is called when other rows may be in sight.

    With very many patients it is done in steps, between which the window lives: to Qt each patient that is opened is
    a row to put studies below of, and an open tree takes rows away one by one.
    """

    def __init__(self, ui: Any, slices: Any, changed: Callable[[], None]) -> None:
        self._tree, self._filter, self._button = ui.tree, ui.filter, ui.expandButton
        self._changed = changed
        self._filtered = ""  # the text by which the rows are chosen now
        self._steps = SlowQueue(slices, lambda work: work)
        ui.filter.textChanged.connect(lambda text: self.arrange())
        ui.expandButton.toggled.connect(self._expand)

    @property
    def is_settled(self) -> bool:
        return self._steps.is_empty

    def close(self) -> None:
        """The tree is about to be destroyed."""
        self._steps.close()

    def _expand(self, expanded: bool) -> None:
        if not expanded:
            self._tree.collapseAll()
        self.arrange()

    def arrange(self) -> None:
        """As the filter and the button say now, whatever is being done."""
        self._steps.clear()
        if self._proxy.sourceModel.rowCount() > MANY:
            self._steps.put([self._arranging()])
        else:
            for _step in self._arranging():
                pass

    @property
    def _proxy(self) -> Any:
        return self._tree.model()

    def _arranging(self) -> Iterator[None]:
        text = self._filter.text
        if text != self._filtered:
            if self._button.checked:
                self._tree.collapseAll()
                yield
            self._proxy.setFilterFixedString(text)
            self._filtered = text
            self._changed()
            yield
            if text and self._proxy.rowCount() <= MANY and not self._button.checked:
                self._button.checked = True  # which comes here again
                return
        if self._button.checked:
            yield from self._opening()

    def _opening(self) -> Iterator[None]:
        """Patients only: what is below a study is asked for when somebody opens it.

        Once more from the top when there was something to open: the order may have changed on the way.
        """
        is_to_do = True
        while is_to_do:
            is_to_do = False
            row = 0
            while row < self._proxy.rowCount():
                index = self._proxy.index(row, 0)
                if not self._tree.isExpanded(index):
                    self._tree.expand(index)
                    is_to_do = True
                row += 1
                yield
