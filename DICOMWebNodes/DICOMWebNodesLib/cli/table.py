"""Rows for people: columns that line up in a terminal, also with accents and Asian names."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass
from typing import Iterable, Iterator, List, Sequence, Tuple

from .console import printable

Row = Sequence[str]

_SAMPLE = 100  # rows that are looked at before the first one is printed
_GAP = "  "
_NARROWEST = 8  # to less a column does not shrink for a narrow terminal: what is left would tell nothing


@dataclass(frozen=True)
class Column:
    """``widest``: longer texts are cut, 0: never. ``right``: for numbers."""

    title: str
    widest: int = 0
    right: bool = False


def table(columns: Sequence[Column], rows: Iterable[Row], terminal_columns: int = 0) -> Iterator[str]:
    """The lines of a table, as the rows come: the first hundred decide how wide the columns are.

    Columns that may be cut shrink, the widest first and never below their titles, to fit into ``terminal_columns``.
    """
    rows = iter(rows)
    sample = [[printable(cell) for cell in row] for row in itertools.islice(rows, _SAMPLE)]
    widths = _widths(columns, sample, terminal_columns)
    yield _line(columns, widths, [column.title for column in columns])
    yield _GAP.join("-" * width for width in widths)
    for row in itertools.chain(sample, rows):
        yield _line(columns, widths, [printable(cell) for cell in row])


def _widths(columns: Sequence[Column], sample: Sequence[Row], terminal_columns: int) -> List[int]:
    widths = []
    for index, column in enumerate(columns):
        width = max([_width(column.title), *(_width(row[index]) for row in sample)])
        widths.append(min(width, max(column.widest, _width(column.title))) if column.widest else width)
    surplus = sum(widths) + len(_GAP) * (len(widths) - 1) - terminal_columns if terminal_columns else 0
    shrinkable = [index for index, column in enumerate(columns) if column.widest]
    while surplus > 0:
        shrinkable = [index for index in shrinkable if widths[index] > max(_NARROWEST, _width(columns[index].title))]
        if not shrinkable:
            break
        widths[max(shrinkable, key=lambda index: widths[index])] -= 1
        surplus -= 1
    return widths


def _line(columns: Sequence[Column], widths: Sequence[int], cells: Row) -> str:
    padded = (_padded(cell, width, column) for cell, width, column in zip(cells, widths, columns))
    return _GAP.join(padded).rstrip()


def _padded(cell: str, width: int, column: Column) -> str:
    if column.widest and _width(cell) > width:
        cell = _cut(cell, width - 1) + "…"
    space = " " * (width - _width(cell))
    return space + cell if column.right else cell + space


def _cut(text: str, width: int) -> str:
    taken: List[str] = []
    for character, end in zip(text, itertools.accumulate(_width(character) for character in text)):
        if end > width:
            break
        taken.append(character)
    return "".join(taken)


def _width(text: str) -> int:
    """Columns that a text takes in a terminal (Unicode Standard Annex 11)."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def counted(number: int, singular: str, plural: str = "") -> str:
    """ "1 study", "2 studies"."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def in_bytes(size: float) -> str:
    """ "812 bytes", "4.2 MB"; a kilobyte has 1000 bytes."""
    units: Tuple[str, ...] = ("kB", "MB", "GB", "TB")
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in units:
        size /= 1000
        if size < 999.5 or unit == units[-1]:
            break
    return f"{size:.3g} {unit}" if size < 99.5 else f"{size:.0f} {unit}"
