"""Media types of the Studies Service (PS3.18 section 8.7): read from an answer, written into a request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, Mapping

DICOM = "application/dicom"
DICOM_JSON = "application/dicom+json"
OCTET_STREAM = "application/octet-stream"

_PARAMETER = re.compile(r'\s*([^\s;="]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))[^;]*(?:;|$)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class MediaType:
    """``type`` is "type/subtype" in lower case, ``parameters`` has lower-case names and unquoted values."""

    type: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def parse_media_type(text: str) -> MediaType:
    """Read a Content-Type (RFC 9110 section 8.3.1); never raises.

    Servers leave ``type=application/dicom`` and boundaries unquoted although they are no tokens, put spaces
    around "=" and end with ";": all of that is read as it is meant. Of a repeated parameter the first one counts,
    and what is no parameter at all is passed over.
    """
    name, _, rest = text.partition(";")
    parameters: Dict[str, str] = {}
    at = 0
    while at < len(rest):
        found = _PARAMETER.match(rest, at)
        if found:
            key, quoted, plain = found.groups()
            value = plain.strip() if quoted is None else _ESCAPED.sub(r"\1", quoted)
            parameters.setdefault(key.lower(), value)
            at = found.end()
        else:
            at = rest.find(";", at) + 1 or len(rest)
    return MediaType(name.strip().lower(), parameters)


def multipart_dicom(transfer_syntax: str = "*") -> str:
    """Accept for instances, one a part (PS3.18 section 8.7.4). "*" is as stored, "" leaves it to the server."""
    return _multipart(DICOM, transfer_syntax)


def multipart_octet_stream(transfer_syntax: str = "*") -> str:
    """Accept for frames and bulk data (PS3.18 section 8.7.3.3)."""
    return _multipart(OCTET_STREAM, transfer_syntax)


def single_dicom(transfer_syntax: str = "*") -> str:
    """Accept for one instance as the whole body."""
    return DICOM + _transfer_syntax(transfer_syntax)


def _multipart(media_type: str, transfer_syntax: str) -> str:
    return f'multipart/related; type="{media_type}"{_transfer_syntax(transfer_syntax)}'


def _transfer_syntax(uid: str) -> str:
    return f"; transfer-syntax={uid}" if uid else ""
