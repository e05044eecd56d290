"""Whether a search result matches a query (PS3.4 section C.2.2.2), for servers that cannot be asked exactly."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Callable, Iterator, List, Mapping, Optional, Sequence, Tuple

from .matching_key import NUMBERS, SEPARATOR, tags_of, value_representation
from .query import Query

# Tells whether one value, as text, is what was asked for.
Test = Callable[[str], bool]


class Matching:
    """The attributes of a query as one test of a result in DICOM JSON (PS3.18 annex F).

    Text matches without regard to case, as servers do for names and Orthanc for everything. An attribute that is
    not in the result, or that DICOM JSON does not write like that, is taken to match: the server knew its value.
    """

    def __init__(self, query: Query) -> None:
        self._tests: List[Tuple[Sequence[str], Test]] = [
            (tags_of(attribute), _test_for(value_representation(attribute), value))
            for attribute, value in query.matching
        ]

    def __call__(self, result: Mapping[str, Any]) -> bool:
        return all(_passes(result, tags, test) for tags, test in self._tests)


def _passes(result: Mapping[str, Any], tags: Sequence[str], test: Test) -> bool:
    values = _values(result, tags)
    return values is None or any(test(value) for value in values or [""])


def _values(result: Any, tags: Sequence[str]) -> Optional[List[str]]:
    """The values of one attribute, or of it in every item of the sequences above; None: it is not there."""
    element = result.get(tags[0]) if isinstance(result, dict) else None
    if not isinstance(element, dict):
        return None
    values = element.get("Value") or []
    if not isinstance(values, list):
        return None
    if len(tags) == 1:
        return [text for value in values for text in _texts(value)]
    found = [_values(item, tags[1:]) for item in values]
    present = [texts for texts in found if texts is not None]
    return [text for texts in present for text in texts] if present or not found else None


def _texts(value: Any) -> Iterator[str]:
    """A value as text: a person name in each of its writings."""
    if isinstance(value, dict):
        groups = [str(group) for group in value.values() if group]
        yield from groups
        yield "=".join(groups)
    elif value is not None:
        yield str(value)


def _test_for(vr: str, value: str) -> Test:
    make = _TESTS.get(vr, _wildcards)
    tests = [make(each) for each in value.split(SEPARATOR)]
    return tests[0] if len(tests) == 1 else lambda found: any(test(found) for test in tests)


def _wildcards(pattern: str) -> Test:
    """Single value and wildcard matching (PS3.4 sections C.2.2.2.1 and C.2.2.2.4)."""
    literal = re.escape(re.sub(r"\*+", "*", _comparable(pattern)))
    expression = re.compile(literal.replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE | re.DOTALL)
    return lambda found: expression.fullmatch(_comparable(found)) is not None


def _comparable(text: str) -> str:
    """Without what carries no meaning: padding, the empty components at the end of a name."""
    return unicodedata.normalize("NFC", text).rstrip(" ^").lstrip()


def _uid(wanted: str) -> Test:
    return lambda found: found.strip("\0 ") == wanted


def _number(wanted: str) -> Test:
    return lambda found: _float(found) == float(wanted)


def _float(text: str) -> Optional[float]:
    try:
        return float(text)
    except ValueError:
        return None


def _span(wanted: str) -> Test:
    """A date, a time or a range of them (PS3.4 section C.2.2.2.5), whose ends belong to it as far as they are given."""
    start, hyphen, end = wanted.partition("-")
    if not hyphen:
        end = start
    return lambda found: _within(re.sub(r"[^0-9]", "", found), _digits(start), _digits(end))


def _digits(text: str) -> str:
    return text.replace(".", "")


def _within(found: str, start: str, end: str) -> bool:
    if not found:
        return False
    return found.ljust(len(start), "0") >= start and found[: len(end)] <= end


_TESTS: Mapping[str, Callable[[str], Test]] = {
    "UI": _uid,
    "DA": _span,
    "TM": _span,
    "DT": lambda wanted: lambda found: True,  # compared across time zones by the server only
    **dict.fromkeys(NUMBERS, _number),
}
