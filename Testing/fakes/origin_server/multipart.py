"""multipart/related bodies (RFC 2046 5.1, RFC 2387), written as a stream and read strictly."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Callable, Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple

from .messages import Refusal, Response

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")


@dataclass(frozen=True)
class Part:
    """``chunks`` opens the content anew each time it is called and gives ``size`` bytes in all."""

    content_type: str
    size: int
    chunks: Callable[[], Iterable[bytes]]
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_bytes(cls, content_type: str, content: bytes, headers: Mapping[str, str] = {}) -> Part:
        return cls(content_type, len(content), lambda: (content,), headers)


def respond(status: int, root_type: str, parts: Sequence[Part], headers: Mapping[str, str] = {}) -> Response:
    """A multipart/related response whose length is known before a byte is read."""
    boundary = uuid.uuid4().hex
    heads = [_head(boundary, part) for part in parts]
    tail = f"\r\n--{boundary}--\r\n".encode()
    length = sum(len(head) + part.size for head, part in zip(heads, parts)) + len(tail)
    content_type = f'multipart/related; type="{root_type}"; boundary={boundary}'

    def body() -> Iterator[bytes]:
        for head, part in zip(heads, parts):
            yield head
            yield from part.chunks()
        yield tail

    return Response(status, body(), length, content_type, headers)


def respond_single(status: int, part: Part, headers: Mapping[str, str] = {}) -> Response:
    return Response(status, part.chunks(), part.size, part.content_type, {**part.headers, **headers})


def _head(boundary: str, part: Part) -> bytes:
    fields = {"Content-Type": part.content_type, "Content-Length": str(part.size), **part.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"\r\n--{boundary}\r\n{lines}\r\n".encode()


def read(body: bytes, boundary: str) -> List[Tuple[Dict[str, str], bytes]]:
    """The parts of a request's body, header names in lower case; 400 for everything that RFC 2046 does not allow."""
    if not _BOUNDARY.fullmatch(boundary):
        raise Refusal(400, f"not a boundary: {boundary!r}")
    delimiter = b"\r\n--" + boundary.encode()
    pieces = (b"\r\n" + body).split(delimiter)[1:]  # without the preamble
    if not pieces:
        raise Refusal(400, "the body has no boundary")
    *parts, epilogue = pieces
    if not epilogue.startswith(b"--"):
        raise Refusal(400, "the body ends before its closing delimiter")
    return [_read_part(part) for part in parts]


def _read_part(part: bytes) -> Tuple[Dict[str, str], bytes]:
    line_end, _, rest = part.partition(b"\r\n")
    if line_end.strip(b" \t"):
        raise Refusal(400, f"a delimiter line goes on with {line_end[:40]!r}")
    head, separator, content = (b"\r\n" + rest).partition(b"\r\n\r\n")
    if not separator:
        raise Refusal(400, "a part has no empty line after its header")
    headers = {}
    for line in head.split(b"\r\n")[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise Refusal(400, f"a malformed part header line: {line[:80]!r}")
        headers[name.strip().lower()] = value.strip()
    return headers, content
