"""A row of widgets that goes on in further lines where the panel is too narrow for one."""

from __future__ import annotations

from typing import Any, List

import qt


class WrappingRow(qt.QWidget):
    """Takes over what stands in the row ``place`` of a form; ``at_edge``: the one of them that keeps to the right.

    Slicer makes its module panel as wide as a module's widest line needs: with this, a line is one widget.
    """

    def __init__(self, place: Any, at_edge: Any = None) -> None:
        widgets = place.children()
        super().__init__(place)  # within one window widgets keep their place in the order of Tab
        self._widgets: List[Any] = [child for child in widgets if child.isWidgetType()]
        self._at_edge = at_edge
        self._numbers: List[List[int]] = []  # of the widgets, by line
        self._lines: List[Any] = []  # their layouts; one that is not needed any more stays, empty
        layout = qt.QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        self._show([list(range(len(self._widgets)))])
        place.layout().addWidget(self)
        self.arrange()

    def resizeEvent(self, event: Any) -> None:
        self._show(self._fitting(self.width))

    def arrange(self) -> None:
        """Again, because a widget of the row has come or gone, or has another text."""
        self.setMinimumWidth(max(map(_width, self._widgets)))
        self._show(self._fitting(self.width))

    def _fitting(self, room: int) -> List[List[int]]:
        lines: List[List[int]] = [[]]
        gap, taken = self.layout().spacing, 0
        for number, widget in enumerate(self._widgets):
            width = 0 if widget.isHidden() else _width(widget) + gap
            if taken and taken + width - gap > room:
                lines.append([])
                taken = 0
            lines[-1].append(number)
            taken += width
        return lines

    def _show(self, numbers: List[List[int]]) -> None:
        if numbers == self._numbers:
            return
        for line, before in zip(self._lines, self._numbers):
            for number in before:
                line.removeWidget(self._widgets[number])
        self._numbers = numbers
        while len(self._lines) < len(numbers):
            self._lines.append(qt.QHBoxLayout())
            self._lines[-1].addStretch(1)
            self.layout().addLayout(self._lines[-1])
        for line, of_line in zip(self._lines, numbers):
            for place, number in enumerate(of_line):
                widget = self._widgets[number]
                line.insertWidget(-1 if widget == self._at_edge else place, widget)


def _width(widget: Any) -> int:
    return max(widget.sizeHint.width(), widget.minimumSizeHint.width())
