"""What a machine lacks: a line that says so, and with ``--require-all`` a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT

AT_RUN_TIME = """
import pytest

@pytest.fixture
def server():
    pytest.skip("the server is not here: do this to get it")

def test_something(server):
    pass
"""
AT_IMPORT = """
import pytest

pytest.importorskip("no_such_module", reason="the module is not here: do this to get it")
"""


def run_pytest(folder: Path, content: str, *arguments: str) -> subprocess.CompletedProcess:
    (folder / "test_it.py").write_text(content)
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-ra", "-c", os.devnull, "--rootdir", str(folder)]
    paths = os.pathsep.join([str(ROOT / "Testing"), str(ROOT / "DICOMWebNodes")])
    return subprocess.run(
        [*command, str(folder), *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("content", [AT_RUN_TIME, AT_IMPORT], ids=["at run time", "at import"])
def test_a_skip_says_why_in_one_line(tmp_path: Path, content: str) -> None:
    result = run_pytest(tmp_path, content)
    assert result.returncode in (0, 5)  # 5: no tests were collected
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("SKIPPED")]
    assert "is not here: do this to get it" in line


@pytest.mark.parametrize("content", [AT_RUN_TIME, AT_IMPORT], ids=["at run time", "at import"])
def test_a_skip_fails_when_all_is_required(tmp_path: Path, content: str) -> None:
    result = run_pytest(tmp_path, content, "--require-all")
    assert result.returncode in (1, 2)
    assert "--require-all: " in result.stdout
    assert "is not here: do this to get it" in result.stdout
