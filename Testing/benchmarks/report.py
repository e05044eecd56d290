"""What came of the benchmarks: a table for the terminal, JSON values, and the tables of RESULTS.md."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from .benchmark import MEGABYTE, Benchmark, Runs
from .figures import Figure, figures, noise

Row = Tuple[str, str, str, str, str]
HEADS: Row = ("", "median", "fastest to slowest", "peak memory", "must be")


@dataclass(frozen=True)
class Result:
    """One benchmark that has run. ``loads``: of the machine before and after (os.getloadavg, 1 min); ``new_file``:
    seconds that the file system took for each before."""

    benchmark: Benchmark
    runs: Runs
    loads: Tuple[float, float]
    new_file: float
    when: str
    figures: Sequence[Figure] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", figures(self.benchmark, self.runs))

    @property
    def noise(self) -> str:
        name, reference = next(iter(self.runs.items()))
        load = f"load {self.loads[0]:.1f} to {self.loads[1]:.1f}"
        return f"{name} varies by {noise(reference):.0%}; {load}; a new file takes {time_in_words(self.new_file)}"

    def rows(self) -> List[Row]:
        return [*(_contender(name, runs) for name, runs in self.runs.items()), *map(_figure, self.figures)]

    def as_dict(self) -> Dict[str, Any]:
        return {
            "title": self.benchmark.title,
            "when": self.when,
            "load": list(self.loads),
            "new_file": self.new_file,
            "noise": noise(next(iter(self.runs.values()))),
            "figures": [_figure_as_dict(each) for each in self.figures],
            "runs": {name: [asdict(run) for run in runs] for name, runs in self.runs.items()},
            "rows": self.rows(),
            "noise_in_words": self.noise,
        }


def table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """For the terminal, from values of :meth:`Result.as_dict` by name."""
    rows = [row for result in results.values() for row in result["rows"]]
    widths = [max(len(row[column]) for row in (HEADS, *rows)) for column in range(len(HEADS))]

    def line(row: Sequence[str]) -> str:
        first, *others = (cell.ljust(width) for cell, width in zip(row, widths))
        return "  ".join(("  " + first, *others)).rstrip()

    lines = [line(HEADS)]
    for name, result in results.items():
        lines += ["", f"{name}: {result['title']} ({result['noise_in_words']})"]
        lines += [line(row) for row in result["rows"]]
    return "\n".join(lines)


def markdown(results: Mapping[str, Mapping[str, Any]], machine: str) -> str:
    """For RESULTS.md."""
    lines = [machine]
    for name, result in results.items():
        lines += ["", f"### {name}: {result['title']}", "", f"{result['when']}; {result['noise_in_words']}.", ""]
        lines += ["| " + " | ".join(HEADS) + " |", "| --- |" + " ---: |" * (len(HEADS) - 1)]
        lines += ["| " + " | ".join(row) + " |" for row in result["rows"]]
    return "\n".join(lines)


def machine() -> str:
    """On what, in a sentence."""
    cpu = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "")
    versions = ", ".join(
        filter(None, (f"Python {platform.python_version()}", _first_words("curl"), _first_words("Orthanc")))
    )
    return f"{os.cpu_count()} processors ({cpu or platform.machine()}), {platform.system()}; {versions}."


def _lines(path: str) -> List[str]:
    try:
        with open(path) as file:
            return file.readlines()
    except OSError:
        return []


def _first_words(program: str) -> str:
    told = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
    return " ".join(told.split()[:2])


def _contender(name: str, runs: Sequence[Any]) -> Row:
    seconds = [run.seconds for run in runs]
    peak = max(run.peak for run in runs)
    spread = f"{time_in_words(min(seconds))} to {time_in_words(max(seconds))}"
    memory = f"{peak / MEGABYTE:.0f} MB" if peak else ""
    return name, time_in_words(statistics.median(seconds)), spread, memory, ""


def _figure(one: Figure) -> Row:
    target, comparison = one.target, one.target.comparison
    against = f" / {target.against}" if target.against else ""
    unit = f" {comparison.unit}".rstrip()
    limits = [f"at most {target.at_most:g}{unit}"] if target.at_most is not None else []
    limits += [f"at least {target.at_least:g}{unit}"] if target.at_least is not None else []
    verdict = f"{' and '.join(limits)}: {'met' if one.met else 'SHORT'}" if limits else ""
    what = f"= {comparison.what} of {target.who}{against}"
    return what, f"{one.value:.3g}{unit}", f"{one.low:.3g} to {one.high:.3g}", "", verdict


def _figure_as_dict(one: Figure) -> Dict[str, Any]:
    target = one.target
    return {
        "what": target.comparison.what,
        "who": target.who,
        "against": target.against,
        "unit": target.comparison.unit,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "at_most": target.at_most,
        "at_least": target.at_least,
        "met": one.met,
    }


def time_in_words(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.3g} ms" if seconds >= 0.001 else f"{seconds * 1e6:.3g} µs"
