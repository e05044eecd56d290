"""Running a contender as a process of its own: how long it took, and the most memory it had."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Sequence

CLIENTS = Path(__file__).with_name("clients.py")
_LOOK_AGAIN = 0.005  # seconds


@dataclass(frozen=True)
class Run:
    """``seconds``: of the work, without the start of an interpreter; ``whole``: of the process; ``processor``: its
    user and system time; ``peak``: bytes, 0 where nobody can tell; ``told``: what else the contender says."""

    seconds: float
    whole: float = 0.0
    processor: float = 0.0
    peak: int = 0
    told: Mapping[str, Any] = field(default_factory=dict)


def run_client(name: str, *arguments: object, python: str = sys.executable, script: Path = CLIENTS) -> Run:
    """One of the functions of ``script``, which tells its own time and memory in its last line."""
    whole, processor, _, told = _measured([python, str(script), name, *map(str, arguments)], subprocess.PIPE)
    measured = json.loads(told.splitlines()[-1])
    return Run(measured.pop("seconds"), whole, processor, measured.pop("peak"), measured)


def run_command(*command: str) -> Run:
    """A foreign program, whose memory is looked at while it runs."""
    whole, processor, peak, _ = _measured(command, subprocess.DEVNULL)
    return Run(whole, whole, processor, peak)


def peak_memory(process: int | str = "self") -> int:
    """Bytes. The kernel's own account: what ``getrusage`` says includes the process that started this one."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
    return int(peak.split()[1]) * 1024 if peak else 0


def forget_peak_memory(process: int) -> None:
    """From now on :func:`peak_memory` says what a server needs for the next thing only."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def time_of_a_new_file(folder: Path) -> float:
    """Seconds. For minutes after many files were removed beside, ext4 takes ten times as long and more."""
    count = 100
    started = time.perf_counter()
    for index in range(count):
        (folder / f"new-{index}").touch()
    return (time.perf_counter() - started) / count


def _measured(command: Sequence[str], output: int) -> tuple[float, float, int, str]:
    before = os.times()
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=output, text=True) as process:
        watch = _Watch(process.pid)
        told = process.communicate()[0]
    whole = time.perf_counter() - started
    after = os.times()
    peak = watch.end()
    if process.returncode:
        raise SystemExit(f"This failed with exit status {process.returncode}:\n  {' '.join(command)[:2000]}")
    processor = after.children_user - before.children_user + after.children_system - before.children_system
    return whole, processor, peak, told or ""


class _Watch:
    """Looks at a process until its end: afterwards the kernel no longer knows its memory."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._over.wait(_LOOK_AGAIN):
            self._peak = max(self._peak, peak_memory(self._process))
