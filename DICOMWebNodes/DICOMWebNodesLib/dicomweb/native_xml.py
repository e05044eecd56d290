"""The Native DICOM Model (PS3.19 annex A) into DICOM JSON (PS3.18 annex F), as far as a store response needs it.

Text and sequences are read, to a limited depth; bulk data is not.
"""

from __future__ import annotations

from typing import Any, Dict, List
from xml.etree.ElementTree import Element

from ..errors import MalformedStoreResponse
from ..text import Text
from ..xml_document import parse_xml

_DEPTH = 8  # sequences in sequences


def dicom_json_of(document: bytes) -> Dict[str, Any]:
    """The data set as one DICOM JSON object, every single value as text.

    Raises :class:`~..errors.MalformedStoreResponse` when it is not XML, has a document type, or is another
    kind of document.
    """
    root = _parsed(document)
    if _name(root) != "NativeDicomModel":
        raise MalformedStoreResponse(
            Text("the answer is a document of type <{root}>, not a DICOM data set", root=_name(root)[:40])
        )
    return _data_set(root, _DEPTH)


def _parsed(document: bytes) -> Element:
    try:
        return parse_xml(document)
    except ValueError as error:
        raise MalformedStoreResponse(Text("the answer {problem}", problem=error.args[0])) from error


def _data_set(parent: Element, depth: int) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for attribute in parent:
        if _name(attribute) == "DicomAttribute":
            vr = attribute.get("vr", "")
            found[attribute.get("tag", "").upper()] = {"vr": vr, "Value": _values(attribute, depth)}
    return found


def _values(attribute: Element, depth: int) -> List[Any]:
    items = [child for child in attribute if _name(child) == "Item"]
    if items:
        if not depth:
            raise MalformedStoreResponse("the answer nests sequences too deeply")
        return [_data_set(item, depth - 1) for item in items]
    return [(child.text or "").strip() for child in attribute if _name(child) == "Value" and child.text]


def _name(element: Element) -> str:
    """The local name, whatever the namespace: not every server gives it."""
    return str(element.tag).rpartition(" ")[2]
