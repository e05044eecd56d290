"""The module's file and its packages: what they import, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

MODULE = Path(__file__).resolve().parents[2] / "DICOMWebNodes"
HEAVY = ("requests", "pydicom", "oauthlib", "keyring", "numpy", "qt", "ctk", "slicer", "DICOMLib", "http.client", "ssl")


def imported_at_module_scope(path):
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            yield (statement.module or "").partition(".")[0]


def test_the_modules_file_imports_the_standard_library_and_slicer_only():
    assert set(imported_at_module_scope(MODULE / "DICOMWebNodes.py")) <= {"slicer", "sys"}


def test_no_file_of_the_host_needs_qt_or_slicer_to_be_imported():
    for path in (MODULE / "DICOMWebNodesHost").glob("*.py"):
        assert not set(imported_at_module_scope(path)) & {"qt", "ctk", "slicer", "DICOMLib"}, path.name


def test_the_logic_brings_nothing_heavy_into_slicers_process():
    program = f"""
import sys
import DICOMWebNodesHost.logic
print([name for name in {HEAVY} if name in sys.modules])
"""
    out = subprocess.run([sys.executable, "-c", program], cwd=MODULE, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
