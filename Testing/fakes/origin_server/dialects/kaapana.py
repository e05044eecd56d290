"""Kaapana's dicom-web-filter, in front of a dcm4chee: its routes."""

import dataclasses

from ..behaviours.offers import bearer_wanted, not_offered
from ..behaviours.retrieving import boundary_of_another_answer, one_answer_after_another
from ..behaviours.storing import empty_success, series_named_in_the_query
from ..dialect import Dialect
from . import dcm4chee


def dialect() -> Dialect:
    behind = dcm4chee.dialect()
    return dataclasses.replace(
        behind,
        behaviours=(
            bearer_wanted(403, '{"detail":"Authorization token missing or invalid"}', "application/json"),
            not_offered("/series", "/instances", "/studies/*/instances"),
            empty_success,
            series_named_in_the_query("clinical_trial_protocol_info"),
            boundary_of_another_answer,
            one_answer_after_another,
            *behind.behaviours,
        ),
    )
