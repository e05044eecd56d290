import pytest
from DICOMWebNodesLib.dicomweb.media_types import (
    multipart_dicom,
    multipart_octet_stream,
    parse_media_type,
    single_dicom,
)
from hypothesis import given
from hypothesis import strategies as st

RELATED = "multipart/related"

READ = [
    ("application/dicom", "application/dicom", {}),
    ("Application/DICOM+JSON ; charset=utf-8", "application/dicom+json", {"charset": "utf-8"}),
    (
        'multipart/related; type="application/dicom"; boundary=b1',
        RELATED,
        {"type": "application/dicom", "boundary": "b1"},
    ),
    ("multipart/related;type=application/dicom;boundary=b1;", RELATED, {"type": "application/dicom", "boundary": "b1"}),
    ('multipart/related; Boundary="a b;c=d"', RELATED, {"boundary": "a b;c=d"}),
    (r'multipart/related; boundary="a\"b\\c"', RELATED, {"boundary": 'a"b\\c'}),
    ("multipart/related; boundary = b1 ", RELATED, {"boundary": "b1"}),
    ("multipart/related; boundary==_x=y/z:1", RELATED, {"boundary": "=_x=y/z:1"}),
    ("multipart/related; boundary=first; boundary=second", RELATED, {"boundary": "first"}),
    ("multipart/related; nonsense; ;; boundary=b1", RELATED, {"boundary": "b1"}),
    ('multipart/related; type="a" junk; boundary=b1', RELATED, {"type": "a", "boundary": "b1"}),
    ('multipart/related; boundary="unclosed', RELATED, {"boundary": '"unclosed'}),
    ('multipart/related; start=""', RELATED, {"start": ""}),
    ("", "", {}),
    (";", "", {}),
]


@pytest.mark.parametrize(("text", "media_type", "parameters"), READ)
def test_a_content_type_is_read_as_it_is_meant(text, media_type, parameters):
    found = parse_media_type(text)
    assert found.type == media_type
    assert found.parameters == parameters


@given(st.text(alphabet='a;="\\ \t\r\n', max_size=60) | st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    for name, value in parse_media_type("multipart/related;" + text).parameters.items():
        assert name
        assert isinstance(value, str)


@given(st.text(min_size=1, max_size=70))
def test_any_boundary_survives_quoting(boundary):
    quoted = boundary.replace("\\", "\\\\").replace('"', '\\"')
    assert parse_media_type(f'multipart/related; a=b; boundary="{quoted}"; c=d').parameters["boundary"] == boundary


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (multipart_dicom(), 'multipart/related; type="application/dicom"; transfer-syntax=*'),
        (multipart_dicom(""), 'multipart/related; type="application/dicom"'),
        (single_dicom("1.2.840.10008.1.2.1"), "application/dicom; transfer-syntax=1.2.840.10008.1.2.1"),
        (multipart_octet_stream("*"), 'multipart/related; type="application/octet-stream"; transfer-syntax=*'),
    ],
)
def test_accept_is_written_as_the_standard_has_it(accept, expected):
    assert accept == expected
