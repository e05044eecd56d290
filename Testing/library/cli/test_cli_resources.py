from __future__ import annotations

import json

import pytest
from DICOMWebNodesLib.cli.resources import parse_resource, read_resources
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import InvalidValue
from hypothesis import given
from hypothesis import strategies as st

SERIES = Resource("1.2", "3.4")


def read(text):
    return list(read_resources(text.splitlines(keepends=True), "the file"))


@pytest.mark.parametrize(
    ("text", "resource"),
    [
        ("1.2", Resource("1.2")),
        ("1.2/3.4", SERIES),
        (" 1.2/3.4/5.6 ", Resource("1.2", "3.4", "5.6")),
        ("https://host/dicom-web/studies/1.2/series/3.4", SERIES),
        ("https://host/dicom-web/studies/1.2/series/3.4/metadata?x=1", SERIES),
    ],
)
def test_a_resource_is_uids_or_an_address(text, resource):
    assert parse_resource(text) == resource


@pytest.mark.parametrize("text", ["", "x", "1.2/", "1.2/3/4/5", "../../etc", "https://host/dicom-web", "1.2/3.4\n/5"])
def test_what_names_no_resource_is_refused(text):
    with pytest.raises(InvalidValue):
        parse_resource(text)


def test_nothing_is_nothing():
    assert read("") == read("\n \n") == read("[]") == []


def test_plain_lines_hold_one_resource_each():
    assert read("# my cohort\n1.2\n\n1.2/3.4\r\n") == [Resource("1.2"), SERIES]


def test_a_table_is_read_by_its_last_column():
    text = (
        "Patient name  Instances  Study/Series Instance UID\n"
        "------------  ---------  -------------------------\n"
        "Doe 1.5       7          1.2/3.4\n"
    )
    assert read(text) == [SERIES]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_csv_is_read_by_the_titles_of_its_columns(delimiter, mark):
    header = delimiter.join(["Name", "SeriesInstanceUID", "StudyInstanceUID"])
    line = delimiter.join(['"Doe, J; MD"', "3.4", " 1.2 "])
    assert read(f"{mark}{header}\n{line}\n\n{line}\n") == [SERIES, SERIES]


def test_a_single_column_of_csv_will_do():
    assert read("StudyInstanceUID\n1.2\n") == [Resource("1.2")]


def test_csv_cells_may_hold_line_ends():
    assert read('Notes,StudyInstanceUID\n"two\nlines",1.2\n') == [Resource("1.2")]


def test_json_is_an_array_or_an_object_a_line():
    rows = [{"StudyInstanceUID": "1.2", "SeriesInstanceUID": "3.4", "PatientName": "x"}, {"StudyInstanceUID": "1.2"}]
    expected = [SERIES, Resource("1.2")]
    assert read(json.dumps(rows)) == expected
    assert read(json.dumps(rows, indent=2)) == expected
    assert read("\n".join(map(json.dumps, rows))) == expected
    assert read(json.dumps(rows[0])) == expected[:1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.2\nnonsense\n", "line 2 of the file: .*nonsense"),
        ("Patient Instance\n1.2\n", "line 1 of the file"),
        ("StudyInstanceUID,x\n1.2,1\n,2\n", "line 3 of the file has no StudyInstanceUID"),
        ("x,StudyInstanceUID\n1,1.2\n2\n", "line 3 of the file has no StudyInstanceUID"),
        ("StudyInstanceUID\nA.B\n", "line 2 of the file: .*A.B"),
        ("StudyInstanceUID,SOPInstanceUID\n1.2,3.4\n", "line 2 of the file has no SeriesInstanceUID"),
        ('[{"StudyInstanceUID": "1.2"}, 7]', "entry 2 of the file is no JSON object"),
        ('[{"StudyInstanceUID": 7}]', "entry 1 of the file has no StudyInstanceUID"),
        ('{"StudyInstanceUID": "1.2"}\n{broken', "line 2 of the file is not JSON"),
    ],
)
def test_a_line_that_names_nothing_is_an_error_with_its_number(text, message):
    with pytest.raises(InvalidValue, match=message):
        read(text)


uids = st.text("0123456789./ \"',;\t-", max_size=12)
headers = st.sampled_from(["StudyInstanceUID,", "StudyInstanceUID;x", "[", "{", "#", '"', "\x00", ""])
lines = st.lists(st.one_of(uids, st.text(max_size=12), headers), max_size=5).map("\n".join)


@given(lines, headers)
def test_whatever_is_read_is_resources_or_a_clear_error(text, header):
    try:
        found = read(header + text)
    except InvalidValue:
        return
    assert all(isinstance(resource, Resource) for resource in found)


@pytest.mark.parametrize("text", ["[" * 100_000, "1.2\n" + "[" * 100_000], ids=["at once", "by lines"])
def test_json_that_is_nested_too_deeply_is_refused(text):
    with pytest.raises(InvalidValue):
        read(text)
