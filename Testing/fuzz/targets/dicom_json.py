"""The DICOM JSON reader: any document gives values of the promised type, or an error that names the attribute."""

from __future__ import annotations

import copy
import json
import random
from typing import Any, Callable, List

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes, PersonName
from DICOMWebNodesLib.dicomweb.uid import is_uid
from DICOMWebNodesLib.errors import MalformedAttribute
from fuzz import mutations

_READERS = {
    "text": str,
    "texts": tuple,
    "integer": (int, type(None)),
    "number": (float, type(None)),
    "person_name": PersonName,
    "sequence": tuple,
    "inline_binary": bytes,
    "bulk_data_uri": str,
    "vr": str,
}
_KEYWORDS = ["PatientName", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "NumberOfFrames", "7FE00010"]
_MALFORMED = object()
_ODD: List[Any] = [
    *(None, True, False, 0, -1, 1.5, 1e308, 10**30, float("nan"), float("inf")),
    *("", " ", "1", "1.5", "A^B=C^D=E^F=G", "\0", "\ud800", "9" * 400, "=" * 50),
    *([], [[]], [None], [""], [0], {}, {"Alphabetic": 1}, {"Value": []}, {"Alphabetic": None, "Phonetic": "x"}),
]


def mutated(corpus: List[bytes], rng: random.Random) -> bytes:
    """Mostly documents that are still JSON, with something odd in them; sometimes just damaged bytes."""
    if rng.randrange(4) == 0:
        return mutations.mutated(corpus, rng)
    document = json.loads(rng.choice(corpus))
    for _ in range(rng.randint(1, 4)):
        document = _changed(document, rng)
    return json.dumps(document).encode()


def check(data: bytes, rng: random.Random) -> None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return  # refused before this reader sees it, see Response.json
    for row in Attributes.each(document):
        _read_all(row, depth=3)


def _read_all(row: Attributes, depth: int) -> None:
    tags = [tag for tag in row.tags() if len(tag) == 8 and all(digit in "0123456789ABCDEF" for digit in tag)]
    for name in [*tags[:40], *_KEYWORDS]:
        for reader, kind in _READERS.items():
            value = _read(lambda reader=reader, name=name: getattr(row, reader)(name))
            assert value is _MALFORMED or isinstance(value, kind), (reader, value)
            if reader == "sequence" and value is not _MALFORMED and depth:
                for item in value[:5]:
                    _read_all(item, depth - 1)
    for name in ("study_instance_uid", "series_instance_uid", "sop_instance_uid"):
        uid = _read(lambda name=name: getattr(row, name))
        assert uid is _MALFORMED or is_uid(uid)


def _read(reading: Callable[[], Any]) -> Any:
    try:
        return reading()
    except MalformedAttribute as error:
        return _MALFORMED if 0 < len(error.cause) < 500 else error


def _changed(value: Any, rng: random.Random) -> Any:
    """A copy with one place changed, somewhere below."""
    if not isinstance(value, (dict, list)) or not value or rng.randrange(6) == 0:
        return rng.choice([rng.choice(_ODD), [value], {"Value": [value]}, _deep(rng)])
    result = copy.copy(value)
    key = rng.choice(list(result)) if isinstance(result, dict) else rng.randrange(len(result))
    if rng.randrange(8) == 0:
        del result[key]
    else:
        result[key] = _changed(result[key], rng)
    return result


def _deep(rng: random.Random) -> Any:
    value: Any = {}
    for _ in range(rng.choice([1, 5, 100])):
        value = {"00081199": {"vr": "SQ", "Value": [value]}}
    return value
