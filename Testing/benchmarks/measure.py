"""Running a client as a process of its own: how long it took, and the most memory it had."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import List, Sequence

CLIENTS = Path(__file__).with_name("clients.py")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Run:
    """``seconds``: of the work, without the start of the interpreter; ``whole``: of the process; ``peak``: bytes."""

    seconds: float
    whole: float
    peak: int


def run_client(name: str, *arguments: str) -> Run:
    """One of the functions of ``clients.py``, which tells its own time and memory."""
    started = time.perf_counter()
    command = [sys.executable, str(CLIENTS), name, *arguments]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    whole = time.perf_counter() - started
    measured = json.loads(told.splitlines()[-1])
    return Run(measured["seconds"], whole, measured["peak"])


def run_curl(url: str, accept: str, output: Path) -> Run:
    started = time.perf_counter()
    command = ["curl", "--silent", "--show-error", "--fail", "--header", f"Accept: {accept}", "--output", str(output)]
    subprocess.run([*command, url], check=True)
    whole = time.perf_counter() - started
    return Run(whole, whole, 0)


def summary(runs: Sequence[Run], unit: float = 1.0) -> str:
    """The median, and from the fastest to the slowest."""
    seconds = sorted(run.seconds for run in runs)
    return f"{statistics.median(seconds) / unit:6.2f} s ({seconds[0]:.2f} to {seconds[-1]:.2f})"


def ratios(runs: Sequence[Run], references: Sequence[Run]) -> List[float]:
    """Each run against the reference of its own round, so that the machine's moods cancel out."""
    return [run.seconds / reference.seconds for run, reference in zip(runs, references)]
