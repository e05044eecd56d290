"""Queries: what may be asked, and how it is written for the server."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any, Dict
from urllib.parse import parse_qsl, quote

import pytest
from DICOMWebNodesLib.dicomweb.asking import UIDS_IN_A_REQUEST, Asking, alternatives
from DICOMWebNodesLib.dicomweb.profile import Profile, Quirk
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import InvalidQuery, InvalidUID
from hypothesis import given
from hypothesis import strategies as st

STANDARD = Profile("standard", "by the book")
RAW = Profile("raw", "decodes nothing", frozenset({Quirk.RAW_QUERY_VALUES, Quirk.MODALITIES_COMMA}))


def sent(query: Query, profile: Profile = STANDARD, limit: int = 100, offset: int = 0) -> str:
    return Asking(query, profile).query_string(limit, offset)


# --- where -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (Query.studies(), "studies"),
        (Query.series(), "series"),
        (Query.instances(), "instances"),
        (Query.series("1.2"), "studies/1.2/series"),
        (Query.instances("1.2"), "studies/1.2/instances"),
        (Query.instances("1.2", "3.4"), "studies/1.2/series/3.4/instances"),
    ],
)
def test_a_query_knows_its_path(query: Query, path: str) -> None:
    assert query.path == path


def test_a_series_is_not_searched_without_its_study() -> None:
    with pytest.raises(InvalidQuery, match=r"the series 3\.4 is given without its study"):
        Query.instances(series_instance_uid="3.4")


def test_a_search_within_a_resource_is_for_what_lies_below_it() -> None:
    with pytest.raises(InvalidQuery, match="series are not searched for within one of the series"):
        Query(Level.SERIES, within=Resource("1.2", "3.4"))
    with pytest.raises(InvalidQuery, match="studies are not searched for within one of the studies"):
        Query(Level.STUDY, within=Resource("1.2"))


def test_a_path_is_made_of_valid_uids_only() -> None:
    with pytest.raises(InvalidUID, match=r"\.\./admin"):
        Query.series("../admin")


# --- values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "written"),
    [
        ({"PatientName": "Smith*"}, "PatientName=Smith*"),
        ({"PatientName": "  Smith^John "}, "PatientName=Smith%5EJohn"),
        ({"PatientName": "Buc^Je\u0301ro\u0302me"}, "PatientName=Buc%5EJ%C3%A9r%C3%B4me"),
        ({"PatientID": "a&b=c+d#e%41"}, "PatientID=a%26b%3Dc%2Bd%23e%2541"),
        ({"PatientID": "A,B"}, "PatientID=A%2CB"),
        ({"StudyDescription": "knee?left"}, "StudyDescription=knee%3Fleft"),
        ({"StudyDate": "20240131"}, "StudyDate=20240131"),
        ({"StudyDate": "2024-01-31"}, "StudyDate=20240131"),
        ({"StudyDate": datetime.date(2024, 1, 31)}, "StudyDate=20240131"),
        ({"StudyDate": datetime.date(999, 1, 31)}, "StudyDate=09990131"),
        ({"StudyDate": datetime.datetime(2024, 1, 31, 12)}, "StudyDate=20240131"),
        ({"StudyDate": "20240101-20240131"}, "StudyDate=20240101-20240131"),
        ({"StudyDate": "2024-01-01 - 2024-01-31"}, "StudyDate=20240101-20240131"),
        ({"StudyDate": "2024-01-01/2024-01-31"}, "StudyDate=20240101-20240131"),
        ({"StudyDate": "2024-01-01-"}, "StudyDate=20240101-"),
        ({"StudyDate": "-2024-01-31"}, "StudyDate=-20240131"),
        ({"StudyTime": "10:30"}, "StudyTime=1030"),
        ({"StudyTime": "08-12:00:00.5"}, "StudyTime=08-120000.5"),
        ({"StudyTime": "1030-10"}, "StudyTime=1030-10"),
        ({"StudyTime": "23:59:60"}, "StudyTime=235960"),
        ({"Modality": "ct"}, "Modality=CT"),
        ({"InstanceNumber": 7}, "InstanceNumber=7"),
        ({"InstanceNumber": "-7"}, "InstanceNumber=-7"),
        ({"SeriesInstanceUID": ["1.2", "3.4"]}, "SeriesInstanceUID=1.2,3.4"),
        ({"SeriesInstanceUID": "1.2, 3.4\\1.2"}, "SeriesInstanceUID=1.2,3.4"),
        ({"00100020": "x"}, "00100020=x"),
        ({"00091001": "pri*"}, "00091001=pri*"),
        ({"RequestAttributesSequence.AccessionNumber": "a1"}, "RequestAttributesSequence.AccessionNumber=a1"),
        ({"PatientAge": "043Y"}, "PatientAge=043Y"),
        ({"AcquisitionDateTime": "20240131103000.5+0100"}, "AcquisitionDateTime=20240131103000.5%2B0100"),
    ],
)
def test_a_value_is_written_as_dicom_and_escaped(filters: Dict[str, Any], written: str) -> None:
    assert sent(Query.series(**filters)) == f"{written}&limit=100"


@pytest.mark.parametrize("nothing", ["", "   ", None, [], [""], ()])
def test_an_empty_value_asks_for_nothing(nothing: Any) -> None:
    assert Query.studies(PatientName=nothing) == Query.studies()


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"StudyDate": "20240230"}, "StudyDate '20240230' is not a day of the calendar"),
        ({"StudyDate": "2024"}, "StudyDate '2024' is not understood. Write it as 20240131, "),
        ({"StudyDate": "31.01.2024"}, "StudyDate '31.01.2024' is not understood"),
        ({"StudyDate": "-"}, "StudyDate '-' is not understood"),
        ({"StudyDate": "20240131-20240101"}, "StudyDate '20240131-20240101' ends before it begins"),
        ({"StudyDate": "2024*"}, "StudyDate '2024*' takes no wildcards. Leave it out to match anything."),
        ({"StudyTime": "25"}, "StudyTime '25' is not a time of the day"),
        ({"StudyTime": "1060"}, "StudyTime '1060' is not a time of the day"),
        ({"StudyTime": "noon"}, "StudyTime 'noon' is not understood. Write it as 1030, "),
        ({"PatientName": "a\nb"}, "PatientName 'a\\nb' has a character that cannot be searched for"),
        ({"PatientName": "a\ud800"}, "has a character that cannot be searched for"),
        ({"InstanceNumber": "one"}, "InstanceNumber 'one' is not a number"),
        ({"InstanceNumber": "1*"}, "InstanceNumber '1*' takes no wildcards"),
        ({"AcquisitionDateTime": "now"}, "AcquisitionDateTime 'now' is not a date and time"),
        ({"PatientName": True}, "True is not text"),
        ({"PatientName": {"Alphabetic": "x"}}, "{'Alphabetic': 'x'} is not text"),
        ({"PatientNam": "x"}, "PatientNam"),
        ({"RequestAttributesSequence": "x"}, "RequestAttributesSequence is a sequence. Name an attribute in it"),
        ({"PatientID": "a", "00100020": "b"}, "00100020 is asked for twice"),
        ({"includefield": ["Nonsense"]}, "Nonsense"),
        ({"limit": 0}, "limit is 0"),
        ({"limit": "10"}, "limit is '10'"),
        ({"offset": -1}, "offset is -1"),
        ({"offset": True}, "offset is True"),
    ],
)
def test_a_value_that_cannot_be_right_is_quoted(filters: Dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        Query.studies(**filters)
    assert message in str(caught.value)


def test_the_error_names_the_field() -> None:
    with pytest.raises(InvalidQuery) as caught:
        Query.studies(StudyDate="yesterday")
    assert caught.value.field == "StudyDate"


def test_a_wrong_uid_is_refused() -> None:
    with pytest.raises(InvalidUID, match=r"1\.2\.x") as caught:
        Query.studies(StudyInstanceUID="1.2.x")
    assert caught.value.field == "StudyInstanceUID"


def test_studies_have_no_modality_of_their_own() -> None:
    with pytest.raises(InvalidQuery, match="Match on ModalitiesInStudy"):
        Query.studies(Modality="CT")
    assert sent(Query.series(Modality="CT")) == "Modality=CT&limit=100"


@given(st.text(max_size=30))
def test_any_text_is_either_sent_unharmed_or_refused(text: str) -> None:
    try:
        query = Query.studies(PatientComments=[text])
    except InvalidQuery:
        return
    for alternative in alternatives(query, STANDARD):
        ((_, value),) = alternative.matching or (("", ""),)
        found = parse_qsl(sent(alternative), encoding="utf-8")
        assert dict(found).get("PatientComments", "") == value
        assert sent(alternative).isascii()


@given(st.text(max_size=30))
def test_a_query_made_from_a_query_is_the_same(text: str) -> None:
    try:
        query = Query.studies(PatientComments=[text, "b"])
    except InvalidQuery:
        return
    assert replace(query, limit=5).matching == query.matching


# --- options -------------------------------------------------------------------------------------------------------


def test_included_fields_come_in_one_list_each_once() -> None:
    query = Query.studies(includefield=["StudyDescription", "00081010", "StudyDescription"])
    assert sent(query) == "includefield=StudyDescription,00081010&limit=100"
    assert Query.studies(includefield="StudyDescription,00081010") == query


def test_all_fields_can_be_included() -> None:
    assert sent(Query.studies(includefield=["all"])) == "includefield=all&limit=100"


def test_fuzzy_matching_is_asked_for_only_where_it_is_wanted_and_known() -> None:
    query = Query.studies(PatientName="Smit", fuzzymatching=True)
    assert sent(query) == "PatientName=Smit&fuzzymatching=true&limit=100"
    literal = replace(STANDARD, quirks=frozenset({Quirk.FUZZY_IGNORED}))
    assert sent(query, literal) == "PatientName=Smit&limit=100"


def test_an_offset_always_comes_with_a_limit() -> None:
    assert sent(Query.studies(), limit=7, offset=14) == "limit=7&offset=14"


# --- lists -------------------------------------------------------------------------------------------------------


def test_a_list_of_anything_but_uids_becomes_a_query_for_each_value() -> None:
    query = Query.studies(PatientID=["a", "b"], ModalitiesInStudy="CT\\MR")
    assert [sent(each) for each in alternatives(query, STANDARD)] == [
        "PatientID=a&ModalitiesInStudy=CT&limit=100",
        "PatientID=a&ModalitiesInStudy=MR&limit=100",
        "PatientID=b&ModalitiesInStudy=CT&limit=100",
        "PatientID=b&ModalitiesInStudy=MR&limit=100",
    ]


def test_a_list_of_modalities_is_one_query_where_the_server_takes_it() -> None:
    query = Query.studies(ModalitiesInStudy="CT,MR")
    (only,) = alternatives(query, RAW)
    assert sent(only, RAW) == "ModalitiesInStudy=CT,MR&includefield=ModalitiesInStudy&limit=100"


def test_a_long_list_of_uids_is_spread_over_requests_that_servers_accept() -> None:
    uids = [f"1.2.{number}" for number in range(2 * UIDS_IN_A_REQUEST + 1)]
    parts = alternatives(Query.studies(StudyInstanceUID=uids), STANDARD)
    asked = [dict(each.matching)["StudyInstanceUID"].split("\\") for each in parts]
    assert [len(part) for part in asked] == [UIDS_IN_A_REQUEST, UIDS_IN_A_REQUEST, 1]
    assert [uid for part in asked for uid in part] == uids
    longest = Query.studies(StudyInstanceUID=["1" * 64 for _ in uids] + [f"{n:064}" for n in range(UIDS_IN_A_REQUEST)])
    assert max(len(sent(each)) for each in alternatives(longest, STANDARD)) < 4096


def test_a_query_without_lists_is_its_own_only_alternative() -> None:
    query = Query.studies(PatientName="x*", limit=3)
    assert alternatives(query, STANDARD) == (query,)


# --- servers that decode nothing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Smith*", "Smith*"),
        ("Smith^John", "Smith?John"),
        ("Last Name", "Last?Name"),
        ("O'Brien, B", "O?Brien??B"),
        ("100%", "100?"),
        ("J\u00e9r\u00f4me", "J*r*me"),
        ("\u5c71\u7530", "**"),
    ],
)
def test_what_cannot_be_sent_raw_becomes_a_wildcard(value: str, written: str) -> None:
    assert sent(Query.studies(PatientName=value), RAW) == f"PatientName={written}&includefield=PatientName&limit=100"


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip))
def test_raw_values_survive_without_escaping(text: str) -> None:
    for alternative in alternatives(Query.studies(PatientComments=text), RAW):
        value = dict(parse_qsl(sent(alternative, RAW))).get("PatientComments", "")
        assert quote(value, safe="*?") == value
