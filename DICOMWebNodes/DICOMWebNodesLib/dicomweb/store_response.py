"""What an origin server says about each instance that it was sent (PS3.18 section 10.5.3 and annex I.2)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Iterator, List, Mapping, Optional, Tuple

from ..errors import MalformedAttribute, MalformedStoreResponse
from ..errors.server_words import excerpt
from ..text import Text
from .dicom_json import Attributes
from .native_xml import dicom_json_of

_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_OTHER_FAILURES_SEQUENCE = "0008119A"  # not looked up by its keyword, which would import a dictionary


@dataclass(frozen=True)
class StoreResponse:
    """The server's account. The keys are SOP Instance UIDs as the server wrote them.

    ``stored``: with the warning's code, None without. ``failed``: with the failure's code, None when the server
    gave none. ``other_failures``: codes of what the server could not even identify.
    """

    stored: Mapping[str, Optional[int]] = field(default_factory=dict)
    failed: Mapping[str, Optional[int]] = field(default_factory=dict)
    other_failures: List[Optional[int]] = field(default_factory=list)

    @classmethod
    def parse(cls, content: bytes) -> StoreResponse:
        """From DICOM JSON or the XML of the Native DICOM Model, told apart by how they begin.

        The media type does not tell: servers answer JSON as text/plain, or without any type. An empty body is an
        empty account. Raises :class:`~..errors.MalformedStoreResponse`.
        """
        try:
            return cls._of(_data_set(content.strip().removeprefix(b"\xef\xbb\xbf")))
        except MalformedAttribute as error:
            raise MalformedStoreResponse(error.cause) from error

    @classmethod
    def _of(cls, data_set: Attributes) -> StoreResponse:
        return cls(
            dict(_entries(data_set, "ReferencedSOPSequence", "WarningReason")),
            dict(_entries(data_set, "FailedSOPSequence", "FailureReason")),
            [item.integer("FailureReason") for item in data_set.sequence(_OTHER_FAILURES_SEQUENCE)],
        )


def _data_set(content: bytes) -> Attributes:
    if not content:
        return Attributes({})
    if content.startswith(b"<"):
        return Attributes(dicom_json_of(content))
    try:
        decoded = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise MalformedStoreResponse(
            Text("the answer is neither DICOM JSON nor XML: {beginning}", beginning=_beginning(content))
        ) from error
    if isinstance(decoded, list):  # one data set, in the array that a search would give
        decoded = decoded[0] if decoded else {}
    if not isinstance(decoded, dict) or not all(_TAG.fullmatch(name) for name in decoded):
        raise MalformedStoreResponse(
            Text("the answer is JSON, but not of a data set: {beginning}", beginning=_beginning(content))
        )
    return Attributes(decoded)


def _entries(data_set: Attributes, sequence: str, reason: str) -> Iterator[Tuple[str, Optional[int]]]:
    for item in data_set.sequence(sequence):
        uid = item.text("ReferencedSOPInstanceUID").strip("\0 ")
        if uid:
            yield uid, item.integer(reason)


def _beginning(content: bytes) -> str:
    return f"“{excerpt(content[:2000].decode('utf-8', 'replace'), 80)}”"
