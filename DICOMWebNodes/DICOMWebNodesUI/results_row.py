"""One row of the results: a patient, a study, a series or an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, NamedTuple, Optional, Sequence, Tuple

import qt

from . import table

if TYPE_CHECKING:
    from .results_rows import Rows

ROW = table.DATA  # the key of an item's row in ``Results.rows``
SORT = qt.Qt.UserRole + 2
FILTER = qt.Qt.UserRole + 3
NAME, DATE, MODALITY, DETAILS, SERIES, INSTANCES, HERE, NODE = range(8)
PATIENT, STUDY, SERIES_LEVEL, INSTANCE = "patient", "study", "series", "instance"
CHILD_LEVEL = {STUDY: "series", SERIES_LEVEL: "instances"}
"""What is searched for when a row is opened."""


def _kept(column: str) -> Any:
    """A property whose values are in that column of the rows."""

    def get(row: Row) -> Any:
        return getattr(row._rows, column)[row._at]

    def put(row: Row, value: Any) -> None:
        getattr(row._rows, column)[row._at] = value

    return property(get, put)


class Source(NamedTuple):
    """A node that has a study, and how much of it, as it says itself."""

    node: str  # uid
    name: str
    series: Optional[int]
    instances: Optional[int]


class Row:
    """``resource`` is "study[/series[/instance]]", "" for a patient; ``text`` is what the filter looks at.

    It is made when somebody looks at it, from what ``rows`` keeps, and equals any other of the same ``key``.
    """

    __slots__ = ("_at", "_rows", "key")

    def __init__(self, rows: Rows, key: int) -> None:
        self.key = key
        self._rows = rows
        self._at = key - rows.first

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and (self.key, self._rows) == (other.key, other._rows)

    def __hash__(self) -> int:
        return self.key

    level = _kept("levels")
    node = _kept("nodes")  # uid of the one to import from; "" for a patient
    resource = _kept("resources")
    title = _kept("titles")
    text = _kept("texts")
    instances = _kept("instances")  # how many the server says that there are
    here = _kept("here")  # the mark: in the database, or in part
    is_asked = _kept("asked")  # whether its children were asked for
    is_complete = _kept("complete")  # whether they have all come

    @property
    def is_shown(self) -> bool:
        return self.key in self._rows

    @property
    def item(self) -> Any:
        """Its first cell in the model; None once it is no longer shown."""
        return self.cell(NAME)

    def cell(self, column: int) -> Any:
        return self._rows.cell(self.key, column) if self.is_shown else None

    @property
    def parent(self) -> Optional[Row]:
        above = self._rows.parents[self._at]
        return Row(self._rows, above) if above >= 0 else None

    @property
    def children(self) -> List[Row]:
        return [Row(self._rows, key) for key in self._rows.children[self._at]]

    @property
    def child_count(self) -> int:
        return len(self._rows.children[self._at])

    @property
    def sources(self) -> Tuple[Source, ...]:
        """All nodes that have the study, the chosen one first; of a patient, those that have any of the studies."""
        return tuple(Source(*each) for each in self._rows.sources[self._at])

    @sources.setter
    def sources(self, sources: Sequence[Source]) -> None:
        self._rows.sources[self._at] = tuple(tuple(each) for each in sources)

    @property
    def picture(self) -> Any:
        """A QPixmap, or None."""
        return self._rows.pictures.get(self.key)

    @picture.setter
    def picture(self, picture: Any) -> None:
        self._rows.pictures[self.key] = picture

    @property
    def is_opened_lazily(self) -> bool:
        return self.level in CHILD_LEVEL
