"""DICOM JSON that is wrong: what is refused, by name."""

import math

import pytest
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes, PersonName
from DICOMWebNodesLib.errors import MalformedAttribute, MalformedJSON
from hypothesis import given
from hypothesis import strategies as st

from .test_dicom_json import NAME, READERS

WRONG = [
    ("text", {"Value": [True]}, "should be text and is a truth value"),
    ("text", {"Value": [["A"]]}, "should be text and is an array"),
    ("text", {"Value": "A"}, "should be an array in “Value” and is 'A'"),
    ("text", "A", "should be an object with “vr” and “Value” and is 'A'"),
    ("text", ["A"], "should be an object with “vr” and “Value” and is an array"),
    (
        "texts",
        {"Value": [{"Alphabetic": 1}]},
        "should be text in a component group of a person name and is the number 1",
    ),
    ("integer", {"Value": ["seven"]}, "should be an integer and is 'seven'"),
    ("integer", {"Value": [7.5]}, "should be an integer and is the number 7.5"),
    ("integer", {"Value": ["1_000"]}, "should be an integer and is '1_000'"),
    ("integer", {"Value": ["٣"]}, "should be an integer and is '٣'"),
    ("integer", {"Value": [False]}, "should be an integer and is a truth value"),
    ("integer", {"Value": [math.inf]}, "should be an integer and is the number inf"),
    ("integer", {"Value": ["9" * 500]}, "should be an integer and is '999"),
    ("number", {"Value": ["nan"]}, "should be a number and is 'nan'"),
    ("number", {"Value": [math.nan]}, "should be a number and is the number nan"),
    ("number", {"Value": [10**400]}, "should be a number and is the number 1000"),
    ("number", {"Value": [{}]}, "should be a number and is an object"),
    ("person_name", {"Value": [1]}, "should be a person name and is the number 1"),
    ("person_name", {"Value": [{"Alphabetic": ["A"]}]}, "should be text in a component group of a person name"),
    ("sequence", {"Value": ["A"]}, "should be an item and is 'A'"),
    ("sequence", {"Value": {}}, "should be an array in “Value” and is an object"),
    ("inline_binary", {"InlineBinary": "?"}, "should be Base64 text in “InlineBinary” and is '?'"),
    ("inline_binary", {"InlineBinary": "AAA"}, "should be Base64 text in “InlineBinary” and is 'AAA'"),
    ("inline_binary", {"InlineBinary": 1}, "should be Base64 text in “InlineBinary” and is the number 1"),
    ("inline_binary", {"InlineBinary": "ä"}, "should be Base64 text in “InlineBinary” and is 'ä'"),
    ("bulk_data_uri", {"BulkDataURI": 1}, "should be text in “BulkDataURI” and is the number 1"),
]


@pytest.mark.parametrize(("reader", "element", "reason"), WRONG)
def test_a_value_of_the_wrong_type_is_refused_by_keyword_and_tag_with_what_was_found(reader, element, reason):
    row = Attributes({"00100010": element})
    for name in ("PatientName", "00100010"):
        with pytest.raises(MalformedAttribute) as refused:
            getattr(row, reader)(name)
        assert f"PatientName (0010,0010) {reason}" in str(refused.value)
        assert len(str(refused.value)) < 300


@pytest.mark.parametrize("content", [None, {}, "text", 1, True])
def test_an_answer_that_is_no_array_is_refused(content):
    with pytest.raises(MalformedJSON, match="instead of an array"):
        list(Attributes.each(content))


def test_rows_come_until_the_one_that_is_no_object_which_is_named():
    rows = Attributes.each([{}, {}, "third"])
    assert [type(next(rows)), type(next(rows))] == [Attributes, Attributes]
    with pytest.raises(MalformedJSON, match="row 3 of the answer is text"):
        next(rows)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Value", "vr", "InlineBinary", "BulkDataURI", "Alphabetic"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


def is_promised(row, reader, kind):
    try:
        return isinstance(getattr(row, reader)(NAME), kind)
    except MalformedAttribute as error:
        return "PatientName (0010,0010)" in str(error)


@given(JSON)
def test_any_json_gives_values_of_the_promised_type_or_an_error_that_names_the_attribute(content):
    row = Attributes({"00100010": content})
    kinds = [str, tuple, (int, type(None)), (float, type(None)), PersonName, tuple, bytes, str, str]
    assert all(is_promised(row, reader, kind) for reader, kind in zip(READERS, kinds))


@given(JSON)
def test_any_answer_gives_rows_or_an_error_of_the_tree(content):
    objects = content if isinstance(content, list) else [None]
    if all(isinstance(each, dict) for each in objects):
        assert [row.raw for row in Attributes.each(content)] == content
    else:
        with pytest.raises(MalformedJSON):
            list(Attributes.each(content))
