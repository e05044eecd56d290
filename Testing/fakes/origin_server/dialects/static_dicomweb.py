"""Static DICOMweb: files that static-wado-creator made, behind static-wado-webserver or any other web server."""

from ..behaviours.offers import not_offered
from ..behaviours.retrieving import accept_ignored, no_boundary_in_the_header
from ..behaviours.searching import always_gzipped, answers_with_everything, plain_json
from ..dialect import Dialect


def dialect() -> Dialect:
    return Dialect(
        empty_search_status=200,
        behaviours=(
            not_offered("/series", "/instances", "/studies/*/instances"),
            not_offered("GET /studies/*", "GET /studies/*/series/*", "/studies/*/metadata"),
            not_offered("/studies/*/series/*/instances/*/metadata"),
            not_offered("POST /studies", "POST /studies/*"),
            not_offered("/studies/*/rendered", "/studies/*/series/*/rendered"),
            always_gzipped,
            plain_json,
            answers_with_everything,
            no_boundary_in_the_header,
            accept_ignored,
        ),
    )
