"""The Azure DICOM service: its conformance statement, version 2.

Not stated there, and assumed: a wildcard or a list is compared as it is written, and finds nothing.
"""

from pydicom.datadict import tag_for_keyword

from ..behaviours.offers import as_json, errors_as, no_rendering, not_offered
from ..behaviours.searching import (
    arrivals,
    limit_from,
    no_wildcards,
    only_attributes,
    only_these_by_default,
    silent_about_more,
)
from ..behaviours.storing import DuplicatesFail, answers_json_only
from ..dialect import Dialect


def _tags(keywords: str) -> "frozenset[str]":
    return frozenset(f"{tag_for_keyword(keyword):08X}" for keyword in keywords.split())


_SEARCHABLE = (
    "StudyInstanceUID PatientName PatientID PatientBirthDate AccessionNumber ReferringPhysicianName StudyDate "
    "StudyDescription ModalitiesInStudy SeriesInstanceUID Modality PerformedProcedureStepStartDate "
    "ManufacturerModelName SOPInstanceUID"
)
_STUDY = "StudyDate AccessionNumber StudyDescription PatientName PatientID PatientBirthDate StudyInstanceUID"
_DEFAULTS = {
    "studies": _tags(_STUDY),
    "series": _tags(f"{_STUDY} Modality ManufacturerModelName SeriesInstanceUID PerformedProcedureStepStartDate"),
    "instances": _tags(f"{_STUDY} Modality SeriesInstanceUID SOPInstanceUID"),
}


def dialect() -> Dialect:
    return Dialect(
        behaviours=(
            errors_as(as_json(lambda status, reason: reason)),
            only_attributes(*_SEARCHABLE.split()),
            limit_from(1, 200, default=100),
            no_wildcards,
            arrivals,
            silent_about_more,
            only_these_by_default(_DEFAULTS),
            no_rendering("/thumbnail"),
            not_offered("/studies/*/rendered", "/studies/*/series/*/rendered"),
            answers_json_only,
            DuplicatesFail(45070),
        ),
    )
