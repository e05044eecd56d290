"""Dialogs that the window does not wait for. Closed ones stay children of their window until somebody ends them."""

from __future__ import annotations

from typing import Any


def opened(dialog: Any, before: Any = None) -> Any:
    """Open ``dialog``; the one ``before`` it, which was closed, goes with all its widgets.

    Unless it is still to be seen, or waits for something (``is_busy``), as for a sign-in: it is told how that ends.
    """
    if before is not None and not before.visible and not before.is_busy:
        before.deleteLater()
    dialog.open()
    return dialog


def opened_once(dialog: Any) -> Any:
    """Open a question of Qt's own, which goes when it is answered; it has to be kept until then."""
    dialog.finished.connect(lambda result: dialog.deleteLater())
    dialog.open()
    return dialog
