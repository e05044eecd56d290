"""What can be done with nodes by menus and keys: the button "More", and a click with the right button on their list."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping

import qt
from slicer.i18n import tr as _

from .keys import on_key, on_return


class NodeMenu:
    """``slots``: what to do, by the names of :attr:`actions`. A key does what its action does, and is shown there."""

    def __init__(self, ui: Any, slots: Mapping[str, Callable[[], None]]) -> None:
        self._table = ui.table
        self._slots = slots
        self.actions: Dict[str, Any] = {}
        self.menu = qt.QMenu(ui.table)
        self._add("add", _("&Add..."), "Ins")
        self._add("edit", _("&Edit..."), "F2")
        self._add("test", _("&Test"), "F5")
        self.menu.addSeparator()
        self._add("duplicate", _("&Duplicate"), "Ctrl+D")
        self._add("remove", _("&Remove..."), "Del")
        self._add("up", _("Move &up"), "Ctrl+Up")
        self._add("down", _("Move d&own"), "Ctrl+Down")
        on_return(self._table, self.actions["edit"].trigger)
        more = qt.QMenu(ui.moreButton)
        for name in ("duplicate", "remove", "up", "down"):
            more.addAction(self.actions[name])
        more.addSeparator()
        for name, text in (
            ("import", _("&Import from a file...")),
            ("export", _("&Export nodes to a file...")),
            ("export-weasis", _("Export nodes for &Weasis...")),
            ("export-methods", _("Export &their authentication for Weasis...")),
        ):
            self._connect(name, more.addAction(text))
        ui.moreButton.setMenu(more)
        self._table.customContextMenuRequested.connect(
            lambda at: self.menu.popup(self._table.viewport().mapToGlobal(at))
        )

    def _add(self, name: str, text: str, sequence: str) -> None:
        action = self.menu.addAction(f"{text}\t{sequence}")
        self._connect(name, action)
        on_key(self._table, sequence, action.trigger)  # which does nothing while it is not enabled

    def _connect(self, name: str, action: Any) -> None:
        action.triggered.connect(lambda checked: self._slots[name]())
        self.actions[name] = action
