"""What the command line shows of what it finds: as a table, as CSV, as JSON."""

from __future__ import annotations

import csv
import io
import json

import pytest
from DICOMWebNodesLib.cli.resources import read_resources
from DICOMWebNodesLib.dicomweb.resource import Resource
from library.cli.searched_rows import HOST, INSTANCE, SERIES, STUDY, attributes


def test_studies_are_a_table(search):
    outcome = search("studies", rows=[STUDY])
    assert [line.split("  ")[0] for line in outcome.lines] == ["Patient", "--------", "DOE^JANE"]
    assert outcome.lines[2].split() == [
        *("DOE^JANE", "P1", "2024-01-31", "A7", "CT,", "SEG", "Head,", "plain", "2", "121", "1.2")
    ]
    assert outcome.err == "1 study\n"


def test_nothing_found_is_said_and_no_empty_table_drawn(search):
    outcome = search("studies")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "no studies\n")


def test_that_there_are_more_is_said(search):
    rows = [attributes(StudyInstanceUID=f"1.{number}") for number in range(1, 4)]
    outcome = search("studies", "--limit", "2", rows=rows)
    assert len(outcome.lines) == 2 + 2
    assert outcome.err == "2 studies; there are more: --all shows every one, --limit N so many\n"
    assert search("studies", "--limit", "3", rows=rows).err == "3 studies\n"


def test_csv_has_keywords_and_all_uids(search):
    outcome = search("series", "--csv", rows=[SERIES])
    (row,) = csv.DictReader(io.StringIO(outcome.out))
    assert row["Modality"] == "CT"
    assert (row["StudyInstanceUID"], row["SeriesInstanceUID"]) == ("1.2", "3.4")
    (study,) = csv.DictReader(io.StringIO(search("studies", "--csv", rows=[STUDY]).out))
    assert (study["ModalitiesInStudy"], study["StudyDescription"]) == ("CT\\SEG", "Head, plain")


def test_csv_without_results_has_its_titles(search):
    assert search("studies", "--csv").out.startswith("PatientName,PatientID,")


def test_json_has_numbers_and_lists(search):
    (study,) = search("studies", "--json", "--include", "InstitutionName", rows=[STUDY]).json
    assert study["NumberOfStudyRelatedInstances"] == 121
    assert study["ModalitiesInStudy"] == ["CT", "SEG"]
    assert study["StudyDate"] == "20240131"
    assert study["InstitutionName"] == ""
    assert search("studies", "--json").json == []


def test_json_has_a_line_for_each_row(search):
    outcome = search("instances", "--json", rows=[INSTANCE, INSTANCE])
    assert [json.loads(line.rstrip(","))["SOPInstanceUID"] for line in outcome.lines[1:-1]] == ["5.6", "5.6"]


@pytest.mark.parametrize("form", [[], ["--csv"], ["--json"]], ids=["table", "csv", "json"])
@pytest.mark.parametrize(
    ("level", "row", "resource"),
    [
        ("studies", STUDY, Resource("1.2")),
        ("series", SERIES, Resource("1.2", "3.4")),
        ("instances", INSTANCE, Resource("1.2", "3.4", "5.6")),
    ],
)
def test_retrieve_understands_what_search_prints(search, form, level, row, resource):
    outcome = search(level, *form, rows=[row, row])
    assert list(read_resources(io.StringIO(outcome.out), "x")) == [resource, resource]


def test_the_study_that_was_searched_need_not_be_in_the_answer(search):
    row = attributes(Modality="CT", SeriesInstanceUID="3.4")
    outcome = search("series", "1.2", rows=[row])
    assert outcome.lines[-1].endswith("  1.2/3.4")
    assert "warning" not in outcome.err


def test_a_malformed_value_is_a_question_mark_and_one_warning_and_the_rest_is_shown(search):
    bad = attributes(PatientName="DOE", StudyInstanceUID="not a uid")
    bad.raw["00081030"] = {"vr": "LO", "Value": [{"no": "text"}, [1]]}
    outcome = search("studies", rows=[bad, STUDY, bad])
    assert outcome.code == 0
    assert len(outcome.lines) == 5
    assert outcome.lines[2].split()[-1] == "?"
    assert outcome.err.count("should be a UID and is 'not a uid'") == 1
    assert outcome.err.count("should be text and is an array") == 1
    assert outcome.err.endswith("3 studies\n")


def test_the_servers_warnings_are_shown_once(search):
    outcome = search("studies", rows=[STUDY], warnings=["only 1000 came", "only 1000 came"])
    assert outcome.err == "warning: only 1000 came\n1 study\n"


@pytest.mark.parametrize("form", [[], ["--csv"], ["--json"]], ids=["table", "csv", "json"])
def test_what_a_server_sends_cannot_steer_the_terminal(search, form):
    evil = attributes(PatientName="\x1b]0;owned\x07\x9b2J", StudyDescription="two\nlines\u202e", StudyInstanceUID="1.2")
    outcome = search("studies", *form, rows=[evil], terminal=True)
    assert not set("\x1b\x07\x9b\u202e") & set(outcome.out)
    assert "two lines" in outcome.out


def test_a_cell_that_a_spreadsheet_would_run_is_made_text(search):
    evil = attributes(PatientName='=HYPERLINK("http://evil")', PatientID="+1", StudyInstanceUID="1.2")
    (row,) = csv.DictReader(io.StringIO(search("studies", "--csv", rows=[evil]).out))
    assert row["PatientName"].startswith("'=")
    assert row["PatientID"] == "'+1"
    assert search("studies", "--json", rows=[evil]).json[0]["PatientID"] == "+1"


def test_rows_are_shown_before_the_last_page_has_come(cli):
    def find(node, query, on_warning=None):
        for number in range(1, 400):
            if number == 300:
                raise KeyboardInterrupt
            yield attributes(StudyInstanceUID=f"1.{number}")

    outcome = cli("search", "studies", HOST, "--all", search=find)
    assert outcome.code == 130
    assert len(outcome.lines) > 200


@pytest.mark.parametrize(
    "option", [("--patient-id", ""), ("--study-date", " "), ("--match", "PatientID="), ("--modality", "")]
)
def test_an_empty_value_does_not_find_the_whole_archive(search, option):
    outcome = search("studies", *option)
    assert outcome.code == 2
    assert " is empty. Give a value, or leave the option out." in outcome.err
    assert not hasattr(search, "query")


def test_a_uid_with_a_blank_is_no_name_of_a_node(search):
    assert search("series", " 1.2.3 ").code == 0
    assert search.query.within == Resource("1.2.3")
    outcome = search("series", "1.2. 3")
    assert outcome.code == 2
    assert "'1.2. 3' is not a DICOM UID: it has ' ' at position 5" in outcome.err


@pytest.mark.parametrize("number", ["--5", "٣", "9" * 5000, "-3"])
def test_a_number_that_is_none_breaks_no_json(search, number):
    row = attributes(StudyInstanceUID="1.2", NumberOfStudyRelatedSeries=number)
    outcome = search("studies", "--json", rows=[row])
    assert outcome.code == 0
    assert outcome.json[0]["NumberOfStudyRelatedSeries"] == (-3 if number == "-3" else number)


def test_no_cell_is_a_formula_in_a_spreadsheet_that_separates_by_semicolons(search):
    row = attributes(StudyInstanceUID="1.2", StudyDescription="a;=1+1;@b; -c", PatientID="\uff1d1+1")
    outcome = search("studies", "--csv", rows=[row])
    cells = [cell for line in outcome.lines for cell in line.replace(";", ",").split(",")]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "\uff1d"))]
