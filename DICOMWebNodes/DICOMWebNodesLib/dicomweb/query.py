"""What a search asks for (PS3.18 sections 8.3.4 and 10.6.1), as a value."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple
from urllib.parse import quote

from ..errors import InvalidQuery
from .matching_key import SEPARATOR, checked_values, tags_of, value_representation
from .profile import Profile, Quirk
from .resource import Level, Resource

# So many UIDs of a list go into one request: servers and proxies take 8 KB of request target, some 4 KB.
UIDS_IN_A_REQUEST = 50
# Characters that a server which decodes nothing finds as they are.
_RAW = re.compile(r"[A-Za-z0-9\-._~*?]")
_MODALITIES_IN_STUDY = ("00080061",)

Escape = Callable[[str], str]


@dataclass(frozen=True)
class Query:
    """A search for studies, series or instances; valid and normalised from construction on.

    ``matching``: pairs of an attribute (keyword, tag "00100010", or a dotted path through sequences) and its
    value; several values, of which any may match, are separated by a backslash. ``within``: the study or series
    to search in; None: the whole server. ``includefield``: further attributes to return, or "all". ``limit``: how many
    rows are wanted in all; None: every one. ``offset``: how many rows to leave out at the beginning.

    The constructors take attributes as keyword arguments, and dates, numbers and lists as values::

        Query.studies(PatientName="Smith*", StudyDate="2024-01-01-2024-03-31", ModalitiesInStudy=["CT", "MR"])

    Raises :class:`~..errors.InvalidQuery` or :class:`~..errors.InvalidUID`, with ``field`` and the value.
    """

    level: Level
    matching: Tuple[Tuple[str, str], ...] = ()
    within: Optional[Resource] = None
    includefield: Tuple[str, ...] = ()
    fuzzymatching: bool = False
    limit: Optional[int] = None
    offset: int = 0

    def __post_init__(self) -> None:
        pairs = ((attribute, checked_values(attribute, value)) for attribute, value in self.matching)
        object.__setattr__(self, "matching", tuple(pair for pair in pairs if pair[1]))
        included = self.includefield.split(",") if isinstance(self.includefield, str) else self.includefield
        object.__setattr__(self, "includefield", tuple(dict.fromkeys(included)))
        self._check_attributes()
        self._check_place()
        if self.limit is not None:
            _check_count("limit", self.limit, 1)
        _check_count("offset", self.offset, 0)

    @classmethod
    def studies(cls, **filters: Any) -> Query:
        """Studies of the whole server. Besides attributes: includefield, fuzzymatching, limit, offset."""
        return cls._of(Level.STUDY, None, filters)

    @classmethod
    def series(cls, study_instance_uid: str = "", **filters: Any) -> Query:
        """Series of one study, or of the whole server."""
        return cls._of(Level.SERIES, Resource(study_instance_uid) if study_instance_uid else None, filters)

    @classmethod
    def instances(cls, study_instance_uid: str = "", series_instance_uid: str = "", **filters: Any) -> Query:
        """Instances of one series, of one study, or of the whole server."""
        if series_instance_uid and not study_instance_uid:
            raise InvalidQuery(
                f"the series {series_instance_uid} is given without its study",
                field="study_instance_uid",
                next_step="Give the study too, or match on SeriesInstanceUID.",
            )
        within = Resource(study_instance_uid, series_instance_uid) if study_instance_uid else None
        return cls._of(Level.INSTANCE, within, filters)

    @classmethod
    def _of(cls, level: Level, within: Optional[Resource], filters: Dict[str, Any]) -> Query:
        options = {name: filters.pop(name) for name in _OPTIONS if name in filters}
        return cls(level, tuple(filters.items()), within, **options)

    # --- checks -------------------------------------------------------------------------------------------------

    def _check_attributes(self) -> None:
        paths = [tags_of(attribute) for attribute, _ in self.matching]
        for index, path in enumerate(paths):
            if path in paths[:index]:
                attribute = self.matching[index][0]
                raise InvalidQuery(
                    f"{attribute} is asked for twice", field=attribute, next_step="Give several values as a list."
                )
        if self.level is Level.STUDY and tags_of("Modality") in paths:
            raise InvalidQuery(
                "Modality is an attribute of series, not of studies",
                field="Modality",
                next_step="Match on ModalitiesInStudy, or search for series.",
            )
        for attribute in self.includefield:
            if attribute != "all":
                tags_of(attribute)

    def _check_place(self) -> None:
        if self.within is not None and len(self.within.uids) > tuple(Level).index(self.level):
            raise InvalidQuery(
                f"{self.level.value} are not searched for within one of the {self.within.level.value}", field="within"
            )

    # --- how it is asked --------------------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Below the node's URL: "studies/1.2/series"."""
        return f"{self.within.path}/{self.level.value}" if self.within else self.level.value

    def alternatives(self, profile: Profile) -> Tuple[Query, ...]:
        """Queries whose results together are those of this one, each of which the server understands.

        Only UIDs are matched against lists by every server (PS3.18 section 8.3.4.1); of other attributes
        each value becomes a query of its own.
        """
        choices: List[List[Tuple[str, str]]] = []
        for attribute, value in self.matching:
            values = value.split(SEPARATOR)
            size = _values_in_a_request(attribute, profile)
            parts = (values[start : start + size] for start in range(0, len(values), size))
            choices.append([(attribute, SEPARATOR.join(part)) for part in parts])
        if all(len(choice) == 1 for choice in choices):
            return (self,)
        return tuple(replace(self, matching=matching) for matching in itertools.product(*choices))

    def is_filtered_here(self, profile: Profile) -> bool:
        """Whether the server answers with more than matches, because it cannot be asked exactly."""
        inexact = profile.has(Quirk.RAW_QUERY_VALUES) or profile.has(Quirk.MATCHING_IGNORED)
        return inexact and bool(self.matching)

    def to_query_string(self, profile: Profile, limit: int, offset: int = 0) -> str:
        """The query component of a request for one page, escaped as the server wants it."""
        escape = _raw if profile.has(Quirk.RAW_QUERY_VALUES) else _escaped
        return "&".join(f"{name}={value}" for name, value in self._parameters(profile, escape, limit, offset))

    def _parameters(self, profile: Profile, escape: Escape, limit: int, offset: int) -> Iterator[Tuple[str, str]]:
        for attribute, value in self.matching:
            yield attribute, ",".join(escape(each) for each in value.split(SEPARATOR))
        # One list instead of the parameter again and again: there are servers that read the first one only.
        included = self.includefield
        if self.is_filtered_here(profile) and "all" not in included:
            included = tuple(dict.fromkeys((*included, *(attribute for attribute, _ in self.matching))))
        if included:
            yield "includefield", ",".join(included)
        if self.fuzzymatching and not profile.has(Quirk.FUZZY_IGNORED):
            yield "fuzzymatching", "true"
        yield "limit", str(limit)
        if offset:
            yield "offset", str(offset)


_OPTIONS = ("includefield", "fuzzymatching", "limit", "offset")


def _values_in_a_request(attribute: str, profile: Profile) -> int:
    if tags_of(attribute) == _MODALITIES_IN_STUDY and profile.has(Quirk.MODALITIES_COMMA):
        return UIDS_IN_A_REQUEST
    return UIDS_IN_A_REQUEST if value_representation(attribute) == "UI" else 1


def _escaped(value: str) -> str:
    return quote(value, safe="*")


def _raw(value: str) -> str:
    """With wildcards for what cannot be sent; one that stands for any number of bytes where one character is
    several of them."""
    return "".join(character if _RAW.match(character) else "?" if character.isascii() else "*" for character in value)


def _check_count(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidQuery(f"{name} is {value!r}", field=name, next_step=f"Give a whole number from {least} on.")
