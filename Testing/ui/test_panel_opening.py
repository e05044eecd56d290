"""The panel opens without what is needed only when somebody asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTING = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys, pathlib
import standin; standin.install()
from standin.application import load_module, open_database
open_database(pathlib.Path(sys.argv[1]))
widget = load_module(pathlib.Path(sys.argv[2])).widgetRepresentation()
widget.show()
widget.enter()
print(*sorted(sys.modules))
widget.self().cleanup()
"""
DIALOGS = ("node_editor", "part_chooser", "authentication_manager", "authentication_editor", "manifest_dialog")


def test_no_dialog_is_read_before_it_is_opened(tmp_path):
    """In a process of its own: here others may have opened them."""
    module = TESTING.parent / "DICOMWebNodes" / "DICOMWebNodes.py"
    path = os.pathsep.join(map(str, (TESTING, module.parent)))
    environment = {**os.environ, "PYTHONPATH": path, "DICOMWEBNODES_HOME": str(tmp_path / "settings")}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(module)]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    read = set(told.split())
    assert "DICOMWebNodesUI.node_manager" in read
    assert not {f"DICOMWebNodesUI.{name}" for name in DIALOGS} & read
    assert "requests" not in read
