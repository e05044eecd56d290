"""Keys that do what a button or a menu does, while the list that they are about has the focus."""

from __future__ import annotations

from typing import Any, Callable

import qt


def on_key(widget: Any, sequence: str, do: Callable[[], None], is_possible: Callable[[], bool] = lambda: True) -> Any:
    """``sequence``: as people read it, "Ctrl+C"; returns the shortcut, which belongs to ``widget``."""
    shortcut = qt.QShortcut(qt.QKeySequence(sequence), widget)
    shortcut.setContext(qt.Qt.WidgetShortcut)
    shortcut.activated.connect(lambda: do() if is_possible() else None)
    return shortcut
