"""Matching of results against a query, by the rules of PS3.4 section C.2.2.2."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import Any, Dict

import pytest
from DICOMWebNodesLib.dicomweb.matching import Matching
from DICOMWebNodesLib.dicomweb.query import Query
from hypothesis import given
from hypothesis import strategies as st


def matches(attribute: str, wanted: Any, element: Any, tag: str) -> bool:
    return Matching(Query.series(**{attribute: wanted}))({tag: element})


def text(vr: str, *values: Any) -> Dict[str, Any]:
    return {"vr": vr, "Value": list(values)}


def name(**groups: str) -> Dict[str, Any]:
    return text("PN", groups)


NAME, DESCRIPTION, DATE, TIME, UID, NUMBER = "00100010", "00081030", "00080020", "00080030", "0020000D", "00200011"


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        ("Smith^John", name(Alphabetic="Smith^John"), True),
        ("smith^john", name(Alphabetic="Smith^John"), True),
        ("Smith^John", name(Alphabetic="Smith^John^^^"), True),
        ("Smith", name(Alphabetic="Smith^John"), False),
        ("Smith*", name(Alphabetic="Smith^John"), True),
        ("*john", name(Alphabetic="Smith^John"), True),
        ("Smith?John", name(Alphabetic="Smith^John"), True),
        ("Smith^John", name(Alphabetic="Smith John"), False),
        ("M\u00fcller*", name(Alphabetic="Mu\u0308ller^Eva"), True),
        ("M\u00fcller*", name(Alphabetic="Moller^Eva"), False),
        ("\u5c71\u7530*", name(Alphabetic="Yamada^Tarou", Ideographic="\u5c71\u7530^\u592a\u90ce"), True),
        ("Yamada^Tarou=\u5c71\u7530*", name(Alphabetic="Yamada^Tarou", Ideographic="\u5c71\u7530^\u592a\u90ce"), True),
        ("\u9234\u6728*", name(Alphabetic="Yamada^Tarou", Ideographic="\u5c71\u7530^\u592a\u90ce"), False),
        ("Smith*", text("PN", "Smith^John"), True),
        ("Smith*", {"vr": "PN"}, False),
        ("*", {"vr": "PN"}, True),
        ("Smith*", name(), False),
    ],
)
def test_names(wanted: str, found: Dict[str, Any], expected: bool) -> None:
    assert matches("PatientName", wanted, found, NAME) is expected


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        ("*knee*", text("LO", "left Knee, 3 planes"), True),
        ("knee (left)", text("LO", "knee (left) "), True),
        ("knee.left", text("LO", "knee-left"), False),
        ("a***b", text("LO", "axxb"), True),
        ("second", text("LO", "first", "second"), True),
        (["x", "second"], text("LO", "first", "second"), True),
        (["x", "y"], text("LO", "first", "second"), False),
        ("two*lines", text("LO", "two\nlines"), True),
        ("null", text("LO", None), False),
    ],
)
def test_text(wanted: Any, found: Dict[str, Any], expected: bool) -> None:
    assert matches("StudyDescription", wanted, found, DESCRIPTION) is expected


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        ("20240131", "20240131", True),
        ("20240131", "20240130", False),
        ("20240101-20240131", "20240101", True),
        ("20240101-20240131", "20240131", True),
        ("20240101-20240131", "20240201", False),
        ("20240101-", "20231231", False),
        ("20240101-", "20240101", True),
        ("-20240131", "20240201", False),
        ("-20240131", "19970424", True),
        ("19970101-19971231", "1997.04.24", True),
        ("-20240131", "", False),
    ],
)
def test_dates(wanted: str, found: str, expected: bool) -> None:
    assert matches("StudyDate", wanted, text("DA", found), DATE) is expected


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        ("10", "103000.000000", True),
        ("1030", "103059", True),
        ("1030", "1031", False),
        ("10-12", "125959", True),
        ("10-12", "13", False),
        ("1000-", "10", True),
        ("1001-", "10", False),
        ("-103015.5", "103015.50", True),
        ("-103015.5", "103015.6", False),
    ],
)
def test_times(wanted: str, found: str, expected: bool) -> None:
    assert matches("StudyTime", wanted, text("TM", found), TIME) is expected


def test_an_empty_date_is_in_no_range() -> None:
    assert not matches("StudyDate", "-20240131", {"vr": "DA"}, DATE)


def test_uids_match_exactly_and_any_of_a_list() -> None:
    assert matches("StudyInstanceUID", ["1.2", "1.3"], text("UI", "1.3\0"), UID)
    assert not matches("StudyInstanceUID", ["1.2", "1.3"], text("UI", "1.30"), UID)


def test_numbers_match_by_value() -> None:
    assert matches("SeriesNumber", 7, text("IS", "007"), NUMBER)
    assert matches("SeriesNumber", 7, text("IS", 7), NUMBER)
    assert not matches("SeriesNumber", 7, text("IS", 70), NUMBER)
    assert not matches("SeriesNumber", 7, text("IS", "seven"), NUMBER)


def test_an_attribute_in_a_sequence_matches_in_any_item() -> None:
    def request(*ids: str) -> Dict[str, Any]:
        items = [{"00400009": text("SH", each)} for each in ids]
        return {"vr": "SQ", "Value": items}

    asked = "RequestAttributesSequence.ScheduledProcedureStepID"
    assert matches(asked, "b", request("a", "b"), "00400275")
    assert not matches(asked, "c", request("a", "b"), "00400275")
    assert not matches(asked, "c", {"vr": "SQ"}, "00400275")


@pytest.mark.parametrize("element", [None, "text", 7, [], {"vr": "SQ", "Value": ["no item"]}, {"Value": "no list"}])
def test_what_is_not_there_or_not_understood_is_left_to_the_server(element: Any) -> None:
    asked = {"RequestAttributesSequence.ScheduledProcedureStepID": "b"}
    assert Matching(Query.series(**asked))({"00400275": element})
    assert Matching(Query.series(**asked))({})


def test_a_date_and_time_is_left_to_the_server() -> None:
    assert matches("AcquisitionDateTime", "2024", text("DT", "2025"), "0008002A")


def test_every_attribute_has_to_match() -> None:
    matching = Matching(Query.studies(PatientName="a*", StudyDate="2024-01-01-"))
    assert matching({NAME: name(Alphabetic="Abc"), DATE: text("DA", "20240102")})
    assert not matching({NAME: name(Alphabetic="Abc"), DATE: text("DA", "20230102")})
    assert not matching({NAME: name(Alphabetic="Xbc"), DATE: text("DA", "20240102")})


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_match_as_those_of_the_shell(pattern: str, found: str) -> None:
    query = Query.studies(StudyDescription=pattern)
    expected = not query.matching or re.match(translate(pattern), found) is not None
    assert Matching(query)({DESCRIPTION: text("LO", found)}) is expected
