"""Lint, format and types: ``python3 Testing/check.py``. Sets up its own environment (:mod:`environment`)."""

from __future__ import annotations

import subprocess
import sys

from environment import REQUIREMENTS, ROOT, Environment

CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),  # strict, on the library: see pyproject.toml
    ("mypy", "--platform=win32", "--cache-dir=.mypy_cache/windows"),  # what only Windows runs
)


def main() -> int:
    Environment(REQUIREMENTS / "test.txt").enter()
    status = 0
    for check in CHECKS:
        print("+", *check, flush=True)
        status = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, check=False).returncode or status
    return status


if __name__ == "__main__":
    sys.exit(main())
