"""WADO-RS: instances and metadata (the Retrieve Transaction, PS3.18 10.4)."""

from __future__ import annotations

from typing import List, Optional, Sequence

from .archive import Instance
from .attributes import to_xml
from .encoding import DICOM, check_transfer_syntax, encode
from .messages import Refusal, Request, Response
from .multipart import Part, respond, respond_single
from .negotiation import MediaType, parse_accept

_JSON = "application/dicom+json"
_XML = "application/dicom+xml"


def instances(request: Request, selected: Sequence[Instance], single: bool) -> Response:
    """Study, series and instance resources: each instance in the first acceptable transfer syntax that can be had.

    206 when some cannot be given in any of them, 406 when none can. A single part is for one instance only.
    """
    accepted = [
        one for one in parse_accept(request.accept) if one.covers(DICOM) and (one.multipart or _is_single(one, single))
    ]
    for one in accepted:
        check_transfer_syntax(one.transfer_syntax)
    for multipart in dict.fromkeys(_is_multipart(one) for one in accepted):
        syntaxes = [one.transfer_syntax for one in accepted if _is_multipart(one) == multipart]
        encoded = [_first_possible(instance, syntaxes) for instance in selected]
        parts = [part for part in encoded if part]
        if parts and not multipart:
            return respond_single(200, parts[0])
        if parts:
            return _several(parts, len(selected))
    raise Refusal(406, f"the instances cannot be given as {request.accept!r}")


def _is_single(accepted: MediaType, single: bool) -> bool:
    return single or accepted.type == "*/*"


def _is_multipart(accepted: MediaType) -> bool:
    """Anything at all is answered with the multipart form, which every resource has."""
    return accepted.multipart or accepted.type == "*/*"


def _first_possible(instance: Instance, transfer_syntaxes: Sequence[str]) -> Optional[Part]:
    return next(filter(None, (encode(instance, syntax) for syntax in transfer_syntaxes)), None)


def _several(parts: List[Part], wanted: int) -> Response:
    if len(parts) == wanted:
        return respond(200, DICOM, parts)
    warning = f'299 - "{wanted - len(parts)} of {wanted} instances are not available in an acceptable transfer syntax"'
    return respond(206, DICOM, parts, {"Warning": warning})


def metadata(request: Request, selected: Sequence[Instance]) -> Response:
    for accepted in parse_accept(request.accept):
        if accepted.covers(_JSON) and not accepted.multipart:
            return Response.of_json(200, [instance.attributes for instance in selected])
        if accepted.covers(_XML) and accepted.multipart:
            return respond(200, _XML, [Part.of_bytes(_XML, to_xml(instance.attributes)) for instance in selected])
    raise Refusal(406, f"metadata is given as {_JSON} or multipart {_XML}")
