"""DICOM JSON as typed values: what is read, and what is passed over."""

import base64
import doctest
import json
import time
import warnings
from pathlib import Path

import pydicom
import pydicom.data
import pytest
from DICOMWebNodesLib.dicomweb import dicom_json
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes, PersonName
from DICOMWebNodesLib.errors import InvalidQuery, MalformedAttribute
from hypothesis import given
from hypothesis import strategies as st

SHIPPED = Path(pydicom.data.__file__).parent / "test_files"
NAME = "PatientName"
READERS = ["text", "texts", "integer", "number", "person_name", "sequence", "inline_binary", "bulk_data_uri", "vr"]
EMPTY = ["", (), None, None, PersonName(), (), b"", "", ""]


def attribute(*values, vr="LO", name="00100020"):
    return Attributes({name: {"vr": vr, "Value": list(values)}})


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "text", "texts"),
    [
        (["A"], "A", ("A",)),
        (["CT", "MR"], "CT\\MR", ("CT", "MR")),
        (["CT", None, "MR"], "CT\\\\MR", ("CT", "", "MR")),
        ([" padded "], " padded ", (" padded ",)),
        ([12], "12", ("12",)),
        ([2.5], "2.5", ("2.5",)),
        ([3.0], "3", ("3",)),
        ([{"Alphabetic": "DOE^JANE", "Ideographic": "道^珍"}], "DOE^JANE", ("DOE^JANE",)),
        ([{"Ideographic": "道^珍"}], "道^珍", ("道^珍",)),
        ([{}], "", ("",)),
    ],
)
def test_any_single_or_multiple_value_can_be_read_as_text(values, text, texts):
    found = attribute(*values)
    assert found.text("PatientID") == text
    assert found.texts("PatientID") == texts


@pytest.mark.parametrize(
    ("value", "integer"),
    [
        (7, 7),
        (-7, -7),
        (0, 0),
        (7.0, 7),
        ("7", 7),
        (" +7 ", 7),
        ("7.0", 7),
        ("7e2", 700),
        ("", None),
        (None, None),
        (12345678901234567, 12345678901234567),
        ("12345678901234567", 12345678901234567),
        (2**64 - 1, 2**64 - 1),
    ],
)
def test_integers_are_read_from_numbers_and_from_text_as_older_servers_write_is(value, integer):
    found = attribute(value, 99, vr="IS").integer("PatientID")
    assert found == integer
    assert type(found) is type(integer)


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7.0), (2.5, 2.5), ("2.5", 2.5), (" -.5e1", -5.0), ("3.", 3.0), ("", None), (None, None)],
)
def test_numbers_are_read_from_numbers_and_from_text_as_older_servers_write_ds(value, number):
    found = attribute(value, vr="DS").number("PatientID")
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (
            {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"},
            PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう"),
        ),
        ({"Phonetic": "やまだ^たろう"}, PersonName("", "", "やまだ^たろう")),
        ({"Alphabetic": None}, PersonName()),
        ({}, PersonName()),
        (None, PersonName()),
        ("", PersonName()),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう")),
        ("Doe^Jane", PersonName("Doe^Jane")),
    ],
)
def test_person_names_have_three_components_of_which_any_may_be_missing(value, name):
    assert attribute(value, vr="PN", name="00100010").person_name("PatientName") == name


def test_a_person_name_is_shown_in_the_first_writing_that_it_has():
    assert str(PersonName("Yamada", "山田", "やまだ")) == "Yamada"
    assert str(PersonName("", "山田", "やまだ")) == "山田"
    assert str(PersonName("", "", "やまだ")) == "やまだ"


def test_sequences_give_items_of_which_any_may_be_empty():
    items = attribute(
        {"00081150": {"vr": "UI", "Value": ["1.2"]}, "00081199": {"vr": "SQ", "Value": [{}]}}, {}, None, vr="SQ"
    ).sequence("PatientID")
    assert len(items) == 3
    assert items[0].text("ReferencedSOPClassUID") == "1.2"
    assert len(items[0].sequence("ReferencedSOPSequence")) == 1
    assert items[1].tags() == items[2].tags() == ()


@given(st.binary(max_size=200), st.booleans())
def test_inline_binary_gives_back_the_bytes_also_when_it_is_broken_into_lines(content, lines):
    encoded = (base64.encodebytes if lines else base64.b64encode)(content).decode()
    element = {"vr": "OW", "InlineBinary": encoded}
    assert Attributes({"7FE00010": element}).inline_binary("PixelData") == content


def test_bulk_data_is_named_by_its_uri():
    row = Attributes({"7FE00010": {"vr": "OW", "BulkDataURI": "/studies/1/bulkdata/7FE00010"}})
    assert row.bulk_data_uri("7FE00010") == "/studies/1/bulkdata/7FE00010"
    assert row.vr("7FE00010") == "OW"


MISSING = {
    "missing": {},
    "null": {"00100010": None},
    "without a value": {"00100010": {}},
    "with null for values": {"00100010": {"Value": None, "InlineBinary": None, "BulkDataURI": None, "vr": None}},
    "with no values": {"00100010": {"Value": []}},
}


@pytest.mark.parametrize("raw", MISSING.values(), ids=MISSING.keys())
def test_what_is_missing_null_or_empty_gives_the_default(raw):
    row = Attributes(raw)
    found = [getattr(row, reader)(NAME) for reader in READERS]
    assert found == EMPTY
    assert row.text(NAME, "unknown") == "unknown"


@pytest.mark.parametrize("values", [[None], [""], [None, None], ["", ""]])
def test_values_that_are_all_null_or_empty_give_the_default_too(values):
    assert attribute(*values).text("PatientID", "unknown") == "unknown"


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["StudyInstanceUID", "0020000D", "0020000d"])
def test_an_attribute_is_asked_for_by_keyword_or_tag(name):
    row = Attributes({"0020000D": {"vr": "UI", "Value": ["1.2"]}})
    assert row.text(name) == "1.2"
    assert name in row
    assert row.tags() == ("0020000D",)


def test_an_unusual_keyword_is_found_in_the_dictionary():
    assert Attributes({"00181030": {"vr": "LO", "Value": ["Head"]}}).text("ProtocolName") == "Head"


@pytest.mark.parametrize("name", ["", "PatientsName", "0020000", "0020,000D", "0020000DX", "Patient Name", "x" * 1000])
def test_a_name_that_is_no_attribute_is_refused(name):
    with pytest.raises(InvalidQuery) as refused:
        Attributes({}).text(name)
    assert repr(name[:80]) in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("PatientsName", "PatientName"), ("patientid", "PatientID"), ("SliceThicknes", "SliceThickness")],
)
def test_a_keyword_that_is_nearly_right_is_put_right(typed, meant):
    with pytest.raises(InvalidQuery, match=rf"Did you mean {meant}\b"):
        Attributes({}).text(typed)


def test_the_own_table_of_tags_agrees_with_the_dictionary_of_the_standard():
    from DICOMWebNodesLib.dicomweb.tags import _TAGS
    from pydicom.datadict import tag_for_keyword

    assert {keyword: f"{tag_for_keyword(keyword):08X}" for keyword in _TAGS} == _TAGS


def test_the_three_uids_are_properties():
    row = Attributes(
        {
            "0020000D": {"vr": "UI", "Value": ["1.2"]},
            "0020000E": {"vr": "UI", "Value": ["1.2.3 "]},
            "00080018": {"vr": "UI", "Value": ["1.2.3.4\0"]},
        }
    )
    assert (row.study_instance_uid, row.series_instance_uid, row.sop_instance_uid) == ("1.2", "1.2.3", "1.2.3.4")


@pytest.mark.parametrize("values", [[], ["1..2"], ["../1"], ["1.2", "1.3"], [None], [1.2]])
def test_a_uid_that_is_missing_or_wrong_is_refused_by_its_name(values):
    row = attribute(*values, vr="UI", name="0020000D")
    if values == [1.2]:
        assert row.study_instance_uid == "1.2"  # written as a number: what it says is clear
        return
    with pytest.raises(MalformedAttribute, match=r"StudyInstanceUID \(0020,000D\) should be a UID"):
        _ = row.study_instance_uid


# --- real data ------------------------------------------------------------------------------------------------------


def readable(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            data = pydicom.dcmread(path, stop_before_pixels=True)
            return data, data.to_json_dict()
        except Exception:  # not every file that pydicom ships is meant to be readable
            return None


def test_the_attributes_of_every_file_that_pydicom_ships_are_read_as_pydicom_reads_them():
    known = [known for known in map(readable, sorted(SHIPPED.rglob("*.dcm"))) if known]
    for data, raw in known:
        row = Attributes(json.loads(json.dumps(raw)))
        assert row.texts("PatientID") == ((data.PatientID,) if data.get("PatientID") else ())
        name = data.get("PatientName") or pydicom.valuerep.PersonName("")
        assert row.person_name("PatientName") == PersonName(name.alphabetic, name.ideographic, name.phonetic)
        assert row.integer("Rows") == data.get("Rows")
        if data.get("PixelSpacing"):
            assert row.number("PixelSpacing") == float(data.PixelSpacing[0])
        for element in data:
            if element.VR == "SQ":
                assert len(row.sequence(f"{int(element.tag):08X}")) == len(element.value)
    assert len(known) > 50


def test_the_person_names_of_the_standard_s_own_example_are_read():
    row = Attributes(json.loads((SHIPPED / "test_PN.json").read_bytes()))
    assert row.person_name("PatientName").alphabetic
    assert row.vr("PatientName") == "PN"


# --- cost -----------------------------------------------------------------------------------------------------------


def test_wrapping_rows_costs_next_to_nothing_over_reading_the_json():
    row = {f"{tag:08X}": {"vr": "LO", "Value": [f"value {tag}"]} for tag in range(0x00100010, 0x00100024)}
    document = json.dumps([row] * 5_000)

    def seconds(work):
        started = time.process_time()
        result = work()
        return time.process_time() - started, result

    decoding, decoded = seconds(lambda: json.loads(document))
    wrapping = min(seconds(lambda: [each.raw for each in Attributes.each(decoded)])[0] for _ in range(5))
    assert wrapping < 0.5 * decoding
    assert not hasattr(Attributes({}), "__dict__")


def test_a_long_text_where_a_number_should_be_is_refused_in_no_time():
    started = time.process_time()
    for text in ("1" * 1_000_000 + "x", " " * 1_000_000 + "x", "1." * 500_000):
        with pytest.raises(MalformedAttribute):
            attribute(text).number("PatientID")
    assert time.process_time() - started < 2


def test_the_examples_in_the_documentation_hold():
    assert doctest.testmod(dicom_json).failed == 0
