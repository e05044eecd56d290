"""The multipart parser: any bytes in any chunks give the same parts, and no more bytes than came."""

from __future__ import annotations

import random
from typing import Iterable, List, Optional, Tuple

from DICOMWebNodesLib.dicomweb.multipart import MultipartParser
from DICOMWebNodesLib.dicomweb.multipart_events import PartEnded, PartStarted, Payload
from DICOMWebNodesLib.errors import DICOMWebNodesError

_BOUNDARIES = [b"b0undary", b"b0undary", b"other", None]
_AMPLIFIED = 8 * 1024 * 1024


def check(data: bytes, rng: random.Random) -> None:
    boundary = rng.choice(_BOUNDARIES)
    whole = _read([data], boundary)
    assert _read(_cut(data, rng), boundary) == whole
    assert sum(len(payload) for _, payload in whole[0]) <= len(data)
    if rng.randrange(500) == 0 and data:
        _read_amplified(data, boundary)


def _cut(data: bytes, rng: random.Random) -> List[bytes]:
    largest = rng.choice([1, 3, 20, 1000])
    chunks = []
    at = 0
    while at < len(data):
        size = rng.randint(1, largest)
        chunks.append(data[at : at + size])
        at += size
    return chunks


def _read(chunks: Iterable[bytes], boundary: Optional[bytes]) -> Tuple[List[Tuple[List[str], bytes]], int, str]:
    """The parts, how many of them were whole, and the error that ended it."""
    parser = MultipartParser(boundary, max_header_bytes=4096)
    parts: List[Tuple[List[str], bytearray]] = []
    ended = 0
    error = ""
    try:
        for chunk in [*chunks, None]:
            for event in parser.feed(chunk) if chunk is not None else parser.close():
                if isinstance(event, PartStarted):
                    assert ended == len(parts)
                    parts.append((sorted(event.headers), bytearray()))
                elif isinstance(event, Payload):
                    assert ended == len(parts) - 1
                    parts[-1][1].extend(event.data)
                else:
                    assert isinstance(event, PartEnded)
                    ended += 1
                    assert ended == len(parts)
    except DICOMWebNodesError as raised:
        error = f"{type(raised).__name__}: {raised}"
    assert parser.whole_parts == ended
    return [(names, bytes(payload)) for names, payload in parts], ended, error


def _read_amplified(data: bytes, boundary: Optional[bytes]) -> None:
    """The same again and again: memory has to stay as it is."""
    parser = MultipartParser(boundary)
    for _ in range(_AMPLIFIED // len(data) if len(data) > 1000 else 1000):
        for _ in parser.feed(data):
            pass
    parser.close()
