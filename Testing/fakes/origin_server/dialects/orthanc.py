"""Orthanc 1.10 with DICOMweb 1.7: tried; the tests of Testing/integration run against the real one."""

from ..behaviours.offers import as_json, errors_as, no_rendering, not_offered
from ..behaviours.retrieving import (
    accept_refused,
    list_of_types_refused,
    syntax_that_is_not_there_is_a_server_error,
)
from ..behaviours.searching import (
    fuzzymatching_ignored,
    limit_zero_is_all,
    modalities_after_the_search,
    never_decodes,
)
from ..behaviours.storing import refusals_without_a_type, some_is_a_bad_request, transfer_syntax_of_a_part_loses_it
from ..dialect import Dialect


def dialect() -> Dialect:
    return Dialect(
        empty_search_status=200,
        behaviours=(
            errors_as(as_json(_error)),
            never_decodes,
            limit_zero_is_all,
            fuzzymatching_ignored,
            modalities_after_the_search,
            no_rendering("/thumbnail"),
            not_offered("/studies/*/rendered", "/studies/*/series/*/rendered"),
            list_of_types_refused,
            accept_refused("single", "single bare", status=400),
            syntax_that_is_not_there_is_a_server_error,
            refusals_without_a_type,
            some_is_a_bad_request,
            transfer_syntax_of_a_part_loses_it,
        ),
    )


def _error(status: int, reason: str) -> object:
    return {"HttpError": "Error", "HttpStatus": status, "Message": reason, "OrthancError": reason, "OrthancStatus": 8}
