"""WADO-URI: the URI Service (PS3.18 9)."""

from __future__ import annotations

from typing import Dict

from .archive import Archive, Instance
from .encoding import DICOM, check_transfer_syntax, encode
from .frames import frame_count, frame_numbers
from .messages import Refusal, Request, Response
from .multipart import respond_single
from .negotiation import parse_accept
from .rendering import FORMATS, Rendering, render

_IDENTIFIERS = ("studyUID", "seriesUID", "objectUID")
_KNOWN = ("requestType", "contentType", "transferSyntax", "frameNumber", "charset", "anonymize", *_IDENTIFIERS)


def retrieve(archive: Archive, request: Request) -> Response:
    """One instance as ``application/dicom``, or one frame of it as an image, which is the default."""
    parameters = dict(request.parameters)
    if len(parameters) != len(request.parameters):
        raise Refusal(400, "a parameter is given twice")
    if parameters.get("requestType") != "WADO":
        raise Refusal(400, f"requestType is WADO, not {parameters.get('requestType')!r}")
    for name in _IDENTIFIERS:
        if not parameters.get(name):
            raise Refusal(400, f"{name} is missing")
    for name in parameters:
        if name not in _KNOWN:
            raise Refusal(400, f"not a parameter of this service: {name!r}")
    instance = archive.select(*(parameters[name] for name in _IDENTIFIERS))[0]
    for accepted in parse_accept(parameters.get("contentType", "image/jpeg")):
        if accepted.content_type == DICOM:
            return _as_dicom(instance, parameters)
        for content_type in FORMATS:
            if accepted.covers(content_type):
                return _as_image(instance, content_type, parameters)
    raise Refusal(406, f"an instance cannot be given as {parameters['contentType']!r}")


def _as_dicom(instance: Instance, parameters: Dict[str, str]) -> Response:
    if "frameNumber" in parameters:
        raise Refusal(400, f"frameNumber does not go with {DICOM}")
    transfer_syntax = parameters.get("transferSyntax", "")
    check_transfer_syntax(transfer_syntax)
    part = encode(instance, transfer_syntax)
    if part is None:
        raise Refusal(406, f"the instance cannot be given in transfer syntax {transfer_syntax or 'Explicit VR LE'!r}")
    return respond_single(200, part)


def _as_image(instance: Instance, content_type: str, parameters: Dict[str, str]) -> Response:
    if "transferSyntax" in parameters:
        raise Refusal(400, f"transferSyntax goes with {DICOM} only")
    dataset = instance.read()
    number = frame_numbers(parameters.get("frameNumber", "1"), frame_count(dataset))
    if len(number) > 1:
        raise Refusal(400, "frameNumber is one number")
    return Response.of_bytes(200, render(dataset, [number[0] - 1], content_type, Rendering()), content_type)
