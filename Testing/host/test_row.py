"""Rows of a search: what they say, and what they cost."""

import copy
import gc
import json
import pickle

from DICOMWebNodesHost.row import FoundRow, FoundRows, Row
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes

RAW = {
    "00100010": {"vr": "PN", "Value": [{"Alphabetic": "DOE^JANE"}]},
    "0020000D": {"vr": "UI", "Value": ["1.2.3"]},
    "00201206": {"vr": "IS", "Value": [7]},
}


def numbered(number):
    return json.dumps({"00201206": {"vr": "IS", "Value": [number]}})


def test_a_row_says_what_attributes_say():
    row, attributes = Row(json.dumps(RAW)), Attributes(RAW)
    assert row.raw == RAW
    assert row.text("PatientName") == attributes.text("PatientName")
    assert row.study_instance_uid == "1.2.3"
    assert row.integer("NumberOfStudyRelatedSeries") == 7
    assert row.tags() == attributes.tags()
    assert "PatientName" in row
    assert "PatientID" not in row


def test_rows_that_are_read_in_turn_do_not_mix():
    rows = [Row(numbered(number)) for number in range(10)]
    assert [row.integer("NumberOfStudyRelatedSeries") for row in rows] == list(range(10))
    assert rows[3].integer("NumberOfStudyRelatedSeries") == 3


def test_a_row_can_be_copied_and_sent_to_another_process():
    for again in (copy.deepcopy(Row(json.dumps(RAW))), pickle.loads(pickle.dumps(FoundRow(json.dumps(RAW), "lab")))):
        assert again.study_instance_uid == "1.2.3"
    assert again.node == "lab"


def test_a_row_is_one_object_for_the_garbage_collector():
    row = Row(json.dumps(RAW))
    assert not any(gc.is_tracked(each) for each in gc.get_referents(row) if not isinstance(each, type))


def test_rows_of_a_node_are_made_when_they_are_looked_at():
    rows = FoundRows([numbered(number) for number in range(5)], "lab")
    assert len(rows) == 5
    assert rows[4].integer("NumberOfStudyRelatedSeries") == 4
    assert [(row.node, row.integer("NumberOfStudyRelatedSeries")) for row in rows[1:3]] == [("lab", 1), ("lab", 2)]
