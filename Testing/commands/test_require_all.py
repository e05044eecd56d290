"""What a machine lacks: a line that says so, and with ``--require-all`` a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT

MODULE_REASON = "the module is not here: do this to get it"
SERVER_REASON = "the server is not here: do this to get it"
AT_RUN_TIME = f"""
import pytest

@pytest.fixture
def server():
    pytest.skip("{SERVER_REASON}")

def test_something(server):
    pass
"""
OF_OTHERS = """
import pytest

def test_something():
    pytest.skip("the data is not part of the project")
"""
AT_IMPORT = f"""
import pytest

pytest.importorskip("no_such_module", reason="{MODULE_REASON}")
"""


@pytest.fixture
def two_skips(tmp_path: Path) -> Path:
    (tmp_path / "test_run_time.py").write_text(AT_RUN_TIME)
    (tmp_path / "test_import.py").write_text(AT_IMPORT)
    return tmp_path


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-ra", "-c", os.devnull, "--rootdir", str(folder)]
    paths = os.pathsep.join([str(ROOT / "Testing"), str(ROOT / "DICOMWebNodes")])
    return subprocess.run(
        [*command, str(folder), *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_skip_says_why_in_one_line(two_skips: Path) -> None:
    result = run_pytest(two_skips)
    assert result.returncode == 0
    lines = [line for line in result.stdout.splitlines() if line.startswith("SKIPPED")]
    assert [line.partition(": ")[2] for line in sorted(lines)] == [MODULE_REASON, SERVER_REASON]


def test_a_skip_fails_when_all_is_required(two_skips: Path) -> None:
    result = run_pytest(two_skips, "--require-all", "--continue-on-collection-errors")
    assert result.returncode == 1
    for reason in (MODULE_REASON, SERVER_REASON):
        assert f"--require-all: {reason}" in result.stdout


def test_data_that_nobody_can_install_is_not_required(tmp_path: Path) -> None:
    (tmp_path / "test_data.py").write_text(OF_OTHERS)
    assert "1 skipped" in run_pytest(tmp_path, "--require-all").stdout
