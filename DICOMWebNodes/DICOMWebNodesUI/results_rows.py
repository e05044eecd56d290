"""All rows of the results, kept as texts and numbers."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Tuple

from .results_row import NAME, ROW, STUDY, Row

_GONE = ""  # the level of a row that is no longer shown


class Rows:
    """By their keys, which count from ``first``; a row has a higher key than the one above it.

    In columns, and of nothing but texts, numbers and tuples of them: what a row consists of is no object that Python's
    garbage collector goes through. Ten thousand results were eighty thousand of those, enough for it to go through all
    that the application has, which holds the window for longer than a search may. For the same reason no item of the
    model is kept: a row knows its position.
    """

    def __init__(self, model: Any, first: int) -> None:
        self.first = first
        self.levels: List[str] = []
        self.nodes: List[str] = []
        self.resources: List[str] = []
        self.titles: List[str] = []
        self.texts: List[str] = []
        self.instances: List[Optional[int]] = []
        self.parents: List[int] = []  # keys; -1 at the top
        self.positions: List[int] = []  # among the children of the same parent
        self.children: List[Tuple[int, ...]] = []  # keys
        self.sources: List[Tuple[Tuple[Any, ...], ...]] = []
        self.here: List[str] = []
        self.asked: List[bool] = []
        self.complete: List[bool] = []
        self.pictures: Dict[int, Any] = {}
        self._model = model
        self._top = 0

    @property
    def next(self) -> int:
        """The key that the next row gets."""
        return self.first + len(self.levels)

    def add(
        self, parent: Optional[int], level: str, node: str, resource: str, title: str, text: str, instances: Any
    ) -> Row:
        """``parent``: key of the row above; without one it is at the top."""
        key = self.next
        if parent is None:
            self.positions.append(self._top)
            self._top += 1
        else:
            at = parent - self.first
            self.positions.append(len(self.children[at]))
            self.children[at] = (*self.children[at], key)
        self.parents.append(-1 if parent is None else parent)
        self.levels.append(level)
        self.nodes.append(node)
        self.resources.append(resource)
        self.titles.append(title)
        self.texts.append(text)
        self.instances.append(instances)
        self.children.append(())
        self.sources.append(())
        self.here.append("")
        self.asked.append(False)
        self.complete.append(False)
        return Row(self, key)

    def remove_children(self, key: int) -> None:
        """What is below a row, down to the last."""
        children, self.children[key - self.first] = self.children[key - self.first], ()
        for child in children:
            self.remove_children(child)
            self.levels[child - self.first] = _GONE

    def forget(self) -> None:
        """None of them is shown any longer."""
        self.levels = [_GONE] * len(self.levels)
        self.pictures = {}

    def __contains__(self, key: object) -> bool:
        """Whether it is the key of a row that is shown."""
        return isinstance(key, int) and 0 <= key - self.first < len(self.levels) and bool(self.levels[key - self.first])

    def get(self, key: Any) -> Optional[Row]:
        return Row(self, key) if key in self else None

    def __getitem__(self, key: int) -> Row:
        if key not in self:
            raise KeyError(key)
        return Row(self, key)

    def keys(self) -> Iterator[int]:
        return (key for key in range(self.first, self.next) if key in self)

    def values(self) -> Iterator[Row]:
        return (Row(self, key) for key in self.keys())

    def cell(self, key: int, column: int) -> Any:
        """An item of a row that is in the model."""
        parent, position = self.parents[key - self.first], self.positions[key - self.first]
        if parent < 0:
            return self._model.item(position, column)
        above = self.cell(parent, NAME)
        if self.levels[key - self.first] != STUDY and above.child(0, NAME).data(ROW) is None:
            position += 1  # below what stands there until all have come
        return above.child(position, column)
