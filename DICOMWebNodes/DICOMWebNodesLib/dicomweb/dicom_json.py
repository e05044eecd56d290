"""DICOM JSON (PS3.18 annex F) as typed values, each read when it is asked for.

A search may bring a hundred thousand rows of which a table shows five columns: :class:`Attributes` only wraps what
``json.loads`` made.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

from ..errors import MalformedAttribute, MalformedJSON
from ..text import Text
from .tags import described, tag_of
from .uid import is_uid

# As PS3.5 section 6.2 writes IS and DS, with the spaces that pad them; no IS has more than 12 characters, some do.
_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,400}\s*")
_DECIMAL = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


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
        """The rows of a decoded answer; see :func:`objects`."""
        return map(cls, objects(content))

    # --- single values --------------------------------------------------------------------------------------------

    def text(self, name: str, default: str = "") -> str:
        """All values as people write them, separated by backslashes as in DICOM."""
        values = self.texts(name)
        return "\\".join(values) if any(values) else default

    def texts(self, name: str) -> Tuple[str, ...]:
        """Each value as text: names in their first writing, numbers in decimal; "" for null."""
        return tuple(_text(name, value) for value in self._values(name))

    def integer(self, name: str) -> Optional[int]:
        """The first value; one in quotes is taken, as older servers write IS, and so is 3.0 for 3."""
        value = self._first(name)
        if value is None or type(value) is int:
            return value
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        number = _number(value)
        if number is None or not number.is_integer():
            raise _malformed(name, Text("an integer"), value)
        return int(number)

    def number(self, name: str) -> Optional[float]:
        """The first value as a floating point number; one in quotes is taken, as older servers write DS."""
        value = self._first(name)
        number = _number(value)
        if number is None and value is not None:
            raise _malformed(name, Text("a number"), value)
        return number

    def person_name(self, name: str) -> PersonName:
        value = self._first(name)
        if value is None:
            return PersonName()
        if isinstance(value, str):  # of servers that follow the drafts of the standard
            return PersonName(*value.split("=")[:3])
        if not isinstance(value, dict):
            raise _malformed(name, Text("a person name"), value)
        return PersonName(*(_group(name, value.get(key)) for key in ("Alphabetic", "Ideographic", "Phonetic")))

    def inline_binary(self, name: str) -> bytes:
        value = self._element(name).get("InlineBinary")
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None:
            return b""
        try:
            return base64.b64decode("".join(value.split()), validate=True)
        except (AttributeError, ValueError, binascii.Error):
            raise _malformed(name, Text("Base64 text in “InlineBinary”"), value) from None

    def bulk_data_uri(self, name: str) -> str:
        value = self._element(name).get("BulkDataURI")
        if value is not None and not isinstance(value, str):
            raise _malformed(name, Text("text in “BulkDataURI”"), value)
        return value or ""

    def sequence(self, name: str) -> Tuple[Attributes, ...]:
        """The items; an empty one for null."""
        items = []
        for item in self._values(name):
            if item is not None and not isinstance(item, dict):
                raise _malformed(name, Text("an item"), item)
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
        """By the UIDs, and no other value: what is printed of a list of results is no list of patients."""
        try:
            uids = [self.text(name) for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")]
        except MalformedAttribute:
            uids = []
        known = "/".join(uid for uid in uids if is_uid(uid))
        return f"Attributes({known or 'no UID'}: {len(self.raw)} attributes)"

    def _uid(self, name: str) -> str:
        uid = self.text(name).rstrip("\0 ")
        if not is_uid(uid):
            raise _malformed(name, Text("a UID"), uid)
        return uid

    def _element(self, name: str) -> Mapping[str, Any]:
        element = self.raw.get(tag_of(name))
        if element is None:
            return {}
        if not isinstance(element, dict):
            raise _malformed(name, Text("an object with “vr” and “Value”"), element)
        return element

    def _values(self, name: str) -> Tuple[Any, ...]:
        values = self._element(name).get("Value")
        if values is None:
            return ()
        if not isinstance(values, list):
            raise _malformed(name, Text("an array in “Value”"), values)
        return tuple(values)

    def _first(self, name: str) -> Any:
        values = self._values(name)
        return None if not values or values[0] == "" else values[0]


def objects(content: Any) -> Iterator[Dict[str, Any]]:
    """The objects of a decoded answer. Raises :class:`~..errors.MalformedJSON` for what is no array of objects, where
    it comes."""
    if not isinstance(content, list):
        raise MalformedJSON(Text("the answer is {kind} instead of an array of DICOM JSON objects", kind=_kind(content)))
    for index, raw in enumerate(content):
        if not isinstance(raw, dict):
            raise MalformedJSON(
                Text(
                    "row {row} of the answer is {kind} instead of a DICOM JSON object",
                    row=index + 1,
                    kind=_kind(raw),
                )
            )
        yield raw


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return str(PersonName(*(_group(name, value.get(key)) for key in ("Alphabetic", "Ideographic", "Phonetic"))))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _malformed(name, Text("text"), value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _group(name: str, value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise _malformed(name, Text("text in a component group of a person name"), value)
    return value or ""


def _number(value: Any) -> Optional[float]:
    """None for what is no number, or none that can be calculated with."""
    if isinstance(value, bool) or not (isinstance(value, (int, float)) or _is_decimal(value)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def _malformed(name: str, expected: str, found: Any) -> MalformedAttribute:
    shown = repr(found[:64]) if isinstance(found, str) else _kind(found)
    return MalformedAttribute(
        Text("{name} should be {expected} and is {shown}", name=described(name), expected=expected, shown=shown)
    )


def _kind(value: Any) -> str:
    kinds = {
        dict: Text("an object"),
        list: Text("an array"),
        str: Text("text"),
        bool: Text("a truth value"),
        type(None): Text("null"),
    }
    return kinds.get(type(value)) or Text("the number {number}", number=f"{value!r:.40}")
