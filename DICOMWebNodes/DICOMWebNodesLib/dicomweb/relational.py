"""Searches across studies and series that a server does not offer, put together from those that it does.

PS3.18 table 10.6.1-1 lets a server leave them out: "all series", "all instances" and "the instances of a study".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Iterator, Tuple

from ..errors import MalformedAttribute
from .dicom_json import Attributes
from .findings import Offer
from .matching_key import tags_of
from .query import Query
from .resource import Level, Resource
from .unusable import unusable

# By the number of UIDs in the path.
_OFFERS = {
    (Level.STUDY, 0): Offer.SEARCH_STUDIES,
    (Level.SERIES, 0): Offer.SEARCH_ALL_SERIES,
    (Level.INSTANCE, 0): Offer.SEARCH_ALL_INSTANCES,
    (Level.SERIES, 1): Offer.SEARCH_SERIES,
    (Level.INSTANCE, 1): Offer.SEARCH_STUDY_INSTANCES,
    (Level.INSTANCE, 2): Offer.SEARCH_INSTANCES,
}
RELATIONAL = frozenset({Offer.SEARCH_ALL_SERIES, Offer.SEARCH_ALL_INSTANCES, Offer.SEARCH_STUDY_INSTANCES})
_LEVELS = tuple(Level)
# PS3.4 tables C.6-1 to C.6-3, of what people search for; everything else is of instances.
_OF_STUDIES = frozenset(
    [
        "00080020",
        "00080030",
        "00080050",
        "00080061",
        "00080090",
        "00081030",
        "0020000D",
        "00200010",
        "00201206",
        "00201208",
    ]
)
_OF_SERIES = frozenset(
    [
        "00080021",
        "00080031",
        "00080060",
        "00080070",
        "00080080",
        "00081010",
        "0008103E",
        "00081090",
        "00180015",
        "00181030",
        "0020000E",
        "00200011",
        "00200060",
        "00201209",
        "00400244",
        "00400245",
        "00400275",
    ]
)


def offer_of(query: Query) -> Offer:
    """Which of the searches it is."""
    return _OFFERS[query.level, len(query.within.uids) if query.within else 0]


def put_together(
    query: Query, search: Callable[[Query], Iterator[Attributes]], warn: Callable[[str], None]
) -> Iterator[Attributes]:
    """The results of ``query``, which ``search`` is only asked for within one study or one series at a time.

    A row has the attributes of the levels above it, as the rows of a server that offers such a search have.
    ``limit`` and ``offset`` of the query are not looked at. ``warn`` is told of what nobody can search within.
    """
    if offer_of(query) not in RELATIONAL:
        yield from search(replace(query, limit=None, offset=0))
        return
    parents = _parents(query)
    for parent in put_together(parents, search, warn):
        try:
            within = _within(query, parent)
        except MalformedAttribute as error:
            warn(unusable(parents.level, error))
            continue
        for row in search(within):
            yield Attributes({**parent.raw, **row.raw})


def _parents(query: Query) -> Query:
    """The query for what the results are in: with what can be matched there already."""
    level = _LEVELS[_LEVELS.index(query.level) - 1]
    return Query(
        level,
        tuple(pair for pair in query.matching if _level_of(pair[0]) != query.level),
        query.within,
        tuple(field for field in query.includefield if field == "all" or _level_of(field) != query.level),
        query.fuzzymatching,
    )


def _within(query: Query, parent: Attributes) -> Query:
    within = query.within.uids if query.within else ()
    uids: Tuple[str, ...] = (parent.study_instance_uid,) if not within else within[:1]
    if query.level is Level.INSTANCE:
        uids = (*uids, parent.series_instance_uid)
    return Query(
        query.level,
        tuple(pair for pair in query.matching if _level_of(pair[0]) == query.level),
        Resource(*uids),
        tuple(field for field in query.includefield if field == "all" or _level_of(field) == query.level),
    )


def _level_of(attribute: str) -> Level:
    tag = tags_of(attribute)[0]
    if tag in _OF_STUDIES or tag.startswith("0010"):
        return Level.STUDY
    return Level.SERIES if tag in _OF_SERIES else Level.INSTANCE
