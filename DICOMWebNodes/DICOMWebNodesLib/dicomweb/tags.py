"""Attributes by keyword and by tag (PS3.6 chapter 6)."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Dict, List

from ..errors import InvalidQuery
from ..text import Text

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
_KEYWORDS = {tag: keyword for keyword, tag in _TAGS.items()}


def tag_of(keyword_or_tag: str) -> str:
    """The tag as DICOM JSON writes it, "0020000D", for a keyword or a tag. Raises InvalidQuery."""
    tag = _TAGS.get(keyword_or_tag)
    if tag is not None:
        return tag
    if _TAG.fullmatch(keyword_or_tag):
        return keyword_or_tag.upper()
    from pydicom.datadict import tag_for_keyword

    number = tag_for_keyword(keyword_or_tag)
    if number is None or not keyword_or_tag:  # attributes that are retired have no keyword
        name = keyword_or_tag[:80]
        similar = _similar(name)
        raise InvalidQuery(
            Text("there is no attribute {keyword_or_tag!r}", keyword_or_tag=name),
            field=name,
            next_step=Text("Did you mean {names}?", names=", ".join(similar))
            if similar
            else "Write it as in PS3.6, “PatientName”, or as a tag, “00100010”.",
        )
    return f"{number:08X}"


def _similar(name: str) -> List[str]:
    """Keywords that are written nearly so; those that are often asked for before any other."""
    from pydicom.datadict import keyword_dict

    for known in (_TAGS, keyword_dict):
        by_letters = {keyword.casefold(): keyword for keyword in known}
        found = get_close_matches(name.casefold(), by_letters, n=3, cutoff=0.8)
        if found:
            return [by_letters[each] for each in found]
    return []


def described(keyword_or_tag: str) -> str:
    """Both names, for a message: "PatientName (0010,0010)"; the tag alone where the keyword is no usual one."""
    tag = tag_of(keyword_or_tag)
    keyword = _KEYWORDS.get(tag) or ("" if _TAG.fullmatch(keyword_or_tag) else keyword_or_tag)
    return f"{keyword} ({tag[:4]},{tag[4:]})".lstrip()
