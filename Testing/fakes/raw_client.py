"""HTTP without any help: sends the target and the header fields as they are, so that a server's strictness shows."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any, Dict, List, Mapping, Optional
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get_content_type()

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def parts(self) -> Dict[str, bytes]:
        """The parts of a multipart body by their Content-Location, as the standard library reads them."""
        return {part["Content-Location"]: part.get_payload(decode=True) for part in self._messages()}

    def _messages(self) -> List[Any]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        return list(message_from_bytes(head + self.content).get_payload())


def ask(
    url: str,
    accept: str = "",
    method: str = "GET",
    headers: Mapping[str, str] = {},
    body: Optional[bytes] = None,
    announce_length: bool = True,
) -> Answer:
    """One request on a connection of its own; ``url`` may hold what a URI must not."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection._validate_path = lambda path: None  # what the server must refuse has to get there
    try:
        connection.putrequest(method, url[url.index(parts.netloc) + len(parts.netloc) :], skip_accept_encoding=True)
        for name, value in {**({"Accept": accept} if accept else {}), **headers}.items():
            connection.putheader(name, value)
        if body is not None and announce_length:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()
