"""Forms of the Qt Designer, from Resources/UI."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import qt
import slicer.util

from .fonts import metrics

_FOLDER = Path(__file__).resolve().parent.parent / "Resources" / "UI"


def fill(host: Any, name: str) -> Any:
    """Fill the empty widget ``host`` with the form ``name``; returns the form's widgets as attributes."""
    widget = slicer.util.loadUI(str(_FOLDER / f"{name}.ui"))
    layout = qt.QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    host.setLayout(layout)
    return slicer.util.childWidgetVariables(widget)


def fill_dialog(dialog: Any, name: str) -> Any:
    """As :func:`fill`, for a form that is a dialog itself: its title becomes that of ``dialog``."""
    ui = fill(dialog, name)
    inner = getattr(ui, name)
    inner.setWindowFlags(qt.Qt.Widget)
    dialog.windowTitle = inner.windowTitle
    return ui


def give_size(widget: Any, columns: int, lines: int) -> None:
    """Room for so many characters and lines of its font, never less than it needs."""
    letters, needed = metrics(widget), widget.sizeHint
    width, height = letters.averageCharWidth() * columns, letters.height() * lines
    widget.resize(max(width, needed.width()), max(height, needed.height()))


def put(widget: Any, place: Any) -> None:
    """Put a widget into an empty placeholder of a form."""
    layout = qt.QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    place.setLayout(layout)
