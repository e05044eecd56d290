"""CSV as the spreadsheets of different countries write and read it."""

from __future__ import annotations

import csv
import re
from typing import Callable, List

_DELIMITERS = ",;\t"
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")  # the last four are wide ones, of East Asia


def delimiter_of(header: str, is_title: Callable[[str], bool]) -> str:
    """How the fields of this line are separated; "" when none of them is a title that is looked for."""
    for delimiter in _DELIMITERS:
        if any(is_title(cell) for cell in cells_of(header, delimiter)):
            return delimiter
    return ""


def cells_of(line: str, delimiter: str) -> List[str]:
    return [cell.strip() for cell in next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])]


def no_formula(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a server must not get code to run there.

    Where the decimal point is a comma a spreadsheet parts such a file at semicolons, also within a cell.
    """
    return _FORMULA.sub(r"\1'", cell)
