"""Attributes that a search matches on: what they are, and how their values are written (PS3.4 section C.2.2.2)."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any, Callable, Iterable, Mapping, Match, Tuple

from ..errors import InvalidQuery
from ..text import Text
from .tags import tag_of
from .uid import checked_uid

# Between the values of one attribute, as in PS3.5 section 6.4; no value can hold it.
SEPARATOR = "\\"
# Others are looked up in pydicom's dictionary, which takes a third of a second to import.
_USUAL: Mapping[str, str] = {
    "AccessionNumber": "SH",
    "BodyPartExamined": "CS",
    "InstanceNumber": "IS",
    "InstitutionName": "LO",
    "ModalitiesInStudy": "CS",
    "Modality": "CS",
    "PatientBirthDate": "DA",
    "PatientID": "LO",
    "PatientName": "PN",
    "PatientSex": "CS",
    "ReferringPhysicianName": "PN",
    "SOPClassUID": "UI",
    "SOPInstanceUID": "UI",
    "SeriesDate": "DA",
    "SeriesDescription": "LO",
    "SeriesInstanceUID": "UI",
    "SeriesNumber": "IS",
    "StudyDate": "DA",
    "StudyDescription": "LO",
    "StudyID": "SH",
    "StudyInstanceUID": "UI",
    "StudyTime": "TM",
}
NUMBERS = frozenset({"DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV"})
# PS3.4 section C.2.2.2.4 excepts these from wildcard matching.
_WITHOUT_WILDCARDS = frozenset({"AS", "AT", "DA", "DT", "OB", "OD", "OF", "OL", "OV", "OW", "TM", "UI", "UN"} | NUMBERS)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DATE_TIME = re.compile(r"[0-9.+-]+")
_DATE = r"\d{4}-\d{2}-\d{2}|\d{8}"
_TIME = r"\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d{1,6})?)?)?"
# Written in capitals everywhere, so that "ct" can only mean "CT".
_IN_CAPITALS = frozenset({"Modality", "ModalitiesInStudy", "PatientSex"})


def value_representation(attribute: str) -> str:
    """The VR of a keyword or tag, or of the last of a dotted path of them; "" when no dictionary knows it.

    Raises :class:`~..errors.InvalidQuery` for a name that is neither a keyword nor a tag.
    """
    name = attribute.rpartition(".")[2]
    if name in _USUAL:
        return _USUAL[name]
    from pydicom.datadict import dictionary_VR

    try:
        return str(dictionary_VR(int(tag_of(name), 16)))[:2]
    except KeyError:
        return ""


def tags_of(attribute: str) -> Tuple[str, ...]:
    """The tags of a dotted path, from the outermost sequence to the attribute (PS3.18 section 8.3.4.1)."""
    return tuple(tag_of(name) for name in attribute.split("."))


def checked_values(attribute: str, value: Any) -> str:
    """``value`` as it is written in DICOM; several values (any may match) are joined by :data:`SEPARATOR`.

    Takes text, numbers, dates and lists of them; "", None and an empty list mean that anything matches, and
    give "". Dates, times and ranges of them also in the form of ISO 8601. Raises
    :class:`~..errors.InvalidQuery` or :class:`~..errors.InvalidUID`, quoting the value.
    """
    vr = value_representation(attribute)
    if vr == "SQ":
        raise InvalidQuery(
            Text("{attribute} is a sequence", attribute=attribute),
            field=attribute,
            next_step=Text("Name an attribute in it, such as {attribute}.CodeValue.", attribute=attribute),
        )
    written = (_checked_value(attribute, vr, each) for each in _each(vr, value))
    return SEPARATOR.join(dict.fromkeys(each for each in written if each))


def _each(vr: str, value: Any) -> Iterable[str]:
    """The single values: in UIDs and code strings a comma cannot be anything but a separator."""
    if value is None:
        return []
    if isinstance(value, (list, tuple, set, frozenset)):
        return [text for item in value for text in _each(vr, item)]
    return re.split(r"[\\,]" if vr in ("UI", "CS") else r"\\", _text_of(value))


def _text_of(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.date):
        return f"{value:%Y%m%d}".rjust(8, "0")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise InvalidQuery(Text("{value!r} is not text, a number, a date or a list of them", value=value))


def _checked_value(attribute: str, vr: str, value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise _invalid(attribute, value, Text("has a character that cannot be searched for"))
    if not text:
        return ""
    if vr in _WITHOUT_WILDCARDS and re.search(r"[*?]", text):
        raise _invalid(attribute, value, Text("takes no wildcards"), Text("Leave it out to match anything."))
    if vr == "UI":
        return checked_uid(text, attribute)
    if vr in ("DA", "TM"):
        return _checked_range(attribute, text, *_RANGES[vr])
    if vr in NUMBERS and not _NUMBER.fullmatch(text):
        raise _invalid(attribute, value, Text("is not a number"))
    if vr == "DT" and not _DATE_TIME.fullmatch(text):
        raise _invalid(
            attribute, value, Text("is not a date and time"), Text("Write it as {example}.", example="20240131103000")
        )
    return text.upper() if attribute in _IN_CAPITALS else text


# --- dates, times and ranges of them (PS3.4 section C.2.2.2.5) ----------------------------------------------


def _checked_range(attribute: str, text: str, pattern: str, normalise: Callable[[str], str], example: str) -> str:
    single = re.fullmatch(pattern, text)
    span = re.fullmatch(rf"({pattern})?\s*[-/]\s*({pattern})?", text)
    try:
        if single:
            return normalise(text)
        if span and any(span.groups()):
            return _span(span, normalise)
    except ValueError as error:
        raise _invalid(attribute, text, error.args[0]) from error
    raise _invalid(attribute, text, Text("is not understood"), Text("Write it as {example}.", example=example))


def _span(span: Match[str], normalise: Callable[[str], str]) -> str:
    start, end = (normalise(text) if text else "" for text in span.groups())
    if start and end and start[: len(end)] > end:
        raise ValueError(Text("ends before it begins"))
    return f"{start}-{end}"


def _date(text: str) -> str:
    digits = text.replace("-", "")
    try:
        datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ValueError(Text("is not a day of the calendar")) from None
    return digits


def _time(text: str) -> str:
    digits = text.replace(":", "")
    parts = (int(digits[start : start + 2] or 0) for start in (0, 2, 4))
    if any(part >= limit for part, limit in zip(parts, (24, 60, 61))):  # a leap second is second 60
        raise ValueError(Text("is not a time of the day"))
    return digits


_RANGES: Mapping[str, Tuple[str, Callable[[str], str], str]] = {
    "DA": (_DATE, _date, "20240131, 20240101-20240131, 20240101- or -20240131"),
    "TM": (_TIME, _time, "1030, 103015, 0800-1200, 0800- or -1200"),
}


def _invalid(attribute: str, value: str, why: str, next_step: str = "") -> InvalidQuery:
    return InvalidQuery(
        Text("{attribute} {value!r} {why}", attribute=attribute, value=value, why=why),
        field=attribute,
        next_step=next_step,
    )
