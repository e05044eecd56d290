from __future__ import annotations

import pytest
from DICOMWebNodesLib.cohort.row import CohortRow
from DICOMWebNodesLib.cohort.table import CohortFile
from DICOMWebNodesLib.errors import InvalidValue, NodeNotFound, StoreUnavailable
from hypothesis import given
from hypothesis import strategies as st


def rows(path):
    return [line.row for line in CohortFile(path).lines()]


@pytest.mark.parametrize(
    "titles",
    [
        "node,study_instance_uid,patient_id",
        "Node,StudyInstanceUID,PatientID",
        "NODE;Study Instance UID;Patient ID",
        "node\tStudy UID\tpatient-id",
    ],
)
def test_titles_are_understood_however_people_write_them(cohort, titles):
    delimiter = next(each for each in ",;\t" if each in titles)
    assert rows(cohort(titles, delimiter.join(["Lab", " 1.2 ", "007"]))) == [
        CohortRow(node="Lab", study_instance_uid="1.2", patient_id="007")
    ]


def test_other_columns_and_empty_lines_do_not_matter(cohort):
    path = cohort("diagnosis,study_instance_uid,age", '"glioma, grade 2",1.2,50', "", ",1.3", " , , ")
    lines = list(CohortFile(path).lines())
    assert [line.row.study_instance_uid for line in lines] == ["1.2", "1.3"]
    assert [line.number for line in lines] == [2, 4]
    assert lines[0].cells == ("glioma, grade 2", "1.2", "50")


def test_what_a_spreadsheet_writes_is_read(tmp_path):
    path = tmp_path / "cohort.csv"
    path.write_bytes("\ufeffName;StudyInstanceUID\r\nÄ;1.2\r\nB;1.3\r\n".encode())
    assert [row.study_instance_uid for row in rows(path)] == ["1.2", "1.3"]


def test_a_date_of_a_row_is_one_of_a_search(cohort):
    path = cohort("patient_id,study_date", "P-1,2024-01-31", "P-1,20240101-20241231")
    assert [row.study_date for row in rows(path)] == ["20240131", "20240101-20241231"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x.y,,", "line 2 of .*'x.y' is not a DICOM UID"),
        (",,", None),
        (",P*,", "line 2 of .*wildcard"),
        (",1.23E+09,", "line 2 of .*a spreadsheet has rounded"),
        (",,CT", "line 2 of .*it names nothing. Fill in one of study_instance_uid"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(cohort, line, message):
    path = cohort("study_instance_uid,patient_id,modality", line)
    if message is None:
        assert rows(path) == []
        return
    with pytest.raises(InvalidValue, match=message):
        rows(path)


def test_all_wrong_lines_are_named_at_once(cohort):
    path = cohort("study_instance_uid", "1.2", "a", "1.3", "b", *("c" for _ in range(20)))
    with pytest.raises(InvalidValue, match=r"line 3 .*; line 5 .*; line 13 .*; and more\.") as caught:
        CohortFile(path).check(lambda node: None)
    assert "line 14" not in str(caught.value)


def test_a_node_that_is_not_there_is_a_wrong_row(cohort):
    def check(name):
        if name != "Lab":
            raise NodeNotFound(f"there is no node '{name}'")

    path = cohort("node,study_instance_uid", "Lab,1.2", "lap,1.3")
    with pytest.raises(InvalidValue, match=r"line 3 .* there is no node 'lap'"):
        CohortFile(path).check(check)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["age,diagnosis", "1,2"], "the first line .* has no title of a known column"),
        (["1.2.3"], "the first line .* has no title"),
        ([""], "the first line .* has no title"),
        (["PatientID,patient_id", "1,2"], "two columns patient_id"),
    ],
)
def test_a_file_without_usable_titles_is_refused(cohort, lines, message):
    with pytest.raises(InvalidValue, match=message):
        CohortFile(cohort(*lines))


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "cohort.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe\xfa")
    with pytest.raises(StoreUnavailable, match=r"cohort\.xlsx: it is not UTF-8 text.*CSV UTF-8"):
        CohortFile(path)
    with pytest.raises(StoreUnavailable, match="No such file"):
        CohortFile(tmp_path / "nowhere.csv")


def test_rows_that_mean_the_same_have_the_same_key():
    one = CohortRow(patient_id="1", study_date="2024-01-31")
    assert one.key == CohortRow(patient_id="1", study_date="20240131").key
    assert one.key != CohortRow(accession_number="1", study_date="20240131").key


@given(st.text(max_size=60))
def test_whatever_a_file_holds_is_rows_or_a_clear_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "fuzzed.csv"
    path.write_text(f"patient_id,study_instance_uid\n{text}", encoding="utf-8", errors="surrogatepass")
    try:
        found = rows(path)
    except (InvalidValue, StoreUnavailable):
        return
    assert all(isinstance(row, CohortRow) for row in found)
