"""How one query is put to servers that understand less than the standard says."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.asking import Asking, alternatives
from DICOMWebNodesLib.dicomweb.profile import Profile, Quirk
from DICOMWebNodesLib.dicomweb.query import Query


def profile(*quirks, **fields):
    return Profile("some", "Some server", quirks=frozenset(quirks), **fields)


def asking(query, *quirks, **fields):
    return Asking(query, profile(*quirks, **fields))


NO_WILDCARDS = Quirk.NO_WILDCARDS


@pytest.mark.parametrize(
    ("query", "quirk", "sent", "compared_here"),
    [
        (Query.studies(PatientName="Smith*"), Quirk.FUZZY_IGNORED, "PatientName=Smith*", False),
        (Query.studies(PatientName="Smith"), NO_WILDCARDS, "PatientName=Smith", False),
        (Query.studies(PatientName="Smith*"), NO_WILDCARDS, "PatientName=Smith", True),
        (Query.studies(PatientName="Smith^J*"), NO_WILDCARDS, "PatientName=Smith%20J", True),
        (Query.studies(PatientName="*Smith*"), NO_WILDCARDS, "", True),
        (Query.studies(PatientName="Sm?th"), NO_WILDCARDS, "", True),
        (Query.studies(PatientName="^*"), NO_WILDCARDS, "", True),
        (Query.studies(PatientName="Smith^*"), NO_WILDCARDS, "PatientName=Smith", True),
        (Query.studies(StudyDescription="Head*"), NO_WILDCARDS, "", True),
        (Query.studies(StudyDate="20240101-"), NO_WILDCARDS, "StudyDate=20240101-", False),
        (Query.studies(StudyDescription="Hea?"), Quirk.NO_QUESTION_MARK, "StudyDescription=Hea*", True),
        (Query.studies(StudyDate="20240101-"), Quirk.CLOSED_RANGES, "StudyDate=20240101-29991231", True),
        (Query.studies(StudyDate="-20240101"), Quirk.CLOSED_RANGES, "StudyDate=18500101-20240101", True),
        (Query.studies(StudyDate="20240101-20240102"), Quirk.CLOSED_RANGES, "StudyDate=20240101-20240102", False),
        (Query.studies(StudyTime="08-12"), Quirk.CLOSED_RANGES, "", True),
        (Query.studies(PatientID="7"), Quirk.MATCHING_IGNORED, "PatientID=7", True),
    ],
)
def test_what_a_server_understands_is_sent_and_the_rest_compared_here(query, quirk, sent, compared_here):
    asked = asking(query, quirk)
    parameters = asked.query_string(10).split("&")
    assert [
        each for each in parameters if each.partition("=")[0] not in ("limit", "includefield", "fuzzymatching")
    ] == ([sent] if sent else [])
    assert (asked.compared_here is not None) is compared_here
    assert any(each.startswith("includefield") for each in parameters) is compared_here


def test_the_beginning_of_a_name_is_found_by_fuzzy_matching():
    assert "fuzzymatching=true" in asking(Query.studies(PatientName="Smith*"), NO_WILDCARDS).query_string(1)
    assert "fuzzymatching" not in asking(Query.studies(PatientName="*th*"), NO_WILDCARDS).query_string(1)
    assert "fuzzymatching" not in asking(Query.studies(PatientName="Smith*")).query_string(1)


def test_names_that_resemble_are_for_the_server_to_find():
    query = Query.studies(PatientName="Smith*", StudyDescription="Head*", fuzzymatching=True)
    assert dict(asking(query, NO_WILDCARDS).compared_here.matching) == {"StudyDescription": "Head*"}


def test_an_attribute_that_a_server_cannot_compare_is_not_sent():
    asked = asking(Query.series("1.2", SeriesNumber="2", Modality="CT"), matches=frozenset({"Modality"}))
    assert asked.query_string(5) == "Modality=CT&includefield=SeriesNumber,Modality&limit=5"
    assert asked.left_out == ("SeriesNumber",)


def test_a_list_of_uids_becomes_a_query_each_where_a_list_finds_nothing():
    query = Query.studies(StudyInstanceUID=["1.2", "1.3"])
    assert len(alternatives(query, profile())) == 1
    assert [dict(each.matching) for each in alternatives(query, profile(Quirk.ONE_VALUE))] == [
        {"StudyInstanceUID": "1.2"},
        {"StudyInstanceUID": "1.3"},
    ]


def test_fields_are_named_by_tag_where_keywords_are_passed_over():
    query = Query.series("1.2", includefield=("NumberOfSeriesRelatedInstances", "all"))
    assert "includefield=00201209,all" in asking(query, Quirk.INCLUDE_TAGS).query_string(1)


def test_a_limit_that_counts_from_the_first_result_is_as_much_larger_as_the_offset_is():
    by_modality = Query.studies(ModalitiesInStudy="MR")
    assert asking(by_modality, Quirk.MODALITIES_LIMIT).query_string(10, 20).endswith("limit=30&offset=20")
    assert (
        asking(Query.studies(PatientID="7"), Quirk.MODALITIES_LIMIT).query_string(10, 20).endswith("limit=10&offset=20")
    )
