"""A row shows how much of it is in Slicer's DICOM database already."""

from __future__ import annotations

from typing import Any

from slicer.i18n import tr as _

from . import words
from .results_patient import show
from .results_row import HERE, STUDY, Row

ALL_HERE, PARTLY_HERE = "✔", "◐"


def mark(row: Row, here: int) -> None:
    """``here``: how many of its instances are in the database. A patient's row follows those of its studies."""
    if here == 0 and not row.here:
        return
    expected = row.instances if row.instances is not None or not row.is_complete else row.child_count
    told = _("{n} instances are in the DICOM database").format(n=words.number(here))
    if expected is not None:
        told = _("{n} of {m} instances are in the DICOM database").format(
            n=words.number(here), m=words.number(expected)
        )
    _set_mark(row, ALL_HERE if here >= max(expected or 0, 1) else PARTLY_HERE if here else "", told)


def _set_mark(row: Any, shown: str, told: str) -> None:
    if not row.is_shown or row.here == shown == "":
        return
    cell = row.cell(HERE)
    cell.setToolTip(told if shown else "")
    if row.here != shown:
        row.here = shown
        show(cell, shown, (PARTLY_HERE, ALL_HERE).index(shown) + 1 if shown else 0)
        if row.level == STUDY:
            _mark_patient(row.parent)


def _mark_patient(patient: Any) -> None:
    marks = [study.here for study in patient.children]
    shown = ALL_HERE if set(marks) == {ALL_HERE} else PARTLY_HERE if any(marks) else ""
    here = sum(mark != "" for mark in marks)
    told = _("{n} of {m} studies are in the DICOM database").format(n=here, m=len(marks))
    _set_mark(patient, shown, told)
