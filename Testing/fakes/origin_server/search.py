"""QIDO-RS: the Search Transaction (PS3.18 10.6 and 8.3.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from pydicom.datadict import dictionary_VR, tag_for_keyword

from .archive import Archive, Instance, is_uid
from .attributes import SPECIFIC_CHARACTER_SET, Attributes, to_xml
from .dialect import Dialect
from .levels import RETURNED, Level, level_of
from .matching import Matcher, matcher
from .messages import Refusal, Request, Response
from .multipart import Part, respond
from .negotiation import parse_accept

_OPTIONS_NOT_SUPPORTED = {
    "emptyvaluematching": "Empty Value Matching has not been performed.",
    "multiplevaluematching": "Multiple Value Matching has not been performed.",
}
_JSON = "application/dicom+json"
_XML = "application/dicom+xml"


@dataclass
class _Search:
    """A parsed query. A path of tags leads into sequences; its first tag decides the level."""

    matchers: Dict[Tuple[str, ...], Matcher] = field(default_factory=dict)
    included: Set[str] = field(default_factory=set)
    include_all: bool = False
    limit: Optional[int] = None
    offset: int = 0
    warnings: List[str] = field(default_factory=list)

    def matches(self, attributes: Attributes) -> bool:
        return all(_matches(attributes, path, matcher) for path, matcher in self.matchers.items())


def search(archive: Archive, dialect: Dialect, request: Request, level: Level, study: str, series: str) -> Response:
    """Answer one search: rows in the order of the archive, paged as 8.3.4.4.1 says."""
    for uid in (study, series):
        if uid and not is_uid(uid):
            raise Refusal(400, f"not a UID: {uid!r}")
    query = _parse(request.parameters, level)
    # The levels above the searched one that the path does not fix are part of the rows.
    levels = [one for one in Level if len([uid for uid in (study, series) if uid]) < one <= level]
    matches = [row for row in _rows(archive, level, study, series) if query.matches(row)]
    count = min(size for size in (len(matches), query.limit, dialect.max_results) if size is not None)
    rows = matches[query.offset : query.offset + count]
    remaining = len(matches) - query.offset - len(rows)
    if rows and remaining:
        query.warnings.append(f"There are {remaining} additional results that can be requested")
    headers = (
        {"Warning": ", ".join(f'299 {archive.url}: "{text}"' for text in query.warnings)} if query.warnings else {}
    )
    return _respond(request, dialect, [_returned(row, query, levels, level) for row in rows], headers)


def _respond(request: Request, dialect: Dialect, rows: Sequence[Attributes], headers: Mapping[str, str]) -> Response:
    for accepted in parse_accept(request.accept):
        if accepted.covers(_JSON) and not accepted.multipart:
            if not rows and dialect.empty_search_status == 204:
                return Response(204, headers=headers)
            return Response.of_json(200, rows, headers)
        if accepted.covers(_XML) and accepted.multipart:
            if not rows:
                return Response(204, headers=headers)
            return respond(200, _XML, [Part.of_bytes(_XML, to_xml(row)) for row in rows], headers)
    raise Refusal(406, f"searches are answered in {_JSON} or multipart {_XML}")


# --- the query ----------------------------------------------------------------------------------------------


def _parse(parameters: Sequence[Tuple[str, str]], level: Level) -> _Search:
    """400 for everything that 8.3.4 does not allow."""
    query = _Search()
    given = [name for name, _ in parameters if name != "includefield"]
    if len(given) != len(set(given)):
        raise Refusal(400, f"a parameter is given twice: {', '.join(sorted(given))}")
    options = dict(parameters)
    fuzzy = _boolean(options, "fuzzymatching")
    query.limit = _unsigned(options, "limit")
    query.offset = _unsigned(options, "offset") or 0
    for name, effect in _OPTIONS_NOT_SUPPORTED.items():
        if _boolean(options, name):
            query.warnings.append(f"The {name} parameter is not supported. {effect}")
    for name, value in parameters:
        if name == "includefield":
            _include(query, value)
        elif name not in ("accept", "fuzzymatching", "limit", "offset", *_OPTIONS_NOT_SUPPORTED):
            path = tuple(_tag(part) for part in name.split("."))
            if level_of(path[0]) > level:
                raise Refusal(400, f"{name} is no attribute of {level.path} or of a level above")
            query.matchers[path] = matcher(name, dictionary_VR(int(path[-1], 16)), value, fuzzy)
    if query.include_all and query.included:
        raise Refusal(400, "includefield=all together with others")
    return query


def _include(query: _Search, value: str) -> None:
    if value == "all":
        query.include_all = True
    else:
        query.included.update(_tag(name.split(".")[0]) for name in value.split(","))


def _tag(text: str) -> str:
    """Eight hexadecimal digits or a keyword of PS3.6, as the former."""
    tag = int(text, 16) if re.fullmatch(r"[0-9A-Fa-f]{8}", text) else tag_for_keyword(text)
    try:
        if tag is not None and dictionary_VR(tag):
            return f"{tag:08X}"
    except KeyError:
        pass
    raise Refusal(400, f"neither a parameter of searches nor an attribute: {text!r}")


def _boolean(options: Mapping[str, str], name: str) -> bool:
    value = options.get(name, "false")
    if value not in ("true", "false"):
        raise Refusal(400, f"{name} is true or false, not {value!r}")
    return value == "true"


def _unsigned(options: Mapping[str, str], name: str) -> Optional[int]:
    value = options.get(name)
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]+", value, re.ASCII):
        raise Refusal(400, f"{name} is an unsigned integer, not {value!r}")
    return int(value)


# --- the rows -----------------------------------------------------------------------------------------------


def _rows(archive: Archive, level: Level, study: str, series: str) -> Iterator[Attributes]:
    """Everything that is known at the level, below the resource of the path."""
    for study_uid, held in archive.by_series().items():
        if study in ("", study_uid):
            of_study = _of_study(archive, study_uid, list(held.values()))
            if level == Level.STUDIES:
                yield {**next(iter(held.values()))[0].attributes, **of_study}
            else:
                yield from _rows_of_study(archive, level, study_uid, held, of_study, series)


def _rows_of_study(
    archive: Archive,
    level: Level,
    study: str,
    held: Mapping[str, Sequence[Instance]],
    of_study: Attributes,
    series: str,
) -> Iterator[Attributes]:
    for series_uid, instances in held.items():
        if series in ("", series_uid):
            of_series = {
                **of_study,
                **_common(f"{archive.url}/studies/{study}/series/{series_uid}"),
                "00201209": {"vr": "IS", "Value": [len(instances)]},
            }
            if level == Level.SERIES:
                yield {**instances[0].attributes, **of_series}
            else:
                yield from ({**one.attributes, **of_series, **_common(one.url)} for one in instances)


def _of_study(archive: Archive, study: str, held: Sequence[Sequence[Instance]]) -> Attributes:
    modalities = {value for series in held for value in series[0].attributes.get("00080060", {}).get("Value", ())}
    return {
        **_common(f"{archive.url}/studies/{study}"),
        "00080061": {"vr": "CS", "Value": sorted(modalities)} if modalities else {"vr": "CS"},
        "00201206": {"vr": "IS", "Value": [len(held)]},
        "00201208": {"vr": "IS", "Value": [sum(len(series) for series in held)]},
    }


def _common(url: str) -> Attributes:
    return {
        "00080056": {"vr": "CS", "Value": ["ONLINE"]},
        "00081190": {"vr": "UR", "Value": [url]},
    }


def _returned(row: Attributes, query: _Search, levels: Sequence[Level], level: Level) -> Attributes:
    """What 10.6.3.3 lists for the levels, what was matched, and what was asked for; never of a level below."""
    tags = {SPECIFIC_CHARACTER_SET}.union(*(RETURNED[one] for one in levels))
    tags.update(path[0] for path in query.matchers)
    tags.update(tag for tag in (row if query.include_all else query.included) if level_of(tag) <= level)
    tags -= set() if SPECIFIC_CHARACTER_SET in row else {SPECIFIC_CHARACTER_SET}
    return {tag: row.get(tag, {"vr": dictionary_VR(int(tag, 16))}) for tag in sorted(tags)}


def _matches(attributes: Mapping[str, Any], path: Sequence[str], matcher: Matcher) -> bool:
    first, *rest = path
    if not rest:
        return matcher(attributes.get(first))
    return any(_matches(item, rest, matcher) for item in attributes.get(first, {}).get("Value", ()))
