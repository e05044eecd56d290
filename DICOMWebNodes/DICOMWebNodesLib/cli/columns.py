"""What a search shows of each study, series or instance: as a table, as CSV, as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from ..cohort.spreadsheet import no_formula
from ..dicomweb.identity import MergedAttributes
from ..dicomweb.resource import Level, Resource
from ..errors import MalformedAttribute
from .console import printable
from .table import Column, table

if TYPE_CHECKING:
    from ..dicomweb.dicom_json import Attributes

Warn = Callable[[str], None]
UNREADABLE = "?"
NODES = "Nodes"
_INTEGER = re.compile(r"-?[0-9]{1,12}")  # an IS of PS3.5 section 6.2
_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")

# Keywords in the order of CSV and JSON, before the UIDs.
FIELDS: Dict[Level, Tuple[str, ...]] = {
    Level.STUDY: (
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "PatientSex",
        "StudyDate",
        "StudyTime",
        "AccessionNumber",
        "StudyID",
        "ModalitiesInStudy",
        "StudyDescription",
        "ReferringPhysicianName",
        "NumberOfStudyRelatedSeries",
        "NumberOfStudyRelatedInstances",
    ),
    Level.SERIES: (
        "Modality",
        "SeriesNumber",
        "SeriesDescription",
        "BodyPartExamined",
        "NumberOfSeriesRelatedInstances",
    ),
    Level.INSTANCE: ("InstanceNumber", "SOPClassUID", "Rows", "Columns", "NumberOfFrames"),
}
# Not among what a server returns unasked (PS3.18 section 10.6.3.3), or by one that counts only when it has to.
ASKED_FOR: Dict[Level, Tuple[str, ...]] = {
    Level.STUDY: ("StudyDescription", "NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances"),
    Level.SERIES: ("SeriesDescription", "BodyPartExamined", "NumberOfSeriesRelatedInstances"),
    Level.INSTANCE: (),
}
_COLUMNS: Dict[str, Column] = {
    "PatientName": Column("Patient", 32),
    "PatientID": Column("ID", 20),
    "StudyDate": Column("Date"),
    "AccessionNumber": Column("Accession", 16),
    "ModalitiesInStudy": Column("Modality", 14),
    "StudyDescription": Column("Description", 36),
    "NumberOfStudyRelatedSeries": Column("Series", right=True),
    "NumberOfStudyRelatedInstances": Column("Instances", right=True),
    "SeriesNumber": Column("No.", right=True),
    "Modality": Column("Modality", 10),
    "SeriesDescription": Column("Description", 48),
    "BodyPartExamined": Column("Body part", 16),
    "NumberOfSeriesRelatedInstances": Column("Instances", right=True),
    "InstanceNumber": Column("No.", right=True),
    "SOPClassUID": Column("SOP class"),
    "Rows": Column("Rows", right=True),
    "Columns": Column("Columns", right=True),
    "NumberOfFrames": Column("Frames", right=True),
}
_TITLES = {
    Level.STUDY: "Study Instance UID",
    Level.SERIES: "Study/Series Instance UID",
    Level.INSTANCE: "Study/Series/SOP Instance UID",
}


@dataclass(frozen=True)
class Layout:
    """The fields of one level. ``more``: keywords that were asked for in addition; ``within``: where was searched;
    ``with_nodes``: rows are MergedAttributes, and it is shown which nodes have them."""

    level: Level
    more: Tuple[str, ...] = ()
    within: Optional[Resource] = None
    with_nodes: bool = False

    @property
    def keywords(self) -> Tuple[str, ...]:
        return tuple(dict.fromkeys((*FIELDS[self.level], *self.more)))

    def as_table(self, rows: Iterable[Attributes], warn: Warn, terminal_columns: int) -> Iterator[str]:
        """Lines that ``retrieve -`` understands: the last word of each names the resource."""
        shown = tuple(keyword for keyword in self.keywords if keyword in _COLUMNS or keyword in self.more)
        nodes = [Column(NODES, 24)] if self.with_nodes else []
        columns = [*(_COLUMNS.get(keyword, Column(keyword, 24)) for keyword in shown), *nodes]
        columns.append(Column(_TITLES[self.level]))
        cells = (
            [*(_for_people(row, keyword, warn) for keyword in shown), *self._nodes(row, ", "), self._path(row, warn)]
            for row in rows
        )
        return table(columns, cells, terminal_columns)

    def as_csv(self, rows: Iterable[Attributes], warn: Warn) -> Iterator[str]:
        """Lines with their ends. Several values of one attribute are separated by a backslash, as in DICOM."""
        line = io.StringIO()
        writer = csv.writer(line, lineterminator="\n")
        for cells in self._csv_rows(rows, warn):
            line.seek(0)
            line.truncate()
            writer.writerow(cells)
            yield line.getvalue()

    def as_json(self, rows: Iterable[Attributes], warn: Warn) -> Iterator[str]:
        """An array in lines, one object a line, so that a reader can start before the last page is here."""
        before = "[\n"
        for row in rows:
            values = {keyword: _value(row, keyword, warn) for keyword in self.keywords}
            nodes = {NODES: list(row.nodes)} if isinstance(row, MergedAttributes) else {}
            yield before + json.dumps({**values, **nodes, **self._uids(row, warn)})
            before = ",\n"
        yield "[]\n" if before == "[\n" else "\n]\n"

    def _csv_rows(self, rows: Iterable[Attributes], warn: Warn) -> Iterator[Sequence[str]]:
        yield (*self.keywords, *([NODES] if self.with_nodes else ()), *_UIDS[: self._depth])
        for row in rows:
            cells = ["\\".join(_texts(row, keyword, warn)) for keyword in self.keywords]
            cells += self._nodes(row, "\\")
            yield [*map(no_formula, cells), *self._uids(row, warn).values()]

    @staticmethod
    def _nodes(row: Attributes, separator: str) -> List[str]:
        return [separator.join(row.nodes)] if isinstance(row, MergedAttributes) else []

    def _path(self, row: Attributes, warn: Warn) -> str:
        return "/".join(self._uids(row, warn).values())

    def _uids(self, row: Attributes, warn: Warn) -> Dict[str, str]:
        """The UIDs that name the row; those of the place that was searched need not be in the answer."""
        known = self.within.uids if self.within else ()
        uids: Dict[str, str] = {}
        for index, keyword in enumerate(_UIDS[: self._depth]):
            fallback = known[index] if index < len(known) else ""
            try:
                uids[keyword] = _UID_OF[index](row)
            except MalformedAttribute as error:
                uids[keyword] = fallback or UNREADABLE
                if not fallback:
                    warn(str(error))
        return uids

    @property
    def _depth(self) -> int:
        return tuple(Level).index(self.level) + 1


_UID_OF: Tuple[Callable[[Attributes], str], ...] = (
    lambda row: row.study_instance_uid,
    lambda row: row.series_instance_uid,
    lambda row: row.sop_instance_uid,
)


def _texts(row: Attributes, keyword: str, warn: Warn) -> List[str]:
    """The values as text; a malformed one neither hides the row nor ends the search."""
    try:
        return [printable(text) for text in row.texts(keyword)]
    except MalformedAttribute as error:
        warn(str(error))
        return [UNREADABLE]


def _for_people(row: Attributes, keyword: str, warn: Warn) -> str:
    text = ", ".join(_texts(row, keyword, warn))
    if keyword.endswith("Date") and len(text) == 8 and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text


def _value(row: Attributes, keyword: str, warn: Warn) -> Any:
    texts = _texts(row, keyword, warn)
    if keyword == "ModalitiesInStudy" or len(texts) > 1:
        return texts
    text = texts[0] if texts else ""
    is_count = keyword.startswith("NumberOf") or keyword in ("Rows", "Columns", "SeriesNumber", "InstanceNumber")
    return int(text) if is_count and _INTEGER.fullmatch(text) else text
