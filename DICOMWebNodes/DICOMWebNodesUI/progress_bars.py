"""Progress drawn as small pictures: the rows of a list can have them without a widget each."""

from __future__ import annotations

from typing import Any, Dict, Tuple

import qt

from .fonts import metrics

_STEPS = 20


class ProgressBars:
    """Bars as icons, in the colours of ``widget``, other ones where the row is selected: there a full bar would be of
    its colour. One is drawn for each twentieth, once."""

    def __init__(self, widget: Any) -> None:
        self._widget = widget
        self._drawn: Dict[Tuple[int, bool, int], Any] = {}

    def size(self) -> Any:
        height = metrics(self._widget).height()
        return qt.QSize(5 * height // 2, height)

    def icon(self, part: float, failed: bool = False) -> Any:
        """``part`` from 0 to 1; ``failed`` ones are red."""
        step = max(0, min(_STEPS, int(part * _STEPS)))
        background = self._widget.palette.color(qt.QPalette.Base)
        key = (step, failed, background.rgb())
        if key not in self._drawn:
            roles = (qt.QPalette.Mid, qt.QPalette.Highlight, qt.QPalette.HighlightedText)
            frame, filled, selected = (self._widget.palette.color(role) for role in roles)
            icon = qt.QIcon(self._draw(step / _STEPS, failed, frame, background, filled))
            icon.addPixmap(self._draw(step / _STEPS, failed, selected, filled, selected), qt.QIcon.Selected)
            self._drawn[key] = icon
        return self._drawn[key]

    def _draw(self, part: float, failed: bool, frame: Any, background: Any, filled: Any) -> Any:
        size = self.size()
        ratio = self._widget.devicePixelRatioF()
        pixmap = qt.QPixmap(int(size.width() * ratio), int(size.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(qt.QColor(0, 0, 0, 0))
        bar = qt.QRect(0, size.height() // 4, size.width() - 1, size.height() // 2)
        painter = qt.QPainter(pixmap)
        painter.setPen(frame)
        painter.setBrush(qt.QBrush(background))
        painter.drawRect(bar)
        colour = qt.QColor(190, 50, 40) if failed else filled
        painter.fillRect(bar.x() + 1, bar.y() + 1, int((bar.width() - 1) * part), bar.height() - 1, qt.QBrush(colour))
        painter.end()
        return pixmap
