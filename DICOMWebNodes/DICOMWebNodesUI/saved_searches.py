"""Searches that a person gave a name, in the application's settings."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List

import qt
from slicer.i18n import tr as _

from . import words
from .ask import ask
from .opened import opened_once

_KEY = "DICOMWebNodes/SavedSearches"
_LENGTH = 60  # characters of a name in the menu


class SavedSearches:
    """The menu of ``button``: searches to choose, one to save, those to rename and to remove.

    ``state()`` gives the search as JSON values, ``restore(state)`` puts it into the form.
    """

    def __init__(self, button: Any, state: Callable[[], Dict[str, Any]], restore: Callable[[Any], None]) -> None:
        self._state = state
        self._restore = restore
        self._button = button
        self.dialog: Any = None
        self.question: Any = None
        self._submenus: List[Any] = []
        self.menu = qt.QMenu(button)
        self.menu.aboutToShow.connect(self._fill)
        button.setMenu(self.menu)

    def all(self) -> Dict[str, Any]:
        """By name, in the order of saving; what is not readable is forgotten."""
        try:
            kept = json.loads(qt.QSettings().value(_KEY) or "{}")
        except (TypeError, ValueError):
            return {}
        searches = kept.items() if isinstance(kept, dict) else ()
        return {name: state for name, state in searches if isinstance(state, dict)}

    def save(self, name: str) -> None:
        """Under a name that was there already, in its place."""
        self._write({**self.all(), name: self._state()})

    def rename(self, before: str, name: str) -> None:
        """In its place; another one that was called so goes."""
        searches = self.all()
        if name != before:
            searches.pop(name, None)
        self._write({name if key == before else key: value for key, value in searches.items()})

    def remove(self, name: str) -> None:
        self._write({key: value for key, value in self.all().items() if key != name})

    def _write(self, searches: Dict[str, Any]) -> None:
        qt.QSettings().setValue(_KEY, json.dumps(searches))

    def _fill(self) -> None:
        self.menu.clear()
        while self._submenus:
            self._submenus.pop().deleteLater()
        searches = self.all()
        for name, state in searches.items():
            action = self.menu.addAction(_in_menu(name))
            action.triggered.connect(lambda checked, state=state: self._restore(state))
        if searches:
            self.menu.addSeparator()
        clear = self.menu.addAction(_("&Clear all fields"))
        clear.triggered.connect(lambda checked: self._restore({}))
        save = self.menu.addAction(_("&Save this search..."))
        save.triggered.connect(lambda checked: self._ask_name(_("Save this search"), "", self.save))
        if searches:
            self._add_submenu(_("Re&name"), self._ask_new_name)
            self._add_submenu(_("&Remove"), self.remove)

    def _add_submenu(self, title: str, do: Callable[[str], None]) -> None:
        submenu = self.menu.addMenu(title)
        self._submenus.append(submenu)
        for name in self.all():
            submenu.addAction(_in_menu(name)).triggered.connect(lambda checked, name=name: do(name))

    def _ask_new_name(self, before: str) -> None:
        self._ask_name(_("Rename"), before, lambda name: self.rename(before, name))

    def _ask_name(self, title: str, before: str, use: Callable[[str], None]) -> None:
        """Until there is one; that of another search is only taken when a person agrees."""

        def answered(text: str) -> None:
            name = text.strip()
            if not name:
                self._ask_name(title, before, use)
            elif name in self.all() and name != before:
                question = _("There is a search '{name}' already. Replace it?").format(name=name)
                self.question = ask(self._button, title, question, _("Replace"), lambda: use(name))
            else:
                use(name)

        self.dialog = qt.QInputDialog(self._button)
        self.dialog.setWindowTitle(title)
        self.dialog.setLabelText(_("Name:"))
        self.dialog.setTextValue(before)
        self.dialog.textValueSelected.connect(answered)
        opened_once(self.dialog)


def _in_menu(name: str) -> str:
    return words.shortened(words.printable(name), _LENGTH).replace("&", "&&")
