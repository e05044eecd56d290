"""What a search asks for (PS3.18 sections 8.3.4 and 10.6.1), as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

from ..errors import InvalidQuery
from ..text import Text
from .matching_key import checked_values, tags_of
from .names import MANY
from .resource import Level, Resource


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
                Text(
                    "the series {uid} is given without its study",
                    uid=series_instance_uid,
                ),
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
                    Text("{attribute} is asked for twice", attribute=attribute),
                    field=attribute,
                    next_step="Give several values as a list.",
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
                Text(
                    "{level} are not searched for within one of the {within}",
                    level=MANY[self.level],
                    within=MANY[self.within.level],
                ),
                field="within",
            )

    @property
    def path(self) -> str:
        """Below the node's URL: "studies/1.2/series"."""
        return f"{self.within.path}/{self.level.value}" if self.within else self.level.value


_OPTIONS = ("includefield", "fuzzymatching", "limit", "offset")


def _check_count(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidQuery(
            Text("{name} is {value!r}", name=name, value=value),
            field=name,
            next_step=Text("Give a whole number from {least} on.", least=least),
        )
