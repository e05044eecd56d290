"""One row of a cohort, and what became of it: plain values, which every executor can send to another process."""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple, dataclass, fields
from typing import Dict, Tuple

from ..dicomweb.matching_key import checked_values
from ..dicomweb.uid import checked_uid
from ..errors import DICOMWebNodesError, InvalidValue

UIDS = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")
KEYWORDS: Dict[str, str] = {
    "study_instance_uid": "StudyInstanceUID",
    "series_instance_uid": "SeriesInstanceUID",
    "sop_instance_uid": "SOPInstanceUID",
    "patient_id": "PatientID",
    "accession_number": "AccessionNumber",
    "study_id": "StudyID",
    "study_date": "StudyDate",
    "modality": "Modality",
    "series_description": "SeriesDescription",
}
# One of these has to be there: a date or a modality alone would mean half of an archive.
_NAMING = (*UIDS, "patient_id", "accession_number")
_EXACT = ("patient_id", "accession_number", "study_id")
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)

COMPLETE = "complete"
INCOMPLETE = "incomplete"
NOT_FOUND = "not-found"
FAILED = "failed"
CANCELLED = "cancelled"
DUPLICATE = "duplicate"
NOT_STARTED = "not-started"
DONE = (COMPLETE, DUPLICATE)


@dataclass(frozen=True)
class CohortRow:
    """What to retrieve from which node (name, uid or URL; "": the cohort's own).

    With a series or an instance UID the other columns do not matter. Otherwise every study that has all of
    ``patient_id``, ``accession_number``, ``study_id`` and ``study_date`` is meant, or the one that is named; of it
    the series with that ``modality`` and ``series_description``, or all. Raises InvalidValue, with ``field``.
    """

    node: str = ""
    study_instance_uid: str = ""
    series_instance_uid: str = ""
    sop_instance_uid: str = ""
    patient_id: str = ""
    accession_number: str = ""
    study_id: str = ""
    study_date: str = ""  # as in a search: 20240131, 2024-01-31, or a range of them
    modality: str = ""
    series_description: str = ""

    def __post_init__(self) -> None:
        for field in UIDS:
            if getattr(self, field):
                checked_uid(getattr(self, field), field)
        for field in _EXACT:
            _check_exact(field, getattr(self, field))
        for field, keyword in KEYWORDS.items():
            if field not in UIDS:
                object.__setattr__(self, field, checked_values(keyword, getattr(self, field)))
        if not any(getattr(self, field) for field in _NAMING):
            raise InvalidValue("it names nothing", field="", next_step=f"Fill in one of {', '.join(_NAMING)}.")

    @property
    def key(self) -> int:
        """The same for rows that mean the same."""
        return int.from_bytes(hashlib.sha256(repr(astuple(self)).encode()).digest()[:8], "big")

    def matching(self, *names: str) -> Dict[str, str]:
        """Those of the fields that are filled in, by the keywords of their attributes."""
        return {KEYWORDS[name]: getattr(self, name) for name in names if getattr(self, name)}


FIELDS = tuple(field.name for field in fields(CohortRow))


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row: ``stored`` + ``already_there`` + ``missing`` instances were asked for.

    ``outcome`` is one of the words above. ``code`` and ``reason`` of the first failure. ``resources``: what the row
    turned out to mean, as "study[/series[/instance]]".
    """

    line: int
    outcome: str
    stored: int = 0
    already_there: int = 0
    missing: int = 0
    bytes: int = 0
    seconds: float = 0.0
    code: str = ""
    reason: str = ""
    resources: Tuple[str, ...] = ()

    @property
    def instances(self) -> int:
        """How many are there now."""
        return self.stored + self.already_there

    @property
    def is_done(self) -> bool:
        return self.outcome in DONE


def failure(line: int, error: DICOMWebNodesError, resources: Tuple[str, ...] = ()) -> RowOutcome:
    word = {"not-found": NOT_FOUND, "cancelled": CANCELLED}.get(error.code, FAILED)
    return RowOutcome(line, word, code=error.code, reason=error.cause, resources=resources)


def _check_exact(field: str, value: str) -> None:
    if set(value) & set("*?\\"):
        raise InvalidValue(
            f"{field} is {value!r}, with a wildcard",
            field=field,
            next_step="Search for what it means ('search studies --csv') and use that as the cohort.",
        )
    if _ROUNDED.fullmatch(value):
        raise InvalidValue(
            f"{field} is {value!r}: a spreadsheet has rounded the number",
            field=field,
            next_step="Format the column as text in the spreadsheet and export it anew.",
        )
