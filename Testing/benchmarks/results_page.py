"""RESULTS.md: the measured tables between their marks are written anew, the words around them stay."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Mapping

from environment import REQUIREMENTS, Environment

from .report import machine, markdown

HERE = Path(__file__).resolve().parent
PAGE = HERE / "RESULTS.md"
PLOT = HERE / "growth.png"
BEGIN, END = "<!-- measured: written by run.py --write -->\n", "<!-- end of what was measured -->\n"


def write(results: Mapping[str, Mapping[str, Any]]) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + BEGIN + "\n" + markdown(results, machine()) + "\n\n" + END + after, encoding="utf-8")
    if "growth" in results:
        plot(results["growth"])


def plot(growth: Mapping[str, Any]) -> None:
    """By the interpreter that has matplotlib."""
    python = Environment(REQUIREMENTS / "test.txt").prepare()
    with TemporaryDirectory() as folder:
        values = Path(folder, "growth.json")
        values.write_text(json.dumps(growth))
        subprocess.run([str(python), str(HERE / "growth_plot.py"), str(values), str(PLOT)], check=True)
