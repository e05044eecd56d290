"""The manual, and a report for somebody who helps."""

from __future__ import annotations

from typing import Any, Callable, List

import qt
from slicer.i18n import tr as _

from .follow import follow
from .manual import open_manual


class HelpButton(qt.QToolButton):
    """``failed`` is told why a report cannot be made."""

    def __init__(self, logic: Any, failed: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._logic = logic
        self._told = failed
        self._jobs: List[Any] = []
        self.text = _("Help")
        self.toolTip = _("The manual, and a report for somebody who helps. Shift+F1 explains a single field.")
        self.setPopupMode(qt.QToolButton.InstantPopup)
        self.autoRaise = True
        self.actions_menu = qt.QMenu(self)
        self.actions_menu.addAction(_("Open the &manual")).triggered.connect(lambda checked: open_manual())
        self.diagnostics = self.actions_menu.addAction(_("Copy &diagnostics"))
        self.diagnostics.toolTip = _("Versions, nodes without secrets and the last errors.")
        self.diagnostics.triggered.connect(lambda checked: self._make_report())
        self.setMenu(self.actions_menu)

    def forget(self) -> None:
        """It is about to be destroyed."""
        self._jobs.clear()

    def _make_report(self) -> None:
        follow(self._logic.startDiagnostics(), self._copy, self._told, self._jobs)

    def _copy(self, text: str) -> None:
        qt.QApplication.clipboard().setText(text)
        qt.QToolTip.showText(
            qt.QCursor.pos(), _("Copied to the clipboard. It has no secrets; read it before you send it.")
        )
