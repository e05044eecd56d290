"""One row of the results: a patient, a study, a series or an instance."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

import qt

from . import table

ROW = table.DATA  # the key of an item's row in ``Results.rows``
SORT = qt.Qt.UserRole + 2
FILTER = qt.Qt.UserRole + 3
NAME, DATE, MODALITY, DESCRIPTION, SERIES, INSTANCES, HERE, NODE = range(8)
PATIENT, STUDY, SERIES_LEVEL, INSTANCE = "patient", "study", "series", "instance"
CHILD_LEVEL = {STUDY: "series", SERIES_LEVEL: "instances"}
"""What is searched for when a row is opened."""


class Source(NamedTuple):
    """A node that has a study, and how much of it, as it says itself."""

    node: str  # uid
    name: str
    series: Optional[int]
    instances: Optional[int]


class Row:
    """``resource`` is "study[/series[/instance]]", "" for a patient; ``text`` is what the filter looks at.

    There may be very many: it has few fields, of its cells only the first, and no reference to the row above it.
    """

    __slots__ = (
        *("children", "here", "instances", "is_asked", "is_complete", "item", "level"),
        *("node", "parent", "picture", "resource", "sources", "text", "title"),
    )

    def __init__(self, level: str, node: str, resource: str, title: str, text: str, instances: Optional[int]) -> None:
        self.level = level
        self.node = node  # uid of the one to import from; "" for a patient
        self.resource = resource
        self.title = title
        self.text = text
        self.instances = instances  # how many the server says that there are
        self.item: Any = None  # None once it is no longer shown
        self.picture: Any = None  # QPixmap
        self.parent = -1  # key of the row above
        self.children: Any = ()  # a list once there are any: most rows have none
        # All nodes that have the study, the chosen one first; of a patient, those that have any of the studies.
        self.sources: Tuple[Source, ...] = ()
        self.here = ""  # the mark: in the database, or in part
        self.is_asked = False  # whether its children were asked for
        self.is_complete = False  # whether they have all come

    def cell(self, column: int) -> Any:
        """Any item of the row, once it is in the model."""
        parent, row = self.item.parent(), self.item.row()
        return parent.child(row, column) if parent is not None else self.item.model().item(row, column)

    @property
    def is_opened_lazily(self) -> bool:
        return self.level in CHILD_LEVEL


def studies_of(rows: Sequence[Row]) -> List[Row]:
    """The rows, with its studies in the place of each patient."""
    return [each for row in rows for each in (row.children if row.level == PATIENT else [row])]
