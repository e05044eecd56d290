import pytest
from DICOMWebNodesLib.dicomweb.uid import checked_uid, is_uid
from DICOMWebNodesLib.errors import InvalidUID
from hypothesis import given
from hypothesis import strategies as st

LONGEST = "1." + "2" * 62

WRONG = [
    ("", "it is empty"),
    ("1.2.840.abc", "it has 'a' at position 9"),
    ("1.2 ", "it has ' ' at position 4"),
    ("1.2\n", "it has '\\n' at position 4"),
    ("../1.2", "it has '/' at position 3"),
    ("1.٣", "it has '٣' at position 3"),
    ("1.²", "it has '²' at position 3"),
    (LONGEST + "3", "it has 65 characters, more than 64"),
    ("1..2", "there is no number before, between or after its dots"),
    (".1", "there is no number"),
    ("1.", "there is no number"),
    (".", "there is no number"),
    ("..", "there is no number"),
]


@pytest.mark.parametrize(
    "uid", ["1.2.840.10008.1.2", "1", "0.0", LONGEST, "2.25.0329800735698586629295641978511506172918"]
)
def test_a_uid_is_given_back_as_it_is(uid):
    assert checked_uid(uid) is uid


def test_leading_zeros_are_let_pass_because_real_instances_have_them():
    assert is_uid("1.02.003")


@pytest.mark.parametrize(("text", "reason"), WRONG)
def test_what_is_no_uid_is_refused_with_the_reason(text, reason):
    with pytest.raises(InvalidUID) as refused:
        checked_uid(text, "study_instance_uid")
    assert repr(text) in str(refused.value)
    assert reason in str(refused.value)
    assert refused.value.field == "study_instance_uid"


@pytest.mark.parametrize("value", [None, 12, b"1.2", ["1.2"]])
def test_what_is_no_text_is_refused_too(value):
    with pytest.raises(InvalidUID, match="it is not text"):
        checked_uid(value)


def test_a_long_text_is_quoted_in_short():
    with pytest.raises(InvalidUID) as refused:
        checked_uid("x" * 100_000)
    assert len(str(refused.value)) < 300


@given(st.text(alphabet="01.2/ \\\n", max_size=70) | st.text(max_size=70))
def test_what_passes_has_only_numbers_between_its_dots(text):
    parts = text.split(".")
    expected = len(text) <= 64 and all(part.isascii() and part.isdigit() for part in parts)
    assert is_uid(text) is expected
