"""Retrieve transactions that are not those of PS3.18 10.4."""

from __future__ import annotations

import dataclasses
import re
from email.message import Message
from typing import List, Sequence, Tuple

from ..dialect import Answer, Behaviour
from ..messages import Refusal, Request, Response
from ..negotiation import parse_accept
from .paths import RETRIEVES, body_of, is_retrieve, resource, with_body

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_INSTANCE = RETRIEVES[2]


def accept_refused(*refused: str, status: int, resources: Sequence[str] = RETRIEVES) -> Behaviour:
    """``refused``: forms of Accept that are an error, of "multipart", "single" and "single bare"."""

    def behaviour(request: Request, answer: Answer) -> Response:
        if request.method == "GET" and resource(request) in resources and _form(request) in refused:
            return Response.of_text(status, f"not acceptable: {request.accept}")
        return answer(request)

    return behaviour


def _form(request: Request) -> str:
    try:
        accepted = parse_accept(request.accept)
    except Refusal:
        return ""
    first = accepted[0] if accepted else None
    if first is None or first.type == "*/*":
        return ""
    if first.multipart:
        return "multipart"
    return "single" if first.transfer_syntax else "single bare"


def accept_ignored(request: Request, answer: Answer) -> Response:
    """Whatever is asked for, instances come as they are, in a multipart."""
    if not is_retrieve(request):
        return answer(request)
    headers = Message()
    for name, value in request.headers.items():
        if name.lower() != "accept":
            headers[name] = value
    headers["Accept"] = 'multipart/related; type="application/dicom"; transfer-syntax=*'
    return answer(dataclasses.replace(request, headers=headers))


def list_of_types_refused(request: Request, answer: Answer) -> Response:
    """More than one media type in the Accept of a rendered resource is an error."""
    if request.path.endswith("/rendered") and "," in request.accept:
        return Response.of_text(400, "one media type only")
    return answer(request)


def plain_accept_of_metadata(request: Request, answer: Answer) -> Response:
    """Metadata wants ``application/dicom+json`` and not a word more."""
    if request.path.endswith("/metadata") and request.accept != "application/dicom+json":
        return Response.of_text(406, "not acceptable")
    return answer(request)


def study_is_answered_by_a_search(request: Request, answer: Answer) -> Response:
    """``GET /studies/{uid}`` gives the row of a search for that study, as a success."""
    if request.method != "GET" or resource(request) != "/studies/*":
        return answer(request)
    path, uid = request.path.rsplit("/", 1)
    headers = Message()
    headers["Accept"] = "application/dicom+json"
    return answer(dataclasses.replace(request, target=f"{path}?StudyInstanceUID={uid}", headers=headers))


def in_order_of_completion(request: Request, answer: Answer) -> Response:
    """The parts come as they are ready: here the last one first. No line end is before the first delimiter."""
    response = answer(request)
    if not is_retrieve(request) or response.status != 200 or "multipart" not in response.content_type:
        return response
    dashes = b"--" + _boundary_of(response).encode()
    *parts, _ = body_of(response).split(b"\r\n" + dashes)[1:]
    body = b"".join(dashes + part + b"\r\n" for part in reversed(parts)) + dashes + b"--"
    return with_body(response, body)


def boundary_of_another_answer(request: Request, answer: Answer) -> Response:
    """The header was taken from another answer than the body: its boundary stands nowhere."""
    response = answer(request)
    if not is_retrieve(request) or "multipart" not in response.content_type:
        return response
    return dataclasses.replace(response, content_type=_BOUNDARY.sub("boundary=KOIN", response.content_type))


def no_boundary_in_the_header(request: Request, answer: Answer) -> Response:
    response = answer(request)
    if not is_retrieve(request) or "multipart" not in response.content_type:
        return response
    return dataclasses.replace(response, content_type="multipart/related")


def one_answer_after_another(request: Request, answer: Answer) -> Response:
    """A study is the answers for its series one behind the other, each with its closing delimiter."""
    response = answer(request)
    if resource(request) != "/studies/*" or request.method != "GET" or response.status != 200:
        return response
    content, dashes = body_of(response), b"--" + _boundary_of(response).encode()
    by_series: List[Tuple[bytes, List[bytes]]] = []
    for part in content.split(b"\r\n" + dashes)[1:-1]:
        series = re.search(rb"/series/([0-9.]+)/", part)
        uid = series.group(1) if series else b""
        if not by_series or by_series[-1][0] != uid:
            by_series.append((uid, []))
        by_series[-1][1].append(part)
    body = b"".join(
        b"".join(b"\r\n" + dashes + part for part in parts) + b"\r\n" + dashes + b"--" for _, parts in by_series
    )
    return with_body(response, body)


def no_longer_accessible(*uids: str) -> Behaviour:
    """These instances are known, but gone: 410 by themselves, and 206 with a Warning for what they are part of."""

    def behaviour(request: Request, answer: Answer) -> Response:
        if not is_retrieve(request):
            return answer(request)
        if request.path.endswith(uids):
            return Response.of_text(410, '{"errorMessage":"No longer accessible."}')
        response = answer(request)
        dashes = b"--" + _boundary_of(response).encode()
        first, *parts, closing = body_of(response).split(b"\r\n" + dashes)
        kept = [part for part in parts if not any(f"/instances/{uid}\r\n".encode() in part for uid in uids)]
        if len(kept) == len(parts):
            return with_body(response, (b"\r\n" + dashes).join([first, *parts, closing]))
        warning = {"Warning": f'299 archive "{len(parts) - len(kept)} objects no longer accessible."'}
        body = (b"\r\n" + dashes).join([first, *kept, closing])
        return with_body(response, body, status=206, headers={**response.headers, **warning})

    return behaviour


def syntax_that_is_not_there_is_a_server_error(request: Request, answer: Answer) -> Response:
    response = answer(request)
    if is_retrieve(request) and response.status == 406 and "transfer-syntax=" in request.accept:
        return Response.of_text(500, "cannot transcode")
    return response


def _boundary_of(response: Response) -> str:
    found = _BOUNDARY.search(response.content_type)
    return found.group(1) if found else ""
