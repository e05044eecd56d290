"""A cohort's file: rows with their line numbers, all of them valid before the first one is retrieved."""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Callable, Dict, Iterable, Iterator, List, Sequence, Tuple

from ..errors import DICOMWebNodesError, InvalidValue, StoreUnavailable
from .row import FIELDS, CohortRow
from .spreadsheet import cells_of, delimiter_of

_SHORT = {
    "studyuid": "study_instance_uid",
    "seriesuid": "series_instance_uid",
    "instanceuid": "sop_instance_uid",
    "accession": "accession_number",
}
_COLUMNS: Dict[str, str] = {**{name.replace("_", ""): name for name in FIELDS}, **_SHORT}
_MOST_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """A row with the ``number`` of its (last) line and all of its cells."""

    number: int
    row: CohortRow
    cells: Tuple[str, ...]


class CohortFile:
    """A CSV file with titles in its first line; any capitals, spaces and underlines in them, any further columns.

    Separated by comma, semicolon or tab. Raises InvalidValue, StoreUnavailable when it is opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        with self._lines() as (titles, _):
            self.titles = titles

    def lines(self) -> Iterator[Line]:
        """Raises InvalidValue at the first row that is wrong."""
        for number, cells in self.cells():
            yield Line(number, self.row(number, cells), tuple(cells))

    def cells(self) -> Iterator[Tuple[int, List[str]]]:
        """The lines that are not empty, unchecked, with their numbers."""
        with self._lines() as (_, lines):
            yield from lines

    def row(self, number: int, cells: Sequence[str]) -> CohortRow:
        """Raises InvalidValue, naming the line."""
        values = {_field(title): cell.strip() for title, cell in zip(self.titles, cells) if _field(title)}
        try:
            return CohortRow(**values)
        except InvalidValue as error:
            cause = f"line {number} of {self.path}: {error.cause}"
            raise InvalidValue(cause, field=error.field, next_step=error.next_step) from error

    def check(self, check_node: Callable[[str], object]) -> int:
        """The number of rows. ``check_node`` raises for a node that is not there. Raises InvalidValue, naming the
        first ten wrong lines."""
        count, wrong = 0, []
        known: Dict[str, str] = {}
        for number, cells in self.cells():
            count += 1
            try:
                row = self.row(number, cells)
                if row.node not in known:
                    known[row.node] = _problem(check_node, row.node)
                if known[row.node]:
                    raise InvalidValue(f"line {number} of {self.path}: {known[row.node]}", field="node")
            except InvalidValue as error:
                wrong.append(error)
                if len(wrong) > _MOST_SHOWN:
                    break
        _refuse(wrong)
        return count

    @contextmanager
    def _lines(self) -> Iterator[Tuple[List[str], Iterator[Tuple[int, List[str]]]]]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                header = next((line for line in file if line.strip()), "")
                delimiter = delimiter_of(header, lambda title: bool(_field(title)))
                if not delimiter:
                    raise InvalidValue(
                        f"the first line of {self.path} has no title of a known column",
                        next_step=f"Name the columns there; known are {', '.join(FIELDS)}.",
                    )
                titles = cells_of(header, delimiter)
                _check_titles(titles, self.path)
                yield titles, _numbered(chain([header], file), delimiter)
        except OSError as error:
            raise StoreUnavailable(
                f"cannot read {self.path}: {error.strerror}", next_step="Check the path and the rights on it."
            ) from error
        except UnicodeDecodeError as error:
            raise StoreUnavailable(
                f"cannot read {self.path}: it is not UTF-8 text", next_step="In a spreadsheet save it as CSV UTF-8."
            ) from error
        except csv.Error as error:
            raise InvalidValue(f"{self.path} is not CSV: {error}") from error


def _numbered(lines: Iterable[str], delimiter: str) -> Iterator[Tuple[int, List[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    next(reader)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _field(title: str) -> str:
    """The field that a column of this title fills; "" for any other column."""
    return _COLUMNS.get(re.sub(r"[\s_.-]", "", title).lower(), "")


def _check_titles(titles: Sequence[str], path: Path) -> None:
    known = [field for field in map(_field, titles) if field]
    for field in known:
        if known.count(field) > 1:
            raise InvalidValue(f"{path} has two columns {field}", field=field, next_step="Rename one of them.")


def _problem(check_node: Callable[[str], object], node: str) -> str:
    try:
        check_node(node)
    except DICOMWebNodesError as error:
        return error.cause
    return ""


def _refuse(wrong: Sequence[InvalidValue]) -> None:
    if wrong:
        causes = [error.cause for error in wrong[:_MOST_SHOWN]]
        more = "; and more" if len(wrong) > _MOST_SHOWN else ""
        raise InvalidValue("; ".join(causes) + more, field=wrong[0].field, next_step=wrong[0].next_step)
