"""A success whose content breaks the protocol."""

from __future__ import annotations

from .base import DICOMWebNodesError


class ProtocolError(DICOMWebNodesError):
    code = "protocol"


class NotDICOMweb(ProtocolError):
    code = "not-dicomweb"
    next_step = "Check the path in the node's URL: a DICOMweb service often lives under /dicom-web or /rs."


class MalformedMultipart(ProtocolError):
    code = "malformed-multipart"


class TruncatedMultipart(MalformedMultipart):
    """The body ended before its closing delimiter. ``whole_parts``: how many parts were complete."""

    code = "truncated-multipart"

    def __init__(self, cause: str, *, whole_parts: int, **context: str) -> None:
        super().__init__(cause, **context)
        self.whole_parts = whole_parts


class MalformedJSON(ProtocolError):
    code = "malformed-json"


class MalformedAttribute(MalformedJSON):
    code = "malformed-attribute"


class MalformedInstance(ProtocolError):
    code = "malformed-instance"


class MalformedStoreResponse(ProtocolError):
    code = "malformed-store-response"


class LimitExceeded(ProtocolError):
    code = "limit-exceeded"
