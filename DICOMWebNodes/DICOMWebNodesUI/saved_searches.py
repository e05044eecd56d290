"""Searches that a person gave a name, in the application's settings."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict

import qt
from slicer.i18n import tr as _

from . import words
from .opened import opened_once

_KEY = "DICOMWebNodes/SavedSearches"
_LENGTH = 60  # characters of a name in the menu


class SavedSearches:
    """The menu of ``button``: searches to choose, one to save, those to remove.

    ``state()`` gives the search as JSON values, ``restore(state)`` puts it into the form.
    """

    def __init__(self, button: Any, state: Callable[[], Dict[str, Any]], restore: Callable[[Any], None]) -> None:
        self._state = state
        self._restore = restore
        self._button = button
        self.menu = qt.QMenu(button)
        self.menu.aboutToShow.connect(self._fill)
        button.setMenu(self.menu)

    def all(self) -> Dict[str, Any]:
        """By name, in the order of saving; what is not readable is forgotten."""
        try:
            kept = json.loads(qt.QSettings().value(_KEY) or "{}")
        except (TypeError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def save(self, name: str) -> None:
        """Under a name that was there already, in its place."""
        if name.strip():
            self._write({**self.all(), name.strip(): self._state()})

    def remove(self, name: str) -> None:
        self._write({key: value for key, value in self.all().items() if key != name})

    def _write(self, searches: Dict[str, Any]) -> None:
        qt.QSettings().setValue(_KEY, json.dumps(searches))

    def _fill(self) -> None:
        self.menu.clear()
        searches = self.all()
        for name, state in searches.items():
            action = self.menu.addAction(_in_menu(name))
            action.triggered.connect(lambda checked, state=state: self._restore(state))
        if searches:
            self.menu.addSeparator()
        self.menu.addAction(_("&Save this search...")).triggered.connect(lambda checked: self._ask_name())
        if searches:
            removal = self.menu.addMenu(_("&Remove"))
            for name in searches:
                action = removal.addAction(_in_menu(name))
                action.triggered.connect(lambda checked, name=name: self.remove(name))

    def _ask_name(self) -> None:
        self._dialog = qt.QInputDialog(self._button)
        self._dialog.setWindowTitle(_("Save this search"))
        self._dialog.setLabelText(_("Name:"))
        self._dialog.textValueSelected.connect(self.save)
        opened_once(self._dialog)


def _in_menu(name: str) -> str:
    return words.shortened(words.printable(name), _LENGTH).replace("&", "&&")
