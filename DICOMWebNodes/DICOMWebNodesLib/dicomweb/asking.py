"""How a server of one kind is asked what a query means (PS3.18 section 8.3.4), and what is left to be compared here."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Callable, Iterator, List, Optional, Tuple
from urllib.parse import quote

from .matching_key import SEPARATOR, tags_of, value_representation
from .profile import Profile, Quirk
from .query import Query

# So many UIDs of a list go into one request: servers and proxies take 8 KB of request target, some 4 KB.
UIDS_IN_A_REQUEST = 50
# Characters that a server which decodes nothing finds as they are.
_RAW = re.compile(r"[A-Za-z0-9\-._~*?]")
_WILDCARD = re.compile(r"[*?]")
# The beginning of a name, in the words that fuzzy matching takes: "Smith^J*".
_BEGINNING = re.compile(r"[^*?]*[^*?\s^][\s^]*\*")
_MODALITIES_IN_STUDY = ("00080061",)
_FIRST_DAY, _LAST_DAY = "18500101", "29991231"

Pair = Tuple[str, str]


def alternatives(query: Query, profile: Profile) -> Tuple[Query, ...]:
    """Queries whose results together are those of ``query``, each of which the server understands.

    Only UIDs are matched against lists by every server that keeps to PS3.18 section 8.3.4.1; of other attributes
    each value becomes a query of its own.
    """
    choices: List[List[Pair]] = []
    for attribute, value in query.matching:
        values = value.split(SEPARATOR)
        size = _values_in_a_request(attribute, profile)
        parts = (values[start : start + size] for start in range(0, len(values), size))
        choices.append([(attribute, SEPARATOR.join(part)) for part in parts])
    if all(len(choice) == 1 for choice in choices):
        return (query,)
    return tuple(replace(query, matching=matching) for matching in itertools.product(*choices))


@dataclass(frozen=True)
class Asking:
    """One of the :func:`alternatives` as the server is asked it."""

    query: Query
    profile: Profile

    @cached_property
    def sent(self) -> Tuple[Pair, ...]:
        """The attributes that the server compares, with values that it understands."""
        pairs = ((attribute, self._put(attribute, value)) for attribute, value in self.query.matching)
        return tuple((attribute, value) for attribute, value in pairs if value is not None)

    @property
    def left_out(self) -> Tuple[str, ...]:
        """The attributes that the server is not asked about, because it cannot compare them."""
        sent = dict(self.sent)
        return tuple(attribute for attribute, _ in self.query.matching if attribute not in sent)

    @property
    def compared_here(self) -> Optional[Query]:
        """What of the query has to be compared here, because the server may answer with more; None: nothing."""
        inexact = self.profile.has(Quirk.RAW_QUERY_VALUES) or self.profile.has(Quirk.MATCHING_IGNORED)
        if not self.query.matching or (not inexact and self.sent == self.query.matching):
            return None
        if self.query.fuzzymatching and not self.profile.has(Quirk.FUZZY_IGNORED):
            # what a name resembles only the server knows
            names = (pair for pair in self.query.matching if value_representation(pair[0]) != "PN")
            return replace(self.query, matching=tuple(names))
        return self.query

    def query_string(self, limit: int, offset: int = 0) -> str:
        """The query component of a request for one page, escaped as the server wants it."""
        escape = _raw if self.profile.has(Quirk.RAW_QUERY_VALUES) else _escaped
        return "&".join(f"{name}={value}" for name, value in self._parameters(escape, limit, offset))

    def _parameters(self, escape: Callable[[str], str], limit: int, offset: int) -> Iterator[Pair]:
        for attribute, value in self.sent:
            yield attribute, ",".join(escape(each) for each in value.split(SEPARATOR))
        # One list instead of the parameter again and again: there are servers that read the first one only.
        included = self.query.includefield
        if self.compared_here and "all" not in included:
            included = tuple(dict.fromkeys((*included, *(attribute for attribute, _ in self.query.matching))))
        if included:
            yield "includefield", ",".join(self._field(each) for each in included)
        fuzzy = self.query.fuzzymatching and not self.profile.has(Quirk.FUZZY_IGNORED)
        if fuzzy or self._asks_for_beginnings:
            yield "fuzzymatching", "true"
        yield "limit", str(limit + offset if self._limit_counts_from_the_start else limit)
        if offset:
            yield "offset", str(offset)

    @property
    def _limit_counts_from_the_start(self) -> bool:
        by_modalities = any(tags_of(attribute) == _MODALITIES_IN_STUDY for attribute, _ in self.sent)
        return by_modalities and self.profile.has(Quirk.MODALITIES_LIMIT)

    def _field(self, attribute: str) -> str:
        if attribute == "all" or not self.profile.has(Quirk.INCLUDE_TAGS):
            return attribute
        return ".".join(tags_of(attribute))

    @property
    def _asks_for_beginnings(self) -> bool:
        written = dict(self.query.matching)
        return any(_BEGINNING.fullmatch(written[name]) and value != written[name] for name, value in self.sent)

    def _put(self, attribute: str, value: str) -> Optional[str]:
        """The value as it is sent; None: the server is not asked about this attribute."""
        has, vr = self.profile.has, value_representation(attribute)
        if not self.profile.compares(attribute):
            return None
        if has(Quirk.NO_WILDCARDS) and vr not in ("DA", "TM", "UI") and _WILDCARD.search(value):
            return _beginning(value) if vr == "PN" else None
        if has(Quirk.NO_QUESTION_MARK) and vr != "UI":
            value = value.replace("?", "*")
        if has(Quirk.CLOSED_RANGES) and vr in ("DA", "TM"):
            return _closed(value) if vr == "DA" else None if "-" in value else value
        return value


def _values_in_a_request(attribute: str, profile: Profile) -> int:
    if tags_of(attribute) == _MODALITIES_IN_STUDY and profile.has(Quirk.MODALITIES_COMMA):
        return UIDS_IN_A_REQUEST
    takes_lists = value_representation(attribute) == "UI" and not profile.has(Quirk.ONE_VALUE)
    return UIDS_IN_A_REQUEST if takes_lists else 1


def _beginning(value: str) -> Optional[str]:
    """The words with which a name begins, for fuzzy matching, which finds at least what a wildcard at the end does."""
    return value[:-1].rstrip(" ^").replace("^", " ") if _BEGINNING.fullmatch(value) else None


def _closed(value: str) -> str:
    start, hyphen, end = value.partition("-")
    return f"{start or _FIRST_DAY}-{end or _LAST_DAY}" if hyphen else value


def _escaped(value: str) -> str:
    return quote(value, safe="*")


def _raw(value: str) -> str:
    """With wildcards for what cannot be sent; one that stands for any number of bytes where one character is
    several of them."""
    return "".join(character if _RAW.match(character) else "?" if character.isascii() else "*" for character in value)
