"""Content negotiation: the Accept header field (RFC 9110 12.5.1) and its DICOM media types (PS3.18 8.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Tuple

from .messages import Refusal

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PARAMETER = re.compile(rf'[ \t]*;[ \t]*({_TOKEN})=(?:({_TOKEN})|"((?:[^"\\]|\\.)*)")')
_TYPE = re.compile(rf"[ \t]*({_TOKEN}/{_TOKEN})")
_SEPARATOR = re.compile(r"[ \t]*(?:,|$)")


@dataclass(frozen=True)
class MediaType:
    """A media type or range; ``type`` and the names of parameters are in lower case."""

    type: str
    parameters: Tuple[Tuple[str, str], ...] = ()

    def parameter(self, name: str, default: str = "") -> str:
        return dict(self.parameters).get(name, default)

    @property
    def multipart(self) -> bool:
        return self.type == "multipart/related"

    @property
    def content_type(self) -> str:
        """The type of one part: of a multipart its ``type`` parameter (RFC 2387)."""
        return self.parameter("type").lower() if self.multipart else self.type

    @property
    def transfer_syntax(self) -> str:
        return self.parameter("transfer-syntax")

    def covers(self, content_type: str) -> bool:
        """Whether parts of this content type are acceptable."""
        main = content_type.partition("/")[0]
        return self.content_type in (content_type, f"{main}/*", "*/*")


def parse_media_type(text: str) -> MediaType:
    """One media type, of a Content-Type for example; 400 when it is malformed."""
    types = _parse(text)
    if len(types) != 1:
        raise Refusal(400, f"not one media type: {text!r}")
    return types[0][0]


def parse_accept(text: str) -> List[MediaType]:
    """The acceptable types, most wanted first; 400 when the field is malformed.

    Strict in two points where clients go wrong: a value with a slash must be quoted, and ``multipart/related``
    must say its type (RFC 2387 3.1).
    """
    wanted = [(media_type, weight) for media_type, weight in _parse(text) if weight > 0]
    for media_type, _ in wanted:
        if media_type.multipart and not media_type.parameter("type"):
            raise Refusal(400, f"multipart/related without its type parameter: {text!r}")
    return [media_type for media_type, _ in sorted(wanted, key=lambda item: -item[1])]


def _parse(text: str) -> List[Tuple[MediaType, float]]:
    types = []
    position = 0
    while position < len(text):
        match = _TYPE.match(text, position)
        if not match:
            raise Refusal(400, f"malformed media type: {text!r}")
        name, position = match[1].lower(), match.end()
        parameters: Dict[str, str] = {}
        while parameter := _PARAMETER.match(text, position):
            value = parameter[2] if parameter[2] is not None else re.sub(r"\\(.)", r"\1", parameter[3])
            parameters[parameter[1].lower()] = value
            position = parameter.end()
        end = _SEPARATOR.match(text, position)
        if not end:
            raise Refusal(400, f"malformed media type: {text!r}")
        position = end.end()
        weight = _weight(parameters.pop("q", "1"))
        types.append((MediaType(name, tuple(parameters.items())), weight))
    return types


def _weight(text: str) -> float:
    if not re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", text):
        raise Refusal(400, f"malformed weight: q={text}")
    return float(text)
