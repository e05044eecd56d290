"""What goes wrong within a multipart body; see :mod:`.faults`."""

from __future__ import annotations

import dataclasses
import random
import re
from typing import List

from .faulty import body_of, with_body
from .origin_server import Response

_DELIMITER = re.compile(rb"\r\n--[0-9a-f]{32}\r\n")


def _parts(body: bytes) -> List[bytes]:
    """Head and content of each part, and the closing delimiter as the last."""
    starts = [found.start() for found in _DELIMITER.finditer(body)]
    end = body.rindex(b"\r\n--")
    return [body[start:stop] for start, stop in zip(starts, [*starts[1:], end])] + [body[end:]]


def no_closing_delimiter(rng: random.Random, response: Response) -> Response:
    return with_body(response, b"".join(_parts(body_of(response))[:-1]))


def another_boundary(rng: random.Random, response: Response) -> Response:
    return dataclasses.replace(response, content_type=re.sub("boundary=.*", "boundary=other", response.content_type))


def wrong_part_length(rng: random.Random, response: Response) -> Response:
    length = rng.choice([0, 1, 700, rng.randrange(10**5), 10**6, 10**15])
    return with_body(response, re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % length, body_of(response)))


def no_part_length(rng: random.Random, response: Response) -> Response:
    return with_body(response, re.sub(rb"Content-Length: \d+\r\n", b"", body_of(response)))


def repeated_part(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(body_of(response))
    return with_body(response, b"".join([*parts, rng.choice(parts), end]))


def missing_part(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(body_of(response))
    parts.pop(rng.randrange(len(parts)))
    return with_body(response, b"".join([*parts, end]))


def partial_content(rng: random.Random, response: Response) -> Response:
    return dataclasses.replace(missing_part(rng, response), status=206)


def shuffled(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(body_of(response))
    rng.shuffle(parts)
    return with_body(response, b"".join([*parts, end]))


def cut_part(rng: random.Random, response: Response) -> Response:
    """A part that ends at a random byte, with a proper delimiter behind it: the server could not read on."""
    *parts, end = _parts(body_of(response))
    index = rng.randrange(len(parts))
    head = parts[index].index(b"\r\n\r\n") + 4
    parts[index] = parts[index][: rng.choice([head + rng.randrange(100), rng.randrange(head, len(parts[index]))])]
    return with_body(response, b"".join([*parts, end]))


def cut_part_without_length(rng: random.Random, response: Response) -> Response:
    """A part that ends in its pixel data, which only its own structure tells."""
    *parts, end = _parts(body_of(response))
    index = rng.randrange(len(parts))
    pixel_data = parts[index].index(b"\xe0\x7f\x10\x00") + 12
    parts[index] = parts[index][: rng.randrange(pixel_data, len(parts[index]))]
    return no_part_length(rng, with_body(response, b"".join([*parts, end])))


def foreign_part(rng: random.Random, response: Response) -> Response:
    """Another instance in the place of one: its data set's UID differs."""
    *parts, end = _parts(body_of(response))
    index = rng.randrange(len(parts))
    parts[index] = parts[index].replace(b"1.2.826.0.1.99.", b"1.2.826.0.1.66.")
    return with_body(response, b"".join([*parts, end]))


def foreign_parts_too(rng: random.Random, response: Response) -> Response:
    """Among the parts some of another study."""
    *parts, end = _parts(body_of(response))
    for part in rng.choices(parts, k=3):
        parts.insert(rng.randrange(len(parts) + 1), part.replace(b"1.2.826.0.1.99.", b"1.2.826.0.1.66."))
    return with_body(response, b"".join([*parts, end]))


def another_of_the_series(rng: random.Random, response: Response) -> Response:
    """In the place of one instance another of the same series, consistent in itself, that no list has."""
    *parts, end = _parts(body_of(response))
    index = rng.randrange(len(parts))
    parts[index] = re.sub(rb"(\x08\x00\x18\x00UI..1\.2\.)826", rb"\g<1>628", parts[index], flags=re.DOTALL)
    return with_body(response, b"".join([*parts, end]))


def large_part_head(rng: random.Random, response: Response) -> Response:
    """A megabyte of header fields in one part."""
    *parts, end = _parts(body_of(response))
    index = rng.randrange(len(parts))
    head = parts[index].index(b"\r\n", 2) + 2
    parts[index] = parts[index][:head] + b"X-Large: " + b"x" * (1 << 20) + b"\r\n" + parts[index][head:]
    return with_body(response, b"".join([*parts, end]))


def thousand_parts(rng: random.Random, response: Response) -> Response:
    """Among the parts a thousand that hold nothing."""
    *parts, end = _parts(body_of(response))
    delimiter = parts[0][: parts[0].index(b"\r\n", 2) + 2]
    parts.insert(rng.randrange(len(parts) + 1), (delimiter + b"Content-Type: application/dicom\r\n\r\n") * 1000)
    return with_body(response, b"".join([*parts, end]))


def empty_multipart(rng: random.Random, response: Response) -> Response:
    return with_body(response, _parts(body_of(response))[-1])


def html_in_a_part(rng: random.Random, response: Response) -> Response:
    *parts, end = _parts(body_of(response))
    index = rng.randrange(len(parts))
    head = parts[index].index(b"\r\n\r\n") + 4
    parts[index] = parts[index][:head] + b"<html>error</html>" * 20
    return with_body(response, b"".join([*parts, end]))
