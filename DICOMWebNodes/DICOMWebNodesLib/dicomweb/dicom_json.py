"""DICOM JSON (PS3.18 annex F) as typed values, each read when it is asked for.

A search may bring a hundred thousand rows of which a table shows five columns: :class:`Attributes` only wraps what
``json.loads`` made.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

from ..errors import InvalidQuery, MalformedAttribute, MalformedJSON
from .uid import is_uid

_TAG = re.compile(r"[0-9A-Fa-f]{8}")
# What searches and tables use; any other keyword costs the import of pydicom's dictionary.
_TAGS: Dict[str, str] = {
    "SpecificCharacterSet": "00080005",
    "SOPClassUID": "00080016",
    "SOPInstanceUID": "00080018",
    "StudyDate": "00080020",
    "SeriesDate": "00080021",
    "StudyTime": "00080030",
    "SeriesTime": "00080031",
    "AccessionNumber": "00080050",
    "InstanceAvailability": "00080056",
    "Modality": "00080060",
    "ModalitiesInStudy": "00080061",
    "InstitutionName": "00080080",
    "ReferringPhysicianName": "00080090",
    "TimezoneOffsetFromUTC": "00080201",
    "StudyDescription": "00081030",
    "SeriesDescription": "0008103E",
    "ReferencedSOPClassUID": "00081150",
    "ReferencedSOPInstanceUID": "00081155",
    "RetrieveURL": "00081190",
    "WarningReason": "00081196",
    "FailureReason": "00081197",
    "FailedSOPSequence": "00081198",
    "ReferencedSOPSequence": "00081199",
    "PatientName": "00100010",
    "PatientID": "00100020",
    "IssuerOfPatientID": "00100021",
    "PatientBirthDate": "00100030",
    "PatientSex": "00100040",
    "BodyPartExamined": "00180015",
    "StudyInstanceUID": "0020000D",
    "SeriesInstanceUID": "0020000E",
    "StudyID": "00200010",
    "SeriesNumber": "00200011",
    "InstanceNumber": "00200013",
    "NumberOfStudyRelatedSeries": "00201206",
    "NumberOfStudyRelatedInstances": "00201208",
    "NumberOfSeriesRelatedInstances": "00201209",
    "NumberOfFrames": "00280008",
    "Rows": "00280010",
    "Columns": "00280011",
    "PerformedProcedureStepStartDate": "00400244",
}


def tag_of(keyword_or_tag: str) -> str:
    """The tag as DICOM JSON writes it, "0020000D", for a keyword or a tag. Raises InvalidQuery."""
    tag = _TAGS.get(keyword_or_tag)
    if tag is not None:
        return tag
    if _TAG.fullmatch(keyword_or_tag):
        return keyword_or_tag.upper()
    from pydicom.datadict import tag_for_keyword

    number = tag_for_keyword(keyword_or_tag)
    if number is None:
        raise InvalidQuery(
            f"there is no attribute {keyword_or_tag[:80]!r}",
            field=keyword_or_tag[:80],
            next_step="Write it as in PS3.6, “PatientName”, or as a tag, “00100010”.",
        )
    return f"{number:08X}"


@dataclass(frozen=True)
class PersonName:
    """The three component groups of a name (PS3.5 section 6.2.1.1), as they are written there."""

    alphabetic: str = ""
    ideographic: str = ""
    phonetic: str = ""

    def __str__(self) -> str:
        return self.alphabetic or self.ideographic or self.phonetic


class Attributes:
    """The attributes of one study, series, instance or item.

    Each is named by keyword or tag. What is missing, null or empty gives the default; what has another type than
    it should raises :class:`~..errors.MalformedAttribute`, naming the attribute and what was found.

    >>> row = Attributes({"00100010": {"vr": "PN", "Value": [{"Alphabetic": "DOE^JANE"}]}})
    >>> row.text("PatientName"), row.integer("NumberOfFrames")
    ('DOE^JANE', None)
    """

    __slots__ = ("raw",)

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    @classmethod
    def each(cls, content: Any) -> Iterator[Attributes]:
        """The objects of a decoded answer. Raises :class:`~..errors.MalformedJSON` for what is no array of objects."""
        if not isinstance(content, list):
            raise MalformedJSON(f"the answer is {_kind(content)} instead of an array of DICOM JSON objects")
        for index, raw in enumerate(content):
            if not isinstance(raw, dict):
                raise MalformedJSON(f"row {index + 1} of the answer is {_kind(raw)} instead of a DICOM JSON object")
            yield cls(raw)

    # --- single values --------------------------------------------------------------------------------------------

    def text(self, name: str, default: str = "") -> str:
        """All values as people write them, separated by backslashes as in DICOM."""
        return "\\".join(self.texts(name)) or default

    def texts(self, name: str) -> Tuple[str, ...]:
        """Each value as text: names in their first writing, numbers in decimal; "" for null."""
        return tuple(_text(name, value) for value in self._values(name))

    def integer(self, name: str) -> Optional[int]:
        """The first value; a number in quotes is taken, as older servers write IS."""
        value = self._first(name)
        try:
            if isinstance(value, (str, float)) and not isinstance(value, bool):
                number = float(value)
                if number.is_integer():
                    return int(number)
            elif value is None or (isinstance(value, int) and not isinstance(value, bool)):
                return value
        except (ValueError, OverflowError):
            pass
        raise _malformed(name, "an integer", value)

    def number(self, name: str) -> Optional[float]:
        """The first value as a floating point number; one in quotes is taken, as older servers write DS."""
        value = self._first(name)
        if value is None:
            return None
        try:
            if isinstance(value, (str, int, float)) and not isinstance(value, bool):
                return float(value)
        except (ValueError, OverflowError):
            pass
        raise _malformed(name, "a number", value)

    def person_name(self, name: str) -> PersonName:
        value = self._first(name)
        if value is None:
            return PersonName()
        if isinstance(value, str):  # of servers that follow the drafts of the standard
            return PersonName(*value.split("=")[:3])
        if not isinstance(value, dict):
            raise _malformed(name, "a person name", value)
        return PersonName(*(_group(name, value.get(key)) for key in ("Alphabetic", "Ideographic", "Phonetic")))

    def inline_binary(self, name: str) -> bytes:
        value = self._element(name).get("InlineBinary")
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None:
            return b""
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise _malformed(name, "Base64 text in InlineBinary", value) from None

    def bulk_data_uri(self, name: str) -> str:
        value = self._element(name).get("BulkDataURI")
        if value is not None and not isinstance(value, str):
            raise _malformed(name, "text in BulkDataURI", value)
        return value or ""

    def sequence(self, name: str) -> Tuple[Attributes, ...]:
        """The items; an empty one for null."""
        items = []
        for item in self._values(name):
            if item is not None and not isinstance(item, dict):
                raise _malformed(name, "an item", item)
            items.append(Attributes(item or {}))
        return tuple(items)

    def vr(self, name: str) -> str:
        """The value representation that the server wrote, "" when it wrote none."""
        vr = self._element(name).get("vr")
        return vr if isinstance(vr, str) else ""

    # --- what there is ----------------------------------------------------------------------------------------------

    def __contains__(self, name: str) -> bool:
        return tag_of(name) in self.raw

    def tags(self) -> Tuple[str, ...]:
        return tuple(self.raw)

    @property
    def study_instance_uid(self) -> str:
        return self._uid("StudyInstanceUID")

    @property
    def series_instance_uid(self) -> str:
        return self._uid("SeriesInstanceUID")

    @property
    def sop_instance_uid(self) -> str:
        return self._uid("SOPInstanceUID")

    def __repr__(self) -> str:
        return f"Attributes({len(self.raw)} attributes)"

    def _uid(self, name: str) -> str:
        uid = self.text(name).rstrip("\0 ")
        if not is_uid(uid):
            raise _malformed(name, "a UID", uid)
        return uid

    def _element(self, name: str) -> Mapping[str, Any]:
        element = self.raw.get(tag_of(name))
        if element is None:
            return {}
        if not isinstance(element, dict):
            raise _malformed(name, "an object with “vr” and “Value”", element)
        return element

    def _values(self, name: str) -> Tuple[Any, ...]:
        values = self._element(name).get("Value")
        if values is None:
            return ()
        if not isinstance(values, list):
            raise _malformed(name, "an array in “Value”", values)
        return tuple(values)

    def _first(self, name: str) -> Any:
        values = self._values(name)
        return None if not values or values[0] == "" else values[0]


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return str(PersonName(*(_group(name, value.get(key)) for key in ("Alphabetic", "Ideographic", "Phonetic"))))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _malformed(name, "text", value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _group(name: str, value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise _malformed(name, "text in a component group of a person name", value)
    return value or ""


def _malformed(name: str, expected: str, found: Any) -> MalformedAttribute:
    shown = repr(found[:64]) if isinstance(found, str) else _kind(found)
    return MalformedAttribute(f"{name} should be {expected} and is {shown}")


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "an array", str: "text", bool: "a truth value", type(None): "null"}
    return kinds.get(type(value), f"the number {value}"[:64])
