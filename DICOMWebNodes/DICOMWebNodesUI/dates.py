"""Ranges of study dates, by name."""

from __future__ import annotations

from typing import Any, Tuple

import qt
from slicer.i18n import tr as _

ANY, RANGE = "any", "range"
_DAYS = {"today": 0, "yesterday": 1, "week": 6, "month": 30, "year": 365}


def presets() -> Tuple[Tuple[str, str], ...]:
    """Names and titles, in their order."""
    return (
        (ANY, _("any")),
        ("today", _("today")),
        ("yesterday", _("yesterday")),
        ("week", _("last 7 days")),
        ("month", _("last 31 days")),
        ("year", _("last 12 months")),
        (RANGE, _("from ... to")),
    )


def matching(preset: str, first: Any, last: Any, today: Any = None) -> str:
    """A DICOM date or range (PS3.4 section C.2.2.2.5); "" for any. ``first``, ``last``, ``today``: QDate."""
    if preset == ANY:
        return ""
    if preset == RANGE:
        return f"{_dicom(first)}-{_dicom(last)}"
    today = today or qt.QDate.currentDate()
    start = _dicom(today.addDays(-_DAYS[preset]))
    return start if preset in ("today", "yesterday") else f"{start}-{_dicom(today)}"


def _dicom(date: Any) -> str:
    return f"{date.year():04}{date.month():02}{date.day():02}"
