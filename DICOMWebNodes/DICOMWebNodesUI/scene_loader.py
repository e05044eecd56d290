"""Series of the database into the scene, and what became of them in words."""

from __future__ import annotations

from typing import Any, List, Tuple

import qt
import slicer.util
from DICOMWebNodesHost.sentences import told, translated
from DICOMWebNodesLib.errors import DatabaseUnavailable
from slicer.i18n import tr as _

from . import words

# The DICOM module keeps the number of the button that was pressed: QMessageBox.Yes, or .No.
_REFERENCES_ARE_LOADED = "DICOM/automaticallyLoadReferences"
_ANSWERS = {"16384": True, "65536": False}


class SceneLoader:
    """One after the other: events are processed while the plugins work, and the next import may end meanwhile."""

    def __init__(self, logic: Any, database_offer: Any, errors: Any) -> None:
        self._logic = logic
        self._database_offer = database_offer
        self._errors = errors
        self._waiting: List[Tuple[List[str], str]] = []
        self._is_loading = False

    def load(self, series: List[str], missing: str = "") -> None:
        """``missing``: what was told already, and still holds."""
        problem = self._logic.databaseProblem()
        if problem is not None and problem.offer == "open":
            self._offer(problem, series, missing)
            return
        self._waiting.append((series, missing))
        if self._is_loading:
            return
        self._is_loading = True
        try:
            while self._waiting:
                self._load(*self._waiting.pop(0))
        finally:
            self._is_loading = False

    def _offer(self, problem: DatabaseUnavailable, series: List[str], missing: str) -> None:
        """To open the database; what is loaded then puts the offer away, and what was told before it is told again."""

        def go_on() -> None:
            if missing:
                self._errors.show_text(missing)
            self.load(series, missing)

        self._database_offer.show(problem, go_on)

    def _load(self, series: List[str], missing: str) -> None:
        try:
            report = self._logic.load(series, references=agrees_to_references)
        except DatabaseUnavailable as problem:  # closed, or another one opened, while the plugins looked at it
            if problem.offer == "open":
                self._offer(problem, series, missing)
            else:
                self._errors.show_text(_lines(missing, told(problem)))
            return
        if report.problem is not None and report.problem.offer == "open":  # what is there already stays
            self._offer(report.problem, [uid for uid, _reason in report.failures], missing)
            return
        reasons = [(series, _line(reason)) for series, reason in report.failures]
        texts = list(dict.fromkeys(reason for _series, reason in reasons))
        texts += [each for each in map(_line, report.messages) if not any(each in text for text in texts)]
        if len(series) > 1 and reasons:
            count = _("{n} of {m} series were not loaded:")
            texts.insert(0, count.format(n=len(reasons), m=len(series)))
        if texts:
            details = "\n".join(f"{uid}\t{reason}" for uid, reason in reasons)
            self._errors.show_text(_lines(missing, *texts), details)


def agrees_to_references(series: List[str]) -> bool:
    """As a person has answered Slicer's DICOM module for good, or does now."""
    remembered = str(qt.QSettings().value(_REFERENCES_ARE_LOADED) or "")
    if remembered in _ANSWERS:
        return _ANSWERS[remembered]
    text = _("It refers to {n} other series of the DICOM database. Load them too?").format(n=len(series))
    return bool(slicer.util.confirmYesNoDisplay(text))


def _lines(*texts: str) -> str:
    return "\n".join(dict.fromkeys(map(words.sentence, filter(None, texts))))


def _line(text: str) -> str:
    """What a plugin says quotes what a file says."""
    return words.printable(translated(text))
