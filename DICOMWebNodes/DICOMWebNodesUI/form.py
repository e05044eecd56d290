"""Forms of the Qt Designer, from Resources/UI."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence

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
    inner.rejected.connect(dialog.reject)  # it takes the Escape key for itself, and only hides what is in the window
    dialog.windowTitle = inner.windowTitle
    return ui


def give_size(widget: Any, columns: int, lines: int) -> None:
    """Room for so many characters and lines of its font, not less than it needs, but within Slicer's window.

    That is on the screen; of screens PythonQt does not tell.
    """
    letters, needed, window = metrics(widget), widget.sizeHint, slicer.util.mainWindow()
    width = max(letters.averageCharWidth() * columns, needed.width())
    height = max(letters.height() * lines, needed.height())
    if window is not None:
        width, height = min(width, window.width), min(height, window.height)
    widget.resize(width, height)


def give_lines(view: Any, lines: int) -> None:
    """Of a list at least so many lines are seen, where everything around it scrolls."""
    view.setMinimumHeight(metrics(view).height() * lines)


def rows() -> Any:
    """The layout of a form without margins, whose fields go below their labels where the window is narrow."""
    layout = qt.QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setFieldGrowthPolicy(qt.QFormLayout.ExpandingFieldsGrow)
    layout.setRowWrapPolicy(qt.QFormLayout.WrapLongRows)
    return layout


def put(widget: Any, place: Any) -> None:
    """Put a widget into an empty placeholder of a form."""
    layout = qt.QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    place.setLayout(layout)


def put_scrolled(dialog: Any, parts: Sequence[Any], *below: Any) -> None:
    """Widgets and layouts below each other, which scroll where the window is small; the widgets ``below`` them stay."""
    content, inner, area, outer = qt.QWidget(), qt.QVBoxLayout(), qt.QScrollArea(), qt.QVBoxLayout()
    inner.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        if part.isWidgetType():
            inner.addWidget(part)
        else:
            inner.addLayout(part)
    inner.addStretch(1)
    content.setLayout(inner)
    area.setFrameShape(qt.QFrame.NoFrame)
    area.widgetResizable = True
    area.setWidget(content)
    outer.addWidget(area, 1)
    for widget in below:
        outer.addWidget(widget)
    dialog.setLayout(outer)
