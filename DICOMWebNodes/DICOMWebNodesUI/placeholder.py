"""What stands in the place of a picture where there is none: its kind in letters."""

from __future__ import annotations

from typing import Any

import qt

_MARGIN = 8  # one of so many parts of the side


def pixmap(text: str, side: int, palette: Any) -> Any:
    """A square of ``side`` pixels in the colours of ``palette``, with ``text`` as large as it fits."""
    drawn = qt.QPixmap(side, side)
    drawn.fill(qt.Qt.transparent)
    margin = side // _MARGIN
    painter = qt.QPainter()
    painter.begin(drawn)
    painter.setRenderHint(qt.QPainter.Antialiasing)
    painter.setPen(palette.color(qt.QPalette.Mid))
    painter.setBrush(qt.QBrush(palette.color(qt.QPalette.AlternateBase)))
    painter.drawRoundedRect(1, 1, side - 2, side - 2, margin, margin)
    painter.setPen(palette.color(qt.QPalette.Text))
    painter.setFont(_fitting(text, side - 2 * margin, side // 3))
    painter.drawText(0, 0, side, side, int(qt.Qt.AlignCenter), text)
    painter.end()
    return drawn


def _fitting(text: str, width: int, height: int) -> Any:
    """A font in which the text is not wider than ``width`` pixels, nor higher than ``height``."""
    font = qt.QFont()
    font.setBold(True)
    while height > 6:
        font.setPixelSize(height)
        if qt.QFontMetrics(font).boundingRect(text).width() <= width:
            break
        height -= 1
    return font
