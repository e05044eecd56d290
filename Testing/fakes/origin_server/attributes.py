"""Data sets as DICOM JSON (PS3.18 annex F) and as Native DICOM Model XML (PS3.19 annex A)."""

from __future__ import annotations

import xml.etree.ElementTree as XML
from typing import Any, Dict, Mapping

from pydicom import Dataset
from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import BaseTag

Attributes = Dict[str, Dict[str, Any]]

SPECIFIC_CHARACTER_SET = "00080005"
_BULK_VRS = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN", "UC", "UT", "LT", "ST"))
_INLINE_LIMIT = 1024  # bytes; longer values are given by reference


def to_json(dataset: Dataset, bulkdata_url: str) -> Attributes:
    """The DICOM JSON model of a data set; long values become ``BulkDataURI`` below ``bulkdata_url``.

    The reference of a value is its tag, behind the tags and item numbers of the sequences that it is in:
    ``bulkdata/7FE00010``, ``bulkdata/54000100.0.54001010``. The text is UTF-8, and so says the character set (F.2).
    """
    attributes = _items(dataset, bulkdata_url, "")
    if SPECIFIC_CHARACTER_SET in attributes:
        attributes[SPECIFIC_CHARACTER_SET] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    return attributes


def _items(dataset: Dataset, bulkdata_url: str, prefix: str) -> Attributes:
    attributes: Attributes = {}
    for tag in sorted(dataset.keys()):
        reference = f"{prefix}{tag:08X}"
        vr = _vr_of_bulk_data(dataset, tag)
        if vr:
            attributes[f"{tag:08X}"] = {"vr": vr, "BulkDataURI": f"{bulkdata_url}/{reference}"}
            continue
        element = dataset[tag]
        if element.VR == "SQ":
            items = [_items(item, bulkdata_url, f"{reference}.{index}.") for index, item in enumerate(element.value)]
            attributes[f"{tag:08X}"] = {"vr": "SQ", "Value": items} if items else {"vr": "SQ"}
        else:
            attributes[f"{tag:08X}"] = _leaf(element)
    return attributes


def _vr_of_bulk_data(dataset: Dataset, tag: BaseTag) -> str:
    """The value representation of a long value, without reading the value if it was deferred; "" for others."""
    element = dataset.get_item(tag)
    if isinstance(element, RawDataElement):
        vr = element.VR or (dictionary_VR(tag) if dictionary_has_tag(tag) else "UN")
        length = element.length if element.value is None else len(element.value)
        vr = "OW" if vr == "OB or OW" else vr
    else:
        vr = element.VR
        length = len(element.value) if vr in _BULK_VRS and element.value is not None else 0
    return vr if vr in _BULK_VRS and length > _INLINE_LIMIT else ""


def _leaf(element: DataElement) -> Dict[str, Any]:
    try:
        return element.to_json_dict(None, _INLINE_LIMIT)
    except (TypeError, ValueError):  # a stored value that its VR does not allow: present, but no value to show
        return {"vr": element.VR}


def find_element(dataset: Dataset, reference: str) -> DataElement:
    """What a reference made by :func:`to_json` stands for; KeyError when nothing does."""
    tag, *path = reference.split(".")
    try:
        element = dataset[int(tag, 16)]
        return find_element(element.value[int(path[0])], ".".join(path[1:])) if path else element
    except (ValueError, IndexError, TypeError):
        raise KeyError(reference) from None


def to_xml(attributes: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The Native DICOM Model of a data set in DICOM JSON."""
    root = XML.Element("NativeDicomModel", {"xmlns": "http://dicom.nema.org/PS3.19/models/NativeDICOM"})
    _add_attributes(root, attributes)
    return XML.tostring(root, encoding="utf-8", xml_declaration=True)


def _add_attributes(parent: XML.Element, attributes: Mapping[str, Mapping[str, Any]]) -> None:
    for tag, content in sorted(attributes.items()):
        names = {"tag": tag, "vr": content["vr"]}
        keyword = keyword_for_tag(int(tag, 16))
        element = XML.SubElement(parent, "DicomAttribute", {**names, "keyword": keyword} if keyword else names)
        if "BulkDataURI" in content:
            XML.SubElement(element, "BulkData", {"uri": content["BulkDataURI"]})
        if "InlineBinary" in content:
            XML.SubElement(element, "InlineBinary").text = content["InlineBinary"]
        for number, value in enumerate(content.get("Value", ()), start=1):
            _add_value(element, content["vr"], str(number), value)


def _add_value(element: XML.Element, vr: str, number: str, value: Any) -> None:
    if vr == "SQ":
        _add_attributes(XML.SubElement(element, "Item", {"number": number}), value)
    elif vr == "PN":
        name = XML.SubElement(element, "PersonName", {"number": number})
        for group, text in value.items():
            component = XML.SubElement(name, group)
            for part, content in zip(
                ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"), text.split("^")
            ):
                if content:
                    XML.SubElement(component, part).text = content
    else:
        XML.SubElement(element, "Value", {"number": number}).text = "" if value is None else str(value)
