"""What a send has to send: which files, of which series, without those that the server has confirmed before."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, FrozenSet, Generator, List, Sequence, Tuple

from .database import SeriesFiles, filesOfSeries
from .journal import markOf


@dataclass(frozen=True)
class SeriesPlan(SeriesFiles):
    """``files`` are still to be sent; ``confirmed`` need not be."""

    confirmed: int = 0


@dataclass(frozen=True)
class SendPlan:
    """``paths``: everything that is to be sent; ``marks`` stand for them in the journal, ``sizes`` are theirs in bytes,
    both by path, of those that can be looked at; ``confirmed``: how many need not be sent."""

    series: Tuple[SeriesPlan, ...]
    paths: Tuple[str, ...]
    marks: Dict[str, str]
    sizes: Dict[str, int]
    confirmed: int

    @property
    def withoutFile(self) -> int:
        return sum(each.withoutFile for each in self.series)


def planned(
    database: Any, seriesUIDs: Sequence[str], files: Sequence[str], settled: FrozenSet[str]
) -> Generator[None, None, SendPlan]:
    """Of series of the database, and single files; yields after each. ``settled``: marks of what is not sent again."""
    marks: Dict[str, str] = {}
    sizes: Dict[str, int] = {}

    def needed(path: str) -> bool:
        try:
            about = os.stat(path)
        except OSError:  # what is the matter with it is told when it is sent
            return True
        mark = markOf(path, about)
        if mark not in settled:
            marks[path], sizes[path] = mark, about.st_size
        return mark not in settled

    def unsettled(paths: Sequence[str]) -> Generator[None, None, List[str]]:
        left = []
        for path in (str(Path(each)) for each in paths):  # as the outcomes name them
            if needed(path):
                left.append(path)
            yield
        return left

    found = (yield from filesOfSeries(database, seriesUIDs)) if seriesUIDs else []
    series: List[SeriesPlan] = []
    for each in found:
        left = yield from unsettled(each.files)
        confirmed = len(each.files) - len(left)
        series.append(SeriesPlan(each.series, tuple(left), each.withoutFile, each.study, confirmed))
    single = yield from unsettled(files)
    paths = (*(path for each in series for path in each.files), *single)
    confirmed = sum(each.confirmed for each in series) + len(files) - len(single)
    return SendPlan(tuple(series), paths, marks, sizes, confirmed)
