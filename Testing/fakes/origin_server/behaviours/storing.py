"""Store transactions that are not those of PS3.18 10.5."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List

from ..attributes import to_xml
from ..dialect import Answer, Behaviour
from ..messages import Refusal, Request, Response
from ..multipart import read
from ..negotiation import parse_accept, parse_media_type
from .paths import body_of, is_store, with_body

_STORED, _FAILED, _REASON, _UID = "00081199", "00081198", "00081197", "00081155"


class DuplicatesFail:
    """An instance that was stored before, here or by anybody else, is a failure with this reason; 409 if all are."""

    def __init__(self, code: int) -> None:
        self._code = code
        self._known: set[str] = set()

    def __call__(self, request: Request, answer: Answer) -> Response:
        response = answer(request)
        if not is_store(request) or response.status >= 400:
            return response
        account: Dict[str, Any] = json.loads(body_of(response))
        fresh: List[Any] = []
        failed: List[Any] = account.get(_FAILED, {}).get("Value", [])
        for item in account.get(_STORED, {}).get("Value", []):
            uid = item[_UID]["Value"][0]
            if uid in self._known:
                failed.append({**item, _REASON: {"vr": "US", "Value": [self._code]}})
            else:
                fresh.append(item)
                self._known.add(uid)
        for tag, items in ((_STORED, fresh), (_FAILED, failed)):
            account.pop(tag, None)
            if items:
                account[tag] = {"vr": "SQ", "Value": items}
        status = 200 if not failed else 202 if fresh else 409
        return with_body(dataclasses.replace(response, status=status), json.dumps(account).encode())


def answers_json_only(request: Request, answer: Answer) -> Response:
    if is_store(request) and not any(
        accepted.type in ("application/dicom+json", "*/*") for accepted in parse_accept(request.accept)
    ):
        return Response.of_text(406, "the account of a store is given as application/dicom+json")
    return answer(request)


def account_as(content_type: str, *, xml: bool = False) -> Behaviour:
    """The account of a store in this form, whatever Accept says; ``content_type`` "": none is told."""

    def behaviour(request: Request, answer: Answer) -> Response:
        response = answer(request)
        if not is_store(request) or "json" not in response.content_type:
            return response
        content = body_of(response)
        return with_body(response, to_xml(json.loads(content)) if xml else content, content_type=content_type)

    return behaviour


def empty_success(request: Request, answer: Answer) -> Response:
    """200 without a word, whatever became of the instances; what the server behind refused is a server error."""
    response = answer(request)
    if not is_store(request):
        return response
    return Response(200) if response.status < 400 else Response.of_text(500, "Internal Server Error")


def series_named_in_the_query(parameter: str) -> Behaviour:
    """The query says which series come and of which studies they are, as JSON; without it the server fails."""

    def behaviour(request: Request, answer: Answer) -> Response:
        if not is_store(request):
            return answer(request)
        try:
            named = json.loads(dict(request.parameters)[parameter])
            assert all(isinstance(each["study_instance_uid"], str) for each in named.values())
        except (KeyError, ValueError, TypeError, AttributeError, AssertionError):
            return Response.of_text(500, "Internal Server Error")
        others = request.target.partition("?")[0]
        return answer(dataclasses.replace(request, target=others))

    return behaviour


def refusals_without_a_type(request: Request, answer: Answer) -> Response:
    """400 and 409 hold the account, but no Content-Type says so."""
    response = answer(request)
    if is_store(request) and response.status in (400, 409):
        return dataclasses.replace(response, content_type="")
    return response


def some_is_a_bad_request(request: Request, answer: Answer) -> Response:
    """400 where PS3.18 says 202: the good ones are stored all the same."""
    response = answer(request)
    return dataclasses.replace(response, status=400) if is_store(request) and response.status == 202 else response


def transfer_syntax_of_a_part_loses_it(request: Request, answer: Answer) -> Response:
    """A part whose Content-Type has a transfer-syntax is dropped: 200, an account of nothing, nothing stored."""
    if not is_store(request):
        return answer(request)
    try:
        boundary = parse_media_type(request.headers.get("Content-Type", "")).parameter("boundary")
        parts = read(request.body, boundary)
    except Refusal:
        return answer(request)
    if any("transfer-syntax" in headers.get("content-type", "") for headers, _ in parts):
        return Response.of_json(200, {_STORED: {"vr": "SQ"}, _FAILED: {"vr": "SQ"}})
    return answer(request)
