"""Keys that do what a button or a menu does, and where Tab goes."""

from __future__ import annotations

from typing import Any, Callable

import qt


def on_key(widget: Any, sequence: str, do: Callable[[], None], is_possible: Callable[[], bool] = lambda: True) -> Any:
    """While ``widget`` has the focus. ``sequence``: as people read it, "Ctrl+C"; returns the shortcut, which belongs to
    ``widget``."""
    return _shortcut(widget, sequence, qt.Qt.WidgetShortcut, do, is_possible)


def on_return(widget: Any, do: Callable[[], None], is_possible: Callable[[], bool] = lambda: True) -> None:
    """As :func:`on_key`, for Return and the Enter of the number pad."""
    for sequence in ("Return", "Enter"):
        on_key(widget, sequence, do, is_possible)


def on_escape(panel: Any, do: Callable[[], None]) -> Any:
    """While anything on ``panel`` has the focus; a list that is open over it comes first."""
    return _shortcut(panel, "Esc", qt.Qt.WidgetWithChildrenShortcut, do)


def tab_through(*widgets: Any) -> None:
    """Tab goes from one to the next: of widgets that are made or placed after those that people see below them."""
    for former, following in zip(widgets, widgets[1:]):
        qt.QWidget.setTabOrder(former, following)


def _shortcut(
    widget: Any, sequence: str, context: Any, do: Callable[[], None], is_possible: Callable[[], bool] = lambda: True
) -> Any:
    shortcut = qt.QShortcut(qt.QKeySequence(sequence), widget)
    shortcut.setContext(context)
    shortcut.activated.connect(lambda: do() if is_possible() else None)
    return shortcut
