"""XML from elsewhere."""

from __future__ import annotations

from contextlib import suppress

import pytest
from DICOMWebNodesLib.xml_document import parse_xml
from hypothesis import given
from hypothesis import strategies as st

BOMB = b"<!DOCTYPE a [<!ENTITY b 'bbbbbbbb'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>"
FILE = b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>"


def test_a_document_is_read_with_its_attributes_and_text():
    root = parse_xml("<?xml version='1.0'?><a b='\u00e4'><c>d</c></a>".encode())
    assert (root.tag, root.get("b"), root[0].text) == ("a", "\u00e4", "d")


@pytest.mark.parametrize("document", [BOMB, FILE, b"<!DOCTYPE a SYSTEM 'http://localhost/a.dtd'><a/>"])
def test_a_document_type_is_refused_whatever_it_says(document):
    with pytest.raises(ValueError, match="has a document type"):
        parse_xml(document)


@pytest.mark.parametrize(
    "document", [b"", b"<a>", b"<a/><b/>", b"<a>&b;</a>", b"<?xml version='1.0' encoding='no-such'?><a/>", b"{}"]
)
def test_what_is_not_well_formed_is_refused(document):
    with pytest.raises(ValueError, match="is not well-formed XML"):
        parse_xml(document)


def test_deep_nesting_is_read_to_its_end():
    depth = 50_000
    root = parse_xml(b"<a>" * depth + b"</a>" * depth)
    for _ in range(depth - 1):
        (root,) = root
    assert len(root) == 0


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content):
    with suppress(ValueError):
        parse_xml(b"<a>" + content)
