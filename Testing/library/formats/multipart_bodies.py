"""Bodies for the tests of the multipart parser, and its events put together to whole parts."""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple, Type

from DICOMWebNodesLib.dicomweb.multipart import MultipartParser
from DICOMWebNodesLib.dicomweb.multipart_events import PartEnded, PartEvent, PartStarted, Payload
from DICOMWebNodesLib.errors import DICOMWebNodesError

BOUNDARY = b"b0undary"


class Part(NamedTuple):
    headers: Dict[str, str]
    payload: bytes


class Reading(NamedTuple):
    """What a body gives: the parts that came to their end, what came of a last one, and how it ended."""

    parts: List[Part]
    unfinished: Optional[bytes] = None
    error: Optional[Type[DICOMWebNodesError]] = None


def write(parts: Sequence[Tuple[bytes, bytes]], boundary: bytes = BOUNDARY, line_end: bytes = b"\r\n") -> bytes:
    """A body in the form of RFC 2046, from pairs of header lines and payload."""
    opened = [b"--" + boundary + line_end + head + line_end + payload + line_end for head, payload in parts]
    return b"".join(opened) + b"--" + boundary + b"--" + line_end


def cut(body: bytes, sizes: Iterable[int]) -> List[bytes]:
    """Chunks of the given sizes; what remains is the last one."""
    chunks = []
    at = 0
    for size in sizes:
        chunks.append(body[at : at + size])
        at += size
    return [*chunks, body[at:]]


def read(chunks: Iterable[bytes], boundary: Optional[bytes] = BOUNDARY, **limits: int) -> Reading:
    """Parse, and check the grammar of the events on the way."""
    parser = MultipartParser(boundary, **limits)
    parts: List[Part] = []
    current: Optional[Part] = None

    def take(events: Iterable[PartEvent]) -> None:
        nonlocal current
        for event in events:
            if isinstance(event, PartStarted):
                assert current is None
                current = Part(dict(event.headers), b"")
            elif isinstance(event, Payload):
                assert current is not None
                assert len(event.data) > 0
                current = Part(current.headers, current.payload + bytes(event.data))
            else:
                assert isinstance(event, PartEnded)
                assert current is not None
                parts.append(current)
                current = None

    error = None
    try:
        for chunk in chunks:
            take(parser.feed(chunk))
        take(parser.close())
    except DICOMWebNodesError as raised:
        error = type(raised)
    assert parser.whole_parts == len(parts)
    return Reading(parts, None if current is None else current.payload, error)


def payloads(*chunks: bytes, boundary: Optional[bytes] = BOUNDARY) -> List[bytes]:
    """The payloads of a body that must be read without an error."""
    reading = read(chunks, boundary)
    assert reading.error is None
    assert reading.unfinished is None
    return [part.payload for part in reading.parts]
