"""Which studies, series and instances a person names: as arguments, or as what a search printed."""

from __future__ import annotations

import csv
import json
from itertools import chain
from typing import Any, Iterable, Iterator, Optional, Sequence

from ..cohort.spreadsheet import cells_of, delimiter_of
from ..dicomweb.resource import Resource
from ..errors import InvalidUID, InvalidValue

_KEYWORDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")


def parse_resource(text: str) -> Resource:
    """From "STUDY[/SERIES[/INSTANCE]]", or an address that holds ``/studies/...``. Raises InvalidValue."""
    text = text.strip()
    return Resource.from_url(text) if "://" in text else Resource.parse(text)


def read_resources(lines: Iterable[str], source: str) -> Iterator[Resource]:
    """From lines in any form that ``search`` prints (table, CSV, JSON), or with one resource each.

    ``source`` names the lines in errors. Raises InvalidValue with the number of the line.
    """
    lines = iter(lines)
    first = _first_with_content(lines)
    if first is None:
        return
    everything = chain([first], lines)
    try:
        if first.lstrip().startswith(("[", "{")):
            yield from _from_json(everything, source)
        elif _delimiter(first):
            yield from _from_csv(everything, source)
        else:
            yield from _from_lines(everything, source)
    except csv.Error as error:
        raise InvalidValue(f"{source} is neither a table, nor CSV, nor JSON: {error}") from error


def _first_with_content(lines: Iterator[str]) -> Optional[str]:
    return next((line.lstrip("\ufeff") for line in lines if line.strip("\ufeff \t\r\n")), None)


# --- JSON ---------------------------------------------------------------------------------------------------


def _from_json(lines: Iterable[str], source: str) -> Iterator[Resource]:
    text = "".join(lines)
    try:
        rows = json.loads(text)
    except RecursionError as error:
        raise InvalidValue(f"{source} is JSON that is nested too deeply") from error
    except ValueError:
        rows = [_json_line(line, number, source) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        if not isinstance(row, dict):
            raise InvalidValue(f"entry {number} of {source} is no JSON object")
        yield _named([_json_uid(row, keyword) for keyword in _KEYWORDS], f"entry {number} of {source}")


def _json_line(line: str, number: int, source: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"line {number} of {source} is not JSON: {error}") from error


def _json_uid(row: Any, keyword: str) -> str:
    value = row.get(keyword, "")
    return value if isinstance(value, str) else ""


# --- CSV ----------------------------------------------------------------------------------------------------


def _delimiter(header: str) -> str:
    """How the fields of this line are separated; "" when it does not name a column of UIDs."""
    return delimiter_of(header, lambda title: title == _KEYWORDS[0])


def _from_csv(lines: Iterable[str], source: str) -> Iterator[Resource]:
    lines = iter(lines)
    header = next(lines)
    delimiter = _delimiter(header)
    titles = cells_of(header, delimiter)
    places = [titles.index(keyword) if keyword in titles else None for keyword in _KEYWORDS]
    reader = csv.reader(lines, delimiter=delimiter)
    for row in reader:
        if any(cell.strip() for cell in row):
            uids = [row[place].strip() if place is not None and place < len(row) else "" for place in places]
            yield _named(uids, f"line {reader.line_num + 1} of {source}")


# --- tables and plain lines -----------------------------------------------------------------------------------


def _from_lines(lines: Iterable[str], source: str) -> Iterator[Resource]:
    """The last word of each line; the title and the rule of a table may come first."""
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#") or _is_rule(words) or (number == 1 and _is_title(words)):
            continue
        try:
            yield parse_resource(words[-1])
        except InvalidValue as error:
            raise InvalidValue(f"line {number} of {source}: {error.cause}", next_step=error.next_step) from error


def _is_rule(words: Sequence[str]) -> bool:
    return all(set(word) == {"-"} for word in words)


def _is_title(words: Sequence[str]) -> bool:
    return words[-2:] == ["Instance", "UID"]


def _named(uids: Sequence[str], place: str) -> Resource:
    given = [bool(uid) for uid in uids]
    if not any(given) or given != sorted(given, reverse=True):
        raise InvalidUID(f"{place} has no {_KEYWORDS[given.index(False)]}")
    try:
        return Resource(*filter(None, uids))
    except InvalidUID as error:
        raise InvalidUID(f"{place}: {error.cause}", next_step=error.next_step) from error
