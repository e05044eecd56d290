"""How long a person waits for the first answer: a command, and the worker behind Slicer's window."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from typing import Dict, Iterator, Sequence

from environment import ROOT

from ..benchmark import ADDED, Benchmark, Contender, Setting, Target
from ..measure import Run

PASS, COMMAND, WORKER = "python -c pass", "nodes list", "worker ready"
_HELLO = '{"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1}}\n'
_TIMES = 5  # so short that one of them alone is mostly noise


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    with setting.folder() as home:
        environment = {**os.environ, "DICOMWEBNODES_HOME": home}
        library = (sys.executable, "-m", "DICOMWebNodesLib")
        yield (
            Contender(PASS, lambda: fastest(environment, sys.executable, "-c", "pass"), rounds=9),
            Contender(COMMAND, lambda: fastest(environment, *library, "nodes", "list"), rounds=9),
            Contender(WORKER, lambda: fastest(environment, *library, "worker", say=_HELLO), rounds=9),
        )


def fastest(environment: Dict[str, str], *command: str, say: str = "") -> Run:
    seconds = min(until_first_line(environment, command, say) for _ in range(_TIMES))
    return Run(seconds, seconds)


def until_first_line(environment: Dict[str, str], command: Sequence[str], say: str) -> float:
    """Until the end for a command that says nothing."""
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT / "DICOMWebNodes",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(say)
        process.stdin.flush()
        first = process.stdout.readline()
        if not say:
            process.wait()
        seconds = time.perf_counter() - started
        process.stdin.close()
    if process.returncode or (say and '"result"' not in first):
        raise SystemExit(f"{' '.join(command)} failed: {first}")
    return seconds


BENCHMARK = Benchmark(
    "start",
    "start, above python -c pass",
    prepare,
    (Target(ADDED, PASS, at_most=0.15, who=COMMAND), Target(ADDED, PASS, at_most=0.4, who=WORKER)),
)
