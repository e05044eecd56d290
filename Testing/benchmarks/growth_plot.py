"""Time and memory over the number of instances, on one page: ``python growth_plot.py RESULT.json PICTURE.png``."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.axes import Axes

COLOURS = {"DICOMWebNodes": "tab:blue", "curl -o": "tab:gray"}


def main(values: Path, picture: Path) -> None:
    series = by_contender(json.loads(values.read_text())["runs"])
    figure, (times, memory) = pyplot.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    for name, points in series.items():
        draw(times, name, [(count, [1e6 * run["seconds"] for run in runs]) for count, runs in points])
        draw(memory, name, [(count, [run["peak"] / 1e6 for run in runs]) for count, runs in points])
    times.set(title="Time for each instance", ylabel="µs (median, fastest, slowest)", yscale="log")
    memory.set(title="Peak memory of the process", ylabel="MB", ylim=(0, 70))
    memory.axhline(64, color="tab:red", linewidth=0.8, linestyle="--", label="limit of large transfers, 64 MB")
    for axes in (times, memory):
        axes.set(xlabel="instances of 2 KB in the study", xscale="log")
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(picture, dpi=110)


def by_contender(runs: Mapping[str, List[Dict[str, Any]]]) -> Dict[str, List[Tuple[int, List[Dict[str, Any]]]]]:
    """From "NAME, 1,000" to the name and the count."""
    found: Dict[str, List[Tuple[int, List[Dict[str, Any]]]]] = {}
    for label, measured in runs.items():
        name, _, count = label.partition(", ")
        found.setdefault(name, []).append((int(count.replace(",", "")), measured))
    return found


def draw(axes: Axes, name: str, points: List[Tuple[int, List[float]]]) -> None:
    counts = [count for count, _ in points]
    middles = [statistics.median(values) for _, values in points]
    below = [middle - min(values) for middle, (_, values) in zip(middles, points)]
    above = [max(values) - middle for middle, (_, values) in zip(middles, points)]
    colour = COLOURS.get(name)
    axes.errorbar(counts, middles, yerr=(below, above), marker="o", capsize=3, color=colour, label=name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
