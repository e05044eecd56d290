"""What a benchmark is: contenders that do the same, one after the other, and what must come of it."""

from __future__ import annotations

import contextlib
import os
import statistics
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Callable, ContextManager, Dict, Iterator, List, Optional, Sequence

from .measure import Run

OURS = "DICOMWebNodes"
CURL = "curl -o"
MEGABYTE = 1_000_000

Runs = Dict[str, List[Run]]


@dataclass(frozen=True)
class Setting:
    """Where and how large. ``cache``: what is made once; ``scratch``: goes with the run; ``scale``: 1 is meant."""

    cache: Path
    scratch: Path
    scale: float = 1.0

    def scaled(self, count: int) -> int:
        return max(1, round(count * self.scale))

    @contextlib.contextmanager
    def folder(self) -> Iterator[str]:
        """For what one run writes. Afterwards its files are emptied and stay until the end: for minutes after many
        files were removed, ext4 takes twenty times as long to make one beside them."""
        folder = mkdtemp(dir=self.scratch)
        try:
            yield folder
        finally:
            for file in Path(folder).rglob("*"):
                if file.is_file():
                    os.truncate(file, 0)


@dataclass(frozen=True)
class Contender:
    """``run`` does ``units`` of work once. Slow ones run in the first ``rounds`` only."""

    name: str
    run: Callable[[], Run]
    units: int = 1
    rounds: int = 5


@dataclass(frozen=True)
class Comparison:
    """How a run is held against that of the reference, both of one round, per unit of work."""

    what: str
    unit: str
    value: Callable[[Run, Run], float]
    over_rounds: Callable[[Sequence[float]], float] = statistics.median


TIME = Comparison("time", "x", lambda run, reference: run.seconds / reference.seconds)
SPEED = Comparison("speed", "x", lambda run, reference: reference.seconds / run.seconds)
ADDED = Comparison("added time", "s", lambda run, reference: run.whole - reference.whole)
PEAK = Comparison("peak memory", "MB", lambda run, _: run.peak / MEGABYTE, max)
ADDED_PEAK = Comparison("added peak memory", "MB", lambda run, reference: (run.peak - reference.peak) / MEGABYTE)


@dataclass(frozen=True)
class Target:
    """What the contender ``who`` must reach, held against ``against``; without a limit it is only told."""

    comparison: Comparison
    against: str = ""
    at_most: Optional[float] = None
    at_least: Optional[float] = None
    who: str = OURS

    def is_met_by(self, value: float) -> bool:
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True)
class Benchmark:
    """``prepare`` makes data and servers for the time of the runs; its contenders' first is the reference, whose
    spread shows the noise of the machine."""

    name: str
    title: str
    prepare: Callable[[Setting], ContextManager[Sequence[Contender]]]
    targets: Sequence[Target]
