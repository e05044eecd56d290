"""The worker's protocol: lines of any bytes in pieces of any size are requests or violations, whatever the pieces."""

from __future__ import annotations

import random
from typing import List, Optional

from DICOMWebNodesLib.worker.protocol import Lines, ProtocolViolation, parse_message, parse_request, violation_line

_LIMIT = 4096


def check(data: bytes, rng: random.Random) -> None:
    lines = _lines(data, rng)
    assert lines == _lines(data, rng), "the pieces change the lines"
    for line in lines:
        if line is not None:
            assert len(line) <= _LIMIT
            _read(line)


def _lines(data: bytes, rng: random.Random) -> List[Optional[bytes]]:
    lines, at, found = Lines(_LIMIT), 0, []
    while at < len(data):
        size = rng.choice([1, 7, 100, 5000])
        found.extend(lines.feed(data[at : at + size]))
        at += size
    return found


def _read(line: bytes) -> None:
    try:
        request = parse_request(line)
    except ProtocolViolation as violation:
        parse_message(violation_line(violation))
        return
    assert isinstance(request.method, str)
    assert isinstance(request.params, dict)
