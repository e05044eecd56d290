"""HTTP messages as values: what the services take and give. No sockets here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Iterable, List, Mapping, Optional, Tuple
from urllib.parse import unquote, unquote_to_bytes

# RFC 3986 section 3.4: what a query may hold unencoded. '+' stands for itself there, not for a space.
_QUERY = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*")


class Refusal(Exception):
    """A request that the server answers with an error status; ``reason`` is a sentence for the client's developer."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] = {}) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers


class ConnectionCut(Exception):
    """Raised by the byte stream of a response: the server closes the connection in the middle of the answer."""


class ConnectionReset(ConnectionCut):
    """The same with a reset (RST), as of a process that died."""


@dataclass(frozen=True)
class Request:
    """``target`` is the request target as it was sent, path and query still percent-encoded."""

    method: str
    target: str
    headers: Message = field(default_factory=Message)
    body: bytes = b""

    @property
    def path(self) -> str:
        return unquote(self.target.partition("?")[0], errors="strict")

    @property
    def parameters(self) -> List[Tuple[str, str]]:
        """The query as pairs, in order. 400 for what a URI cannot hold (RFC 3986) and for text that is not UTF-8."""
        query = self.target.partition("?")[2]
        if not _QUERY.fullmatch(query):
            raise Refusal(400, f"the query has characters that must be percent-encoded: {query!r}")
        pairs = [pair.partition("=") for pair in query.split("&") if pair]
        if not all(separator for _, separator, _ in pairs):
            raise Refusal(400, f"the query has a parameter without a value: {query!r}")
        return [(_utf8(name), _utf8(value)) for name, _, value in pairs]

    @property
    def accept(self) -> str:
        """The acceptable media types: the ``accept`` query parameter (PS3.18 8.3.3.1), else the header field."""
        given = [value for name, value in self.parameters if name == "accept"]
        return given[0] if given else ", ".join(self.headers.get_all("Accept", ["*/*"]))


@dataclass(frozen=True)
class Response:
    """``body`` is read once, piece by piece. ``length`` None: not known, the body is sent chunked."""

    status: int
    body: Iterable[bytes] = ()
    length: Optional[int] = 0
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_bytes(cls, status: int, content: bytes, content_type: str, headers: Mapping[str, str] = {}) -> Response:
        return cls(status, (content,), len(content), content_type, headers)

    @classmethod
    def of_text(cls, status: int, text: str, headers: Mapping[str, str] = {}) -> Response:
        return cls.of_bytes(status, text.encode(), "text/plain; charset=utf-8", headers)

    @classmethod
    def of_json(cls, status: int, value: Any, headers: Mapping[str, str] = {}) -> Response:
        return cls.of_bytes(status, json.dumps(value).encode(), "application/dicom+json", headers)


def _utf8(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, f"the query is not UTF-8: {text!r}") from None
