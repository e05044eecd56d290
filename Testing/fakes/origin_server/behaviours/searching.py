"""Search transactions that are not those of PS3.18 10.6."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
from typing import Any, Callable, Dict, FrozenSet, Iterator, List, Mapping, Sequence, Tuple

from pydicom.datadict import tag_for_keyword

from ..dialect import Answer, Behaviour
from ..messages import Request, Response
from .paths import Parameters, body_of, is_search, resource, rows_of, with_body, with_changed, with_parameters

_OPTIONS = ("limit", "offset", "includefield", "fuzzymatching", "accept")


def _changing(change: Callable[[Parameters], Sequence[Tuple[str, str]]]) -> Behaviour:
    """Searches in which the server reads something else than what was written."""

    def behaviour(request: Request, answer: Answer) -> Response:
        return answer(with_changed(request, change) if is_search(request) else request)

    return behaviour


def limit_from(least: int, most: int, default: int, status: int = 400) -> Behaviour:
    """A limit outside of the range is an error, one that is not given is the default."""

    def behaviour(request: Request, answer: Answer) -> Response:
        if not is_search(request):
            return answer(request)
        given = dict(request.parameters).get("limit")
        if given is not None and not (given.isdecimal() and least <= int(given) <= most):
            return Response.of_text(status, f"limit is from {least} to {most}, not {given}")
        return answer(request if given else with_parameters(request, [*request.parameters, ("limit", str(default))]))

    return behaviour


def limit_zero_is_all(request: Request, answer: Answer) -> Response:
    return _changing(lambda pairs: [pair for pair in pairs if pair != ("limit", "0")])(request, answer)


def silent_about_more(request: Request, answer: Answer) -> Response:
    """No Warning tells that there are more results than were given."""
    response = answer(request)
    if not is_search(request):
        return response
    return dataclasses.replace(response, headers={k: v for k, v in response.headers.items() if k != "Warning"})


def no_wildcards(request: Request, answer: Answer) -> Response:
    """Whole values only: ``*`` and ``?`` are characters like others, as is a comma between UIDs."""
    if not is_search(request):
        return answer(request)
    special = [value for name, value in request.parameters if name not in _OPTIONS and re.search(r"[*?,]", value)]
    return Response(204) if special else answer(request)


def no_question_marks(request: Request, answer: Answer) -> Response:
    """``*`` is a wildcard, ``?`` a character like others."""
    if is_search(request) and any("?" in value for name, value in request.parameters if name not in _OPTIONS):
        return Response.of_json(200, [])
    return answer(request)


def closed_ranges_only(request: Request, answer: Answer) -> Response:
    """A range without one of its ends finds nothing."""
    dates = ("StudyDate", "00080020", "PatientBirthDate", "00100030")
    open_range = any(name in dates and re.search(r"^-|-$", value) for name, value in request.parameters)
    return Response.of_json(200, []) if is_search(request) and open_range else answer(request)


def only_attributes(*keywords: str, status: int = 400) -> Behaviour:
    """Matching on any other attribute is an error."""
    known = {*keywords, *(f"{tag_for_keyword(keyword):08X}" for keyword in keywords), *_OPTIONS}

    def behaviour(request: Request, answer: Answer) -> Response:
        unknown = [name for name, _ in request.parameters if name not in known]
        if is_search(request) and unknown:
            return Response.of_text(status, f"{unknown[0]} is not searchable")
        return answer(request)

    return behaviour


def others_ignored(*keywords: str) -> Behaviour:
    """Attributes that the server does not know are passed over: the search answers with more than matches."""
    known = {*keywords, *(f"{tag_for_keyword(keyword):08X}" for keyword in keywords), *_OPTIONS}
    return _changing(lambda pairs: [pair for pair in pairs if pair[0] in known])


def fuzzymatching_ignored(request: Request, answer: Answer) -> Response:
    return _changing(lambda pairs: [pair for pair in pairs if pair[0] != "fuzzymatching"])(request, answer)


def never_decodes(request: Request, answer: Answer) -> Response:
    """Query values are taken as they are written, percent signs and all."""
    if not is_search(request):
        return answer(request)
    path, _, query = request.target.partition("?")
    return answer(dataclasses.replace(request, target=f"{path}?{query.replace('%', '%25')}"))


def modalities_after_the_search(request: Request, answer: Answer) -> Response:
    """ModalitiesInStudy is looked at when everything else has been found: values between commas are alternatives, and
    the limit counts from the first result of all, whatever the offset is."""
    given = dict(request.parameters)
    if not is_search(request) or "ModalitiesInStudy" not in given:
        return answer(request)
    rows: Dict[str, Any] = {}
    for each in given["ModalitiesInStudy"].split(","):
        others = [pair for pair in request.parameters if pair[0] not in ("ModalitiesInStudy", "limit", "offset")]
        for row in rows_of(answer(with_parameters(request, [*others, ("ModalitiesInStudy", each)]))):
            rows.setdefault(json.dumps(row.get("0020000D")), row)
    found = list(rows.values())
    return Response.of_json(200, found[: int(given.get("limit", len(found)))][int(given.get("offset", 0)) :])


def offset_needs_limit(request: Request, answer: Answer) -> Response:
    """An offset without a limit is ignored."""
    return _changing(
        lambda pairs: pairs if "limit" in dict(pairs) else [pair for pair in pairs if pair[0] != "offset"]
    )(request, answer)


def includefield_all_is_an_error(request: Request, answer: Answer) -> Response:
    if is_search(request) and ("includefield", "all") in request.parameters:
        return Response.of_text(500, "IndexError: list assignment index out of range")
    return answer(request)


def first_includefield_only(request: Request, answer: Answer) -> Response:
    """Of a repeated includefield the first one is read."""

    def change(pairs: Parameters) -> List[Tuple[str, str]]:
        fields = [pair for pair in pairs if pair[0] == "includefield"]
        return [pair for pair in pairs if pair[0] != "includefield"] + fields[:1]

    return _changing(change)(request, answer)


def includefield_in_hexadecimal(request: Request, answer: Answer) -> Response:
    """Keywords in includefield are passed over."""

    def change(pairs: Parameters) -> Iterator[Tuple[str, str]]:
        for name, value in pairs:
            tags = [each for each in value.split(",") if re.fullmatch("[0-9A-F]{8}", each)]
            if name != "includefield":
                yield name, value
            elif tags:
                yield name, ",".join(tags)

    return _changing(lambda pairs: list(change(pairs)))(request, answer)


def only_these_by_default(tags: Mapping[str, FrozenSet[str]]) -> Behaviour:
    """Of rows of a level ("studies") these tags are given, and what includefield names."""

    def behaviour(request: Request, answer: Answer) -> Response:
        response = answer(request)
        if not is_search(request) or response.status != 200:
            return response
        level = resource(request).rpartition("/")[2]
        named = [part for name, value in request.parameters if name == "includefield" for part in value.split(",")]
        wanted = tags[level] | {_tag(name) for name in named}
        rows = [{tag: row[tag] for tag in row if tag in wanted} for row in rows_of(response)]
        return with_body(response, json.dumps(rows).encode())

    return behaviour


def _tag(name: str) -> str:
    tag = tag_for_keyword(name)
    return name.upper() if tag is None else f"{tag:08X}"


def arrivals(request: Request, answer: Answer) -> Response:
    """The newest first, and with every page of a search for studies a new one arrives: what follows moves back."""
    given = dict(request.parameters)
    offset, limit = int(given.get("offset", 0)), int(given.get("limit", 0))
    if not (is_search(request) and resource(request) == "/studies" and offset and limit):
        return answer(request)
    moved = str(offset - offset // limit)
    return answer(
        with_changed(request, lambda pairs: [(name, moved if name == "offset" else value) for name, value in pairs])
    )


def answers_with_everything(request: Request, answer: Answer) -> Response:
    """Files that were made beforehand: whatever is asked, all of them, in one page."""
    if not is_search(request):
        return answer(request)
    return answer(with_parameters(request, [("includefield", "all")]))


def plain_json(request: Request, answer: Answer) -> Response:
    """application/json instead of application/dicom+json."""
    response = answer(request)
    if response.content_type != "application/dicom+json":
        return response
    return dataclasses.replace(response, content_type="application/json; charset=utf-8")


def always_gzipped(request: Request, answer: Answer) -> Response:
    """JSON lies there compressed and is sent like that, whatever Accept-Encoding says."""
    response = answer(request)
    if response.status != 200 or "json" not in response.content_type:
        return response
    packed = with_body(response, gzip.compress(body_of(response)))
    return dataclasses.replace(packed, headers={**response.headers, "Content-Encoding": "gzip"})


def counts(request: Request, answer: Answer) -> Response:
    """``/studies/count`` and its like: {"count": 7}."""
    if not request.path.endswith("/count"):
        return answer(request)
    searched = dataclasses.replace(request, target=request.target.replace("/count", "", 1))
    return Response.of_bytes(200, json.dumps({"count": len(rows_of(answer(searched)))}).encode(), "application/json")
