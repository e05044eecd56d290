"""From runs to figures: each round against the reference of the same round, so that the machine's moods cancel out."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from typing import List, Sequence

from .benchmark import Benchmark, Comparison, Contender, Runs, Target
from .measure import Run


@dataclass(frozen=True)
class Figure:
    """``value`` is the median (for a peak: the most) of the rounds, which lie between ``low`` and ``high``."""

    target: Target
    value: float
    low: float
    high: float

    @property
    def met(self) -> bool:
        return self.target.is_met_by(self.value)


def alternate(contenders: Sequence[Contender], rounds: int) -> Runs:
    """Every contender once a round; every second round in the opposite order. Times are those of one unit of work."""
    runs: Runs = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            if number < contender.rounds:
                runs[contender.name].append(_per_unit(contender.run(), contender.units))
    return runs


def figure(target: Target, runs: Runs) -> Figure:
    mine = runs[target.who]
    values = compared(target.comparison, mine, runs.get(target.against, mine))
    return Figure(target, target.comparison.over_rounds(values), min(values), max(values))


def figures(benchmark: Benchmark, runs: Runs) -> List[Figure]:
    """Without those for contenders that did not take part in a smaller run."""
    known = (target for target in benchmark.targets if target.who in runs and (target.against or target.who) in runs)
    return [figure(target, runs) for target in known]


def compared(comparison: Comparison, runs: Sequence[Run], references: Sequence[Run]) -> List[float]:
    return [comparison.value(run, reference) for run, reference in zip(runs, references)]


def noise(runs: Sequence[Run]) -> float:
    """How far apart the rounds of one contender lie, as a part of their median."""
    seconds = [run.seconds for run in runs]
    return (max(seconds) - min(seconds)) / statistics.median(seconds)


def _per_unit(run: Run, units: int) -> Run:
    return replace(run, seconds=run.seconds / units)
