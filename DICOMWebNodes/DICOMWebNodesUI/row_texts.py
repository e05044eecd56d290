"""The cells of a row, from what a server says. What cannot be read is a question mark and hides nothing else."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

from DICOMWebNodesLib.errors import MalformedAttribute
from slicer.i18n import tr as _

from . import sop_classes, words
from .row_phrases import Phrases

UNREADABLE = "?"
Cells = Tuple[List[str], Optional[int], Optional[int]]
"""Texts of the columns up to "here", number of series, number of instances."""


def text(attributes: Any, keyword: str) -> str:
    """One line."""
    try:
        value: str = attributes.text(keyword)
    except MalformedAttribute:
        return UNREADABLE
    return value if value.isprintable() else " ".join(words.printable(value).split())


def integer(attributes: Any, keyword: str) -> Optional[int]:
    try:
        value: Optional[int] = attributes.integer(keyword)
    except MalformedAttribute:
        return None
    return value


def patient(study: Any, phrases: Phrases) -> str:
    name, patient_id = words.person(text(study, "PatientName")) or phrases.nameless, text(study, "PatientID")
    return phrases.name_and_id.format(name=name, id=patient_id) if patient_id else name


def modalities(study: Any) -> List[str]:
    return [each for each in text(study, "ModalitiesInStudy").split("\\") if each]


def study(attributes: Any, phrases: Phrases) -> Cells:
    series = integer(attributes, "NumberOfStudyRelatedSeries")
    instances = integer(attributes, "NumberOfStudyRelatedInstances")
    by_number = phrases.study.format(id=text(attributes, "StudyID") or text(attributes, "AccessionNumber")).strip()
    description = text(attributes, "StudyDescription").strip()
    cells = [
        description or by_number,
        words.date(text(attributes, "StudyDate")),
        ", ".join(modalities(attributes)),
        by_number if description else "",
    ]
    return [*cells, counted(series), counted(instances)], series, instances


def series(attributes: Any) -> Cells:
    instances = integer(attributes, "NumberOfSeriesRelatedInstances")
    cells = [
        words.series(text(attributes, "SeriesNumber"), text(attributes, "SeriesDescription").strip()),
        words.date(text(attributes, "SeriesDate")),
        text(attributes, "Modality"),
        "",
    ]
    return [*cells, "", counted(instances)], None, instances


def instance(attributes: Any) -> Cells:
    number = text(attributes, "InstanceNumber")
    cells = [_("Instance {number}").format(number=number).strip(), "", "", _content(attributes)]
    return [*cells, "", ""], None, 1


def _content(attributes: Any) -> str:
    """ "512 x 512, 30 frames", or what kind of object it is when it is no picture."""
    rows, columns = integer(attributes, "Rows"), integer(attributes, "Columns")
    frames = integer(attributes, "NumberOfFrames")
    parts = [_("{columns} x {rows}").format(columns=columns, rows=rows)] if rows and columns else []
    if frames and frames > 1:
        parts.append(_("{n} frames").format(n=words.number(frames)))
    return ", ".join(parts) or sop_classes.title(text(attributes, "SOPClassUID"))


def in_full(cells: Sequence[str]) -> str:
    """``cells`` up to the details, for a tool tip: a narrow panel has no room for all of them."""
    return "\n".join(filter(None, (cells[0], ", ".join(filter(None, cells[1:4])))))


def counted(value: Optional[int]) -> str:
    return "" if value is None else words.number(value)


def joined(known: str, more: Sequence[str]) -> str:
    """A list in words with more of it, each once."""
    return ", ".join(dict.fromkeys((*(each for each in known.split(", ") if each), *more)))
