"""WADO-RS: frames and other bulk data (PS3.18 10.4.1.1.3 and 8.7.3.3)."""

from __future__ import annotations

from typing import List, Mapping, Sequence, Tuple

import pydicom

from .archive import Instance
from .attributes import find_element
from .frames import (
    COMPRESSED_TYPES,
    DEFAULT_SYNTAXES,
    OCTETS,
    PIXEL_DATA,
    NoDecoder,
    compressed_frames,
    frame_count,
    frame_numbers,
    native_frames,
)
from .messages import Refusal, Request, Response
from .multipart import Part, respond, respond_single
from .negotiation import MediaType, parse_accept

_UNCOMPRESSED = ("", "*", "1.2.840.10008.1.2.1")


def frames(request: Request, instance: Instance, numbers: str) -> Response:
    dataset = instance.read()
    if not frame_count(dataset):
        raise Refusal(404, "this instance has no frames")
    wanted = frame_numbers(numbers, frame_count(dataset))
    headers = [{"Content-Location": f"{instance.url}/frames/{number}"} for number in wanted]
    return _frames(request, dataset, wanted, headers)


def bulkdata(request: Request, instance: Instance, reference: str) -> Response:
    """The value that a ``BulkDataURI`` of the metadata names; compressed pixels frame by frame."""
    dataset = instance.read()
    if reference.upper() == PIXEL_DATA and dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        wanted = range(1, frame_count(dataset) + 1)
        return _frames(request, dataset, wanted, [{} for _ in wanted])
    try:
        value = find_element(dataset, reference).value
    except KeyError:
        raise Refusal(404, f"there is no bulk data {reference!r}") from None
    content = value.encode() if isinstance(value, str) else value
    if not isinstance(content, bytes):
        raise Refusal(404, f"{reference!r} is no bulk data")
    for accepted in parse_accept(request.accept):
        if accepted.covers(OCTETS):
            return _respond(accepted, OCTETS, [Part.of_bytes(OCTETS, content)])
    raise Refusal(406, f"bulk data is given as {OCTETS}, not as {request.accept!r}")


def _frames(
    request: Request, dataset: pydicom.Dataset, wanted: Sequence[int], headers: Sequence[Mapping[str, str]]
) -> Response:
    """The first acceptable form that can be had: uncompressed octets, or the compressed type of what is stored."""
    for accepted in parse_accept(request.accept):
        if not accepted.multipart and accepted.type != "*/*" and len(wanted) > 1:
            continue
        content_type, contents = _contents(dataset, accepted)
        if contents:
            parts = [
                Part.of_bytes(content_type, contents[number - 1], fields) for number, fields in zip(wanted, headers)
            ]
            return _respond(accepted, content_type.partition(";")[0], parts)
    raise Refusal(406, f"the frames cannot be given as {request.accept!r}")


def _contents(dataset: pydicom.Dataset, accepted: MediaType) -> Tuple[str, List[bytes]]:
    """A content type and all frames in it; no frames when they cannot be had so."""
    if accepted.covers(OCTETS) and accepted.transfer_syntax in _UNCOMPRESSED:
        try:
            return OCTETS, native_frames(dataset)
        except NoDecoder:
            pass
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    content_type = COMPRESSED_TYPES.get(syntax, "")
    default = syntax if accepted.type == "*/*" else DEFAULT_SYNTAXES.get(content_type)
    if content_type and accepted.covers(content_type) and (accepted.transfer_syntax or default) in ("*", syntax):
        return f"{content_type}; transfer-syntax={syntax}", compressed_frames(dataset)
    return "", []


def _respond(accepted: MediaType, content_type: str, parts: List[Part]) -> Response:
    if accepted.multipart or accepted.type == "*/*":
        return respond(200, content_type, parts)
    return respond_single(200, parts[0])
