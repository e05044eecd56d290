"""What the command line asks a node for."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.resource import Level, Resource


def test_filters_become_a_query(search):
    search(
        "studies",
        *("--patient-name", "DOE*", "--patient-id", "P1", "--study-date", "2024-01-01-20240131"),
        *("--modality", "ct", "--modality", "MR", "--accession-number", "A7", "--referring-physician", "X^Y"),
        *("--study-uid", "1.2", "--study-uid", "1.3", "--match", "InstitutionName=Ulm", "--match", "00081040=Z*"),
    )
    assert search.query.level is Level.STUDY
    assert dict(search.query.matching) == {
        "PatientName": "DOE*",
        "PatientID": "P1",
        "StudyDate": "20240101-20240131",
        "ModalitiesInStudy": "CT\\MR",
        "AccessionNumber": "A7",
        "ReferringPhysicianName": "X^Y",
        "StudyInstanceUID": "1.2\\1.3",
        "InstitutionName": "Ulm",
        "00081040": "Z*",
    }


def test_an_attribute_that_is_filtered_twice_in_two_ways_is_refused(search):
    outcome = search("studies", "--referring-physician", "X", "--match", "00080090=Z")
    assert outcome.code == 2
    assert "00080090 is asked for twice" in outcome.err


def test_series_and_instances_are_searched_within_what_is_named(search):
    search("series", "1.2", "--modality", "CT", "--body-part", "HEAD")
    assert (search.query.level, search.query.within) == (Level.SERIES, Resource("1.2"))
    assert dict(search.query.matching) == {"Modality": "CT", "BodyPartExamined": "HEAD"}
    search("instances", "1.2/3.4", "--instance-number", "7")
    assert (search.query.level, search.query.within) == (Level.INSTANCE, Resource("1.2", "3.4"))
    search("instances")
    assert search.query.within is None


def test_what_the_table_shows_is_asked_for_and_what_is_included_too(search):
    search("studies", "--include", "InstitutionName", "--fuzzy", "--offset", "20")
    assert {"StudyDescription", "InstitutionName"} < set(search.query.includefield)
    assert search.query.fuzzymatching
    assert search.query.offset == 20


@pytest.mark.parametrize(
    ("argv", "limit"), [([], 101), (["--limit", "5"], 6), (["--all"], None)], ids=["default", "limit", "all"]
)
def test_one_more_row_than_is_shown_is_asked_for(search, argv, limit):
    search("studies", *argv)
    assert search.query.limit == limit


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["studies", "--study-date", "31.1.2024"], "31.1.2024"),
        (["studies", "--study-date", "20240231"], "not a day of the calendar"),
        (["studies", "--study-uid", "1.2.x"], "1.2.x"),
        (["studies", "--match", "PatientName"], "--match is 'PatientName', not KEYWORD=VALUE"),
        (["studies", "--match", "=x"], "not KEYWORD=VALUE"),
        (["studies", "--match", "Patient=x"], "Patient"),
        (["studies", "--match", "Modality=CT"], "Match on ModalitiesInStudy"),
        (["studies", "--include", "Nonsense"], "Nonsense"),
        (["series", "1.2/3.4"], "series are not searched for within one of the series"),
        (["series", "nonsense"], "nonsense"),
        (["series", "1.2", "--series-number", "x"], "is not a number"),
    ],
)
def test_a_filter_that_cannot_be_right_is_named_before_anything_is_asked(search, argv, message):
    outcome = search(*argv)
    assert outcome.code == 2
    assert message in outcome.err
    assert not hasattr(search, "query")
