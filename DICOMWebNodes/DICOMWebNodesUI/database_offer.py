"""Why the DICOM database takes nothing, with a button that helps."""

from __future__ import annotations

from typing import Any, Callable

import slicer.util
from slicer.i18n import tr as _

from . import files


class DatabaseOffer:
    """Shown in ``errors``, an ErrorBar; what helps is done by ``logic``."""

    def __init__(self, logic: Any, errors: Any, parent: Any) -> None:
        self._logic = logic
        self._errors = errors
        self._parent = parent

    def show(self, problem: Any, then: Callable[[], None] = lambda: None) -> None:
        """``problem``: DatabaseUnavailable; ``then`` goes on with what was wanted, once the database can take it."""
        texts = {
            "open": (_("Open the database"), lambda: self._open("", then)),
            "choose-folder": (_("Choose a folder..."), lambda: self._choose(then)),
            "update": (_("Open the DICOM module"), lambda: slicer.util.selectModule("DICOM")),
        }
        action, do = texts[problem.offer]
        self._errors.show_error(problem, action, do)

    def _choose(self, then: Callable[[], None]) -> None:
        title = _("Folder for the DICOM database")
        self.dialog = files.choose_folder(self._parent, title, lambda folder: self._open(folder, then))

    def _open(self, folder: str, then: Callable[[], None]) -> None:
        problem = self._logic.openDatabase(folder)
        if problem is None:
            self._errors.dismiss()
            then()
        elif problem.offer == "open":  # it does not open: another one may
            problem.offer = "choose-folder"
            self.show(problem, then)
        else:
            self.show(problem, then)
