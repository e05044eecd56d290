"""The table in README.md: what a client does, and how each server lets it be done."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import ContextManager, Dict, Iterable, List, Mapping, Tuple

from DICOMWebNodesLib.auth.template import templates
from DICOMWebNodesLib.dicomweb.profile import profiles
from fakes.origin_server.dialects import DIALECTS

from .bench import Bench, bench, replayed
from .collection import Collection, write_collection
from .operations import OPERATIONS

README = Path(__file__).resolve().parents[2] / "README.md"
REAL_ORTHANC = "● Orthanc"
SIGN_IN = "Usual sign-in"
# The sign-ins that Testing/integration tries on the real software.
REAL_SIGN_INS = frozenset({"keycloak", "basic"})

_BEGIN, _END = "<!-- servers: begin, made by Testing/matrix.py -->", "<!-- servers: end -->"
_SECTION = re.compile(f"{re.escape(_BEGIN)}\n(.*?){re.escape(_END)}", re.DOTALL)
_HEADINGS: Mapping[str, str] = {
    "generic": "Any server",
    "orthanc": "Orthanc",
    "dcm4chee": "dcm4chee",
    "google": "Google Cloud",
    "azure": "Azure",
    "aws-healthimaging": "AWS HealthImaging",
    "healthlake-proxy": "AHI proxy",
    "kaapana": "Kaapana",
    "static-dicomweb": "Static DICOMweb",
}
_LEGEND = """\
✓ is done as it was asked for; other words say how it is done instead. Each cell is a test that fails when it is no
longer true. ● was tried on the real software (Orthanc 1.10 with its DICOMweb plugin, Keycloak 26.4); everything else
on a server that replays what the provider documents or its source does.
"""

# (row, column) -> words; columns are names of profiles, and REAL_ORTHANC
Table = Dict[Tuple[str, str], str]


def columns() -> List[str]:
    return [REAL_ORTHANC, *DIALECTS]


def heading(column: str) -> str:
    return _HEADINGS.get(column, column)


def sign_in(column: str) -> str:
    """The template that the provider's profile suggests; ● where a real provider was signed in to with it."""
    name = profiles()["orthanc" if column == REAL_ORTHANC else column].authentication
    if not name:
        return "none"
    return f"{'● ' * (name in REAL_SIGN_INS)}{templates()[name].title}"


def committed() -> Table:
    """What README.md says."""
    found = _SECTION.search(README.read_text(encoding="utf-8"))
    lines = [] if found is None else [line for line in found.group(1).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    names = {heading(column): column for column in columns()}
    return {
        (row[0], names[title]): cell for row in rows[2:] for title, cell in zip(rows[0][1:], row[1:]) if title in names
    }


def replayed_column(dialect: str, collection: Collection) -> Table:
    """The operations on a server of this dialect, a new one for each."""
    column = {}
    for name, operation in OPERATIONS.items():
        with tempfile.TemporaryDirectory() as folder, replayed(dialect, collection, Path(folder)) as one:
            column[name, dialect] = operation(one)
    return column


def orthanc_column(url: str, collection: Collection) -> Table:
    """The operations on a running Orthanc that holds the collection."""
    column = {}
    for name in OPERATIONS:
        with tempfile.TemporaryDirectory() as folder, real_orthanc(url, collection, Path(folder)) as one:
            column[name, REAL_ORTHANC] = OPERATIONS[name](one)
    return column


def real_orthanc(url: str, collection: Collection, folder: Path) -> ContextManager[Bench]:
    """It has no cap: pages of two rows are asked for instead."""
    return bench(url, "orthanc", collection, folder, page_size=2)


def section(table: Table) -> str:
    """The section as it stands in README.md, with the markers around it."""
    titles = ["", *map(heading, columns())]
    rows = [[name, *(table.get((name, column), "?") for column in columns())] for name in (*OPERATIONS, SIGN_IN)]
    lines = [_line(titles), _line(["---"] * len(titles)), *map(_line, rows)]
    return "\n".join([_BEGIN, *lines, "", _LEGEND + _END])


def write(table: Table) -> None:
    readme = README.read_text(encoding="utf-8")
    README.write_text(_SECTION.sub(lambda _: section(table), readme), encoding="utf-8")


def whole_table(orthanc: Table) -> Table:
    """Everything anew but for the real Orthanc's column, which is given."""
    table = dict(orthanc)
    table.update({(SIGN_IN, column): sign_in(column) for column in columns()})
    with tempfile.TemporaryDirectory() as folder:
        collection = write_collection(Path(folder))
        for dialect in DIALECTS:
            table.update(replayed_column(dialect, collection))
    return table


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
