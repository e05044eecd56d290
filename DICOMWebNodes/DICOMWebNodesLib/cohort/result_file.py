"""The result of a cohort: its own columns, and for each row what became of it. Lines are written as rows end."""

from __future__ import annotations

import contextlib
import csv
import os
from pathlib import Path
from typing import IO, Dict, Iterator, List, Sequence, Tuple

from ..dicomweb.resource import Level, Resource
from ..errors import InvalidValue
from ..transfer.folder import InstanceFolder, writing
from .row import DONE, RowOutcome
from .spreadsheet import no_formula
from .table import CohortFile

COLUMNS = ("outcome", "stored", "already_there", "missing", "bytes", "seconds", "code", "reason", "resources")
_SPACE = " "
_BETWEEN = "\x1f"  # one text takes a third of the memory of its parts


class ResultFile:
    """``output``: the folder of the instances, to see whether what was retrieved is still there.

    :meth:`begin` keeps what an earlier run has recorded as complete; every row has one line when a run has ended. A
    result is a cohort itself: its lines can be filtered and retrieved again. Raises NotWritable, DiskFull.
    """

    def __init__(self, path: Path, cohort: CohortFile, output: Path) -> None:
        self.path = Path(path)
        self._cohort = cohort
        self._output = InstanceFolder(output)
        self._places = [place for place, title in enumerate(cohort.titles) if title not in COLUMNS]

    def begin(self) -> Dict[int, str]:
        """Open it for this run; returns the rows that are done, by their keys: what :meth:`keep` takes over.

        Raises InvalidValue when there is a file of that name that is no result of a cohort.
        """
        done = dict(self._done()) if self.path.exists() else {}
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self._open(self._part, "w")
        self._write([self._cohort.titles[place] for place in self._places], COLUMNS)
        return done

    def add(self, cells: Sequence[str], outcome: RowOutcome) -> None:
        values = (
            outcome.outcome,
            *map(str, (outcome.stored, outcome.already_there, outcome.missing, outcome.bytes, outcome.seconds)),
            outcome.code,
            no_formula(_SPACE.join(outcome.reason.split())),
            _SPACE.join(outcome.resources),
        )
        self._write(self._own(cells), values)

    def keep(self, line: int, cells: Sequence[str], former: str) -> RowOutcome:
        """A line as an earlier run wrote it; returns its outcome, in which nothing was retrieved."""
        values = former.split(_BETWEEN)
        self._write(self._own(cells), values)
        named = dict(zip(COLUMNS, values))
        there = int(named["stored"]) + int(named["already_there"])
        return RowOutcome(line, named["outcome"], 0, there, resources=tuple(named["resources"].split()))

    def started(self) -> None:
        """All that an earlier run had done is taken over: this file takes the place of that one."""
        self.close()
        with writing(self.path):
            os.replace(self._part, self.path)
        self._open(self.path, "a")

    def close(self) -> None:
        with writing(self.path):
            self._file.close()

    @property
    def _part(self) -> Path:
        return self.path.with_name(f"{self.path.name}.part")

    def _own(self, cells: Sequence[str]) -> List[str]:
        return [cells[place] if place < len(cells) else "" for place in self._places]

    def _open(self, path: Path, mode: str) -> None:
        with writing(path):
            self._file: IO[str] = path.open(mode, encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)

    def _write(self, cells: Sequence[str], values: Sequence[str]) -> None:
        with writing(self.path):
            self._writer.writerow((*cells, *values))
            self._file.flush()

    # --- of an earlier run --------------------------------------------------------------------------------------

    def _done(self) -> Iterator[Tuple[int, str]]:
        """Keys and values of the rows that are complete, and whose instances are still there."""
        former = CohortFile(self.path)
        if not set(COLUMNS) <= set(former.titles):
            raise InvalidValue(
                f"{self.path} is not the result of a cohort",
                field="--result",
                next_step="Give another name with --result, or remove the file.",
            )
        places = {title: former.titles.index(title) for title in COLUMNS}
        for number, cells in former.cells():
            if len(cells) < len(former.titles):
                continue  # the line that a crash cut off
            values = tuple(cells[places[title]] for title in COLUMNS)
            with contextlib.suppress(InvalidValue, ValueError):
                if values[0] in DONE and self._is_there(values):
                    yield former.row(number, cells).key, _BETWEEN.join(values)

    def _is_there(self, values: Tuple[str, ...]) -> bool:
        named = dict(zip(COLUMNS, values))
        expected = int(named["stored"]) + int(named["already_there"])
        return self._count([Resource.parse(each) for each in named["resources"].split()]) >= expected

    def _count(self, resources: List[Resource]) -> int:
        count = 0
        for resource in resources:
            if resource.level is Level.INSTANCE:
                count += self._output.path_of(resource).is_file()
            else:
                count += len(self._output.instances_of(resource))
        return count
