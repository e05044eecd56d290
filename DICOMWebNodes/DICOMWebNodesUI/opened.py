"""Dialogs that the window does not wait for. Closed ones stay children of their window until somebody ends them."""

from __future__ import annotations

from typing import Any, List, Tuple

import qt


class Dialog(qt.QDialog):
    """One that may be closed while it waits for something, as for a sign-in: it is told how that ends, and lives until
    then.

    ``_jobs``: what it waits for (see :func:`follow.follow`).
    """

    WAITING: Tuple[str, ...] = ()
    """Names of its attributes that wait by themselves, or are None: dialogs that it has opened, a sign-in."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._jobs: List[Any] = []

    @property
    def is_busy(self) -> bool:
        """Whether the end of something is still to be told, here or in a dialog of it."""
        return bool(self._jobs) or any(each.is_busy for each in self._waiting())

    def forget(self) -> None:
        """It is about to be destroyed with its window: nothing is told it any more."""
        self._jobs.clear()
        for each in self._waiting():
            each.forget()

    def _waiting(self) -> List[Any]:
        return [each for each in (getattr(self, name) for name in self.WAITING) if each is not None]


def opened(dialog: Dialog, before: Any = None) -> Any:
    """Open ``dialog``; the one ``before`` it, which was closed, goes with all its widgets.

    Unless it is still to be seen, or busy.
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
