"""The AHI DICOMweb proxy of aws-healthimaging-samples: its main.py."""

from ..behaviours.offers import as_page, errors_as, no_rendering, not_offered
from ..behaviours.retrieving import accept_ignored, in_order_of_completion, study_is_answered_by_a_search
from ..behaviours.searching import (
    closed_ranges_only,
    first_includefield_only,
    includefield_all_is_an_error,
    includefield_in_hexadecimal,
    no_question_marks,
    offset_needs_limit,
    others_ignored,
    silent_about_more,
)
from ..dialect import Dialect

_KNOWN = (
    "StudyDate StudyTime AccessionNumber StudyDescription ModalitiesInStudy ReferringPhysicianName PatientID "
    "PatientBirthDate PatientName PatientSex StudyInstanceUID StudyID Modality SeriesInstanceUID SeriesNumber "
    "SOPClassUID SOPInstanceUID InstanceNumber"
)


def dialect() -> Dialect:
    return Dialect(
        empty_search_status=200,
        announces_length=False,
        behaviours=(
            errors_as(as_page),
            not_offered("POST /studies", "POST /studies/*", status=405),
            not_offered("/instances", "/studies/*/rendered", "/studies/*/series/*/rendered", status=500),
            no_rendering("/thumbnail"),
            includefield_all_is_an_error,
            first_includefield_only,
            includefield_in_hexadecimal,
            others_ignored(*_KNOWN.split()),
            offset_needs_limit,
            no_question_marks,
            closed_ranges_only,
            silent_about_more,
            study_is_answered_by_a_search,
            in_order_of_completion,
            accept_ignored,
        ),
    )
