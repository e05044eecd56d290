"""The account that a server gives of what it stored, in every form that servers use."""

from __future__ import annotations

import contextlib
import json
from typing import Any, Dict

import pytest
from DICOMWebNodesLib.dicomweb.store_reason import reason_in_words
from DICOMWebNodesLib.dicomweb.store_response import StoreResponse
from DICOMWebNodesLib.errors import MalformedStoreResponse
from hypothesis import given
from hypothesis import strategies as st

REFERENCED, FAILED, OTHER = "00081199", "00081198", "0008119A"

XML = """<?xml version="1.0" encoding="{encoding}"?>
<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">
  <DicomAttribute tag="00081198" vr="SQ" keyword="FailedSOPSequence">
    <Item number="1">
      <DicomAttribute tag="00081155" vr="UI"><Value number="1">1.2.3</Value></DicomAttribute>
      <DicomAttribute tag="00081197" vr="US" keyword="FailureReason"><Value number="1">43264</Value></DicomAttribute>
    </Item>
  </DicomAttribute>
  <DicomAttribute tag="00081199" vr="SQ" keyword="ReferencedSOPSequence">
    <Item number="1">
      <DicomAttribute tag="00081155" vr="UI"><Value number="1"> 1.2.4 </Value></DicomAttribute>
      <DicomAttribute tag="00081190" vr="UR"><Value number="1">http://pacs/studies/1</Value></DicomAttribute>
    </Item>
    <Item number="2">
      <DicomAttribute tag="00081155" vr="UI"><Value number="1">1.2.5</Value></DicomAttribute>
      <DicomAttribute tag="00081196" vr="US"><Value number="1">45056</Value></DicomAttribute>
    </Item>
    <Value number="1" />
  </DicomAttribute>
</NativeDicomModel>"""


def item(uid: str, tag: str = "", code: Any = None) -> Dict[str, Any]:
    reference = {"00081155": {"vr": "UI", "Value": [uid]}}
    return {**reference, tag: {"vr": "US", "Value": [code]}} if tag else reference


def sequence(*items: Any) -> Dict[str, Any]:
    return {"vr": "SQ", "Value": list(items)}


def parsed(content: Any) -> StoreResponse:
    return StoreResponse.parse(json.dumps(content).encode())


def test_stored_warned_and_failed_instances_are_told_apart() -> None:
    response = parsed(
        {
            REFERENCED: sequence(item("1.1"), item("1.2", "00081196", 0xB000)),
            FAILED: sequence(item("1.3", "00081197", 0x0110), item("1.4")),
            OTHER: sequence({"00081197": {"vr": "US", "Value": [0xC000]}}, {}),
        }
    )
    assert response.stored == {"1.1": None, "1.2": 0xB000}
    assert response.failed == {"1.3": 0x0110, "1.4": None}
    assert response.other_failures == [0xC000, None]


@pytest.mark.parametrize("empty", [b"", b" \r\n", b"{}", b"[]", b'{"00081199": {"vr": "SQ"}}', b'{"00081199": null}'])
def test_an_empty_account_names_nothing(empty: bytes) -> None:
    assert StoreResponse.parse(empty) == StoreResponse()


def test_an_account_may_come_in_an_array_and_after_a_byte_order_mark() -> None:
    content = json.dumps([{REFERENCED: sequence(item("1.1"))}]).encode()
    assert StoreResponse.parse(b"\xef\xbb\xbf" + content).stored == {"1.1": None}


@pytest.mark.parametrize("code", [272, "272", 272.0])
def test_a_reason_may_be_written_as_text(code: Any) -> None:
    assert parsed({FAILED: sequence(item("1.1", "00081197", code))}).failed == {"1.1": 272}


def test_a_reference_without_a_uid_names_nothing() -> None:
    assert parsed({REFERENCED: sequence({}, item(""), item("1.1\0"))}).stored == {"1.1": None}


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_the_native_dicom_model_is_read(encoding: str) -> None:
    response = StoreResponse.parse(XML.format(encoding=encoding).encode(encoding))
    assert response.stored == {"1.2.4": None, "1.2.5": 0xB000}
    assert response.failed == {"1.2.3": 0xA900}


@pytest.mark.parametrize("prefix", ["", "dcm:"])
def test_the_namespace_of_the_xml_does_not_matter(prefix: str) -> None:
    text = XML.format(encoding="utf-8").replace(' xmlns="', f' xmlns:{prefix[:-1] or "x"}="')
    text = text.replace("<Native", f"<{prefix}Native").replace("</Native", f"</{prefix}Native")
    assert StoreResponse.parse(text.encode()).failed == {"1.2.3": 0xA900}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html><title>Sign in</title></html>", "a document of type <html>"),
        (b"<NativeDicomModel>", "not well-formed XML"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><NativeDicomModel/>", "has a document type"),
        ("<!DOCTYPE x><NativeDicomModel/>".encode("utf-16"), "neither"),
        (b"Internal error: disk full", "neither DICOM JSON nor XML: “Internal error: disk full”"),
        (b'"stored"', 'not of a data set: “"stored"”'),
        (b"[1]", "not of a data set"),
        (b'{"message": "disk full"}', "not of a data set"),
        (b"[" * 100_000, "neither"),
        (b'{"00081199": {"vr": "SQ", "Value": ["1.2"]}}', "ReferencedSOPSequence|00081199"),
        (b'{"00081199": "1.2"}', "ReferencedSOPSequence|00081199"),
    ],
)
def test_an_account_that_cannot_be_read_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(MalformedStoreResponse, match=message):
        StoreResponse.parse(content)


def test_entities_that_grow_without_bound_are_refused() -> None:
    bomb = b"<!DOCTYPE a [<!ENTITY b 'x'>%b]><NativeDicomModel>&c9;</NativeDicomModel>" % b"".join(
        b"<!ENTITY c%d '%b'>" % (level, b"&c%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    with pytest.raises(MalformedStoreResponse, match="document type"):
        StoreResponse.parse(bomb)


def test_sequences_that_are_nested_without_end_are_refused() -> None:
    nested = b"<DicomAttribute tag='00081199' vr='SQ'><Item>" * 5000 + b"</Item></DicomAttribute>" * 5000
    with pytest.raises(MalformedStoreResponse, match="too deeply"):
        StoreResponse.parse(b"<NativeDicomModel>" + nested + b"</NativeDicomModel>")


@given(st.binary(max_size=200) | st.text(alphabet="<>/=\"' abSQ&;!", max_size=60).map(str.encode))
def test_any_bytes_are_an_account_or_refused(content: bytes) -> None:
    with contextlib.suppress(MalformedStoreResponse):
        assert StoreResponse.parse(content).stored == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([REFERENCED, FAILED, OTHER, "00081155", "00081197", "vr", "Value"]), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_an_account_or_refused(content: Any) -> None:
    with contextlib.suppress(MalformedStoreResponse):
        parsed(content)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0x0110, "the server could not process it (reason 0110H)"),
        (0x0122, "the server does not store this SOP class (reason 0122H)"),
        (0x0124, "you are not authorised to store it (reason 0124H)"),
        (0xA702, "the server is out of resources (reason A702H)"),
        (0xA9FF, "the data set does not match its SOP class (reason A9FFH)"),
        (0xC122, "the server does not store this transfer syntax (reason C122H)"),
        (0xC345, "the server does not understand the data set (reason C345H)"),
        (45070, "the server has this instance already (reason B00EH)"),
        (0x1234, "the server gave a reason that is not in the standard (reason 1234H)"),
    ],
)
def test_reasons_are_given_in_words_and_as_logs_write_them(code: int, words: str) -> None:
    assert reason_in_words(code) == words
