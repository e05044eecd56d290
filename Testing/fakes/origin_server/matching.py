"""Attribute matching (PS3.4 section C.2.2.2) on values in DICOM JSON."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Callable, Iterable, List, Mapping, Optional

from .archive import is_uid
from .messages import Refusal

Matcher = Callable[[Optional[Mapping[str, Any]]], bool]

_WILDCARD_VRS = frozenset(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"))
_NUMBER_VRS = frozenset(("DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV"))
_POINT = {  # one point in time of a key
    "DA": r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])",
    "TM": r"([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?",
    "DT": r"\d{4}((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?)?)?)?",
}


def matcher(name: str, vr: str, key: str, fuzzy: bool) -> Matcher:
    """What decides whether an attribute (None: absent) matches ``key``; 400 for a key that its VR does not allow."""
    if any(unicodedata.category(character) == "Cc" for character in key):
        raise Refusal(400, f"{name}: control characters in {key!r}")
    if key in ("", "*") and (not key or vr in _WILDCARD_VRS):
        return lambda attribute: True  # universal matching
    if vr == "UI":
        return _uid_list(name, key)
    if vr in _POINT:
        return _range(name, vr, key)
    if vr in _NUMBER_VRS:
        return _number(name, key)
    if vr not in _WILDCARD_VRS:
        return lambda attribute: key in _texts(attribute)
    if "\\" in key:
        raise Refusal(400, f"{name}: several values without multiple value matching: {key!r}")
    if vr == "PN":
        return _person_name(key, fuzzy)
    pattern = re.compile(_wildcards(key), re.DOTALL)
    return lambda attribute: any(pattern.fullmatch(text) for text in _texts(attribute))


def _texts(attribute: Optional[Mapping[str, Any]]) -> List[str]:
    values = (attribute or {}).get("Value", ())
    return [str(value) for value in values if value is not None]


def _wildcards(key: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in key)


def _uid_list(name: str, key: str) -> Matcher:
    wanted = key.split(",")
    for uid in wanted:
        if not is_uid(uid):
            raise Refusal(400, f"{name}: not a UID: {uid!r}")
    return lambda attribute: any(text in wanted for text in _texts(attribute))


def _range(name: str, vr: str, key: str) -> Matcher:
    first, hyphen, last = key.partition("-")
    points = [point for point in (first, last) if point]
    if not points or not all(re.fullmatch(_POINT[vr], point) for point in points):
        raise Refusal(400, f"{name}: neither a {vr} nor a range of them: {key!r}")
    if not hyphen:  # components that the key leaves out do not matter: a time of 1015 is in the minute 10:15
        return lambda attribute: any(text.startswith(first) for text in _points(vr, attribute))
    return lambda attribute: any(
        (not first or text >= first) and (not last or text[: len(last)] <= last) for text in _points(vr, attribute)
    )


def _points(vr: str, attribute: Optional[Mapping[str, Any]]) -> List[str]:
    """Stored dates and times, also in the forms of ACR-NEMA: 1997.04.24 and 14:04:38 (PS3.5 table 6.2-1)."""
    return [text.replace({"DA": ".", "TM": ":"}.get(vr, " "), "") for text in _texts(attribute)]


def _number(name: str, key: str) -> Matcher:
    try:
        wanted = float(key)
    except ValueError:
        raise Refusal(400, f"{name}: not a number: {key!r}") from None
    return lambda attribute: any(
        float(value) == wanted for value in (attribute or {}).get("Value", ()) if value is not None
    )


def _person_name(key: str, fuzzy: bool) -> Matcher:
    """Without regard to case, in any of the three component groups; fuzzy: each word of the key starts a component."""
    pattern = re.compile(_wildcards(key.rstrip("^")) + r"\^*", re.DOTALL | re.IGNORECASE)
    words = [_plain(word) for word in re.split(r"[\^ ,]+", key.replace("*", "")) if word]

    def matches(attribute: Optional[Mapping[str, Any]]) -> bool:
        groups = [group for value in (attribute or {}).get("Value", ()) if value for group in value.values()]
        if fuzzy:
            return any(_starts_each(words, re.split(r"[\^ ]+", _plain(group))) for group in groups)
        return any(pattern.fullmatch(group) for group in groups)

    return matches


def _starts_each(words: Iterable[str], components: Iterable[str]) -> bool:
    components = list(components)
    return all(any(component.startswith(word) for component in components) for word in words)


def _plain(text: str) -> str:
    """Without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
