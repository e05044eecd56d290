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
RELOAD = """
import gc, sys, pathlib
import standin; standin.install()
import qt, slicer
from standin.application import load_module, open_database
open_database(pathlib.Path(sys.argv[1]))
widget = load_module(pathlib.Path(sys.argv[2])).widgetRepresentation()
widget.show()
for _ in range(3):
    widget.enter()
    widget.self().panel.node_manager.add()  # and its dialog is open
    widget.self().onReload()
    for _ in range(20):
        slicer.app.processEvents()
    qt.QCoreApplication.sendPostedEvents(None, qt.QEvent.DeferredDelete)
    idle = [each for each in slicer.app.findChildren(qt.QTimer) if not each.active]
    print(len(slicer.app.allWidgets()), len(idle), sep=":")
widget.self().cleanup()
"""
DIALOGS = ("node_editor", "part_chooser", "authentication_manager", "authentication_editor", "manifest_dialog")


def told_by(program, tmp_path):
    """In a process of its own: here others may have opened what is looked for."""
    module = TESTING.parent / "DICOMWebNodes" / "DICOMWebNodes.py"
    path = os.pathsep.join(map(str, (TESTING, module.parent)))
    environment = {**os.environ, "PYTHONPATH": path, "DICOMWEBNODES_HOME": str(tmp_path / "settings")}
    command = [sys.executable, "-c", program, str(tmp_path), str(module)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()


def test_no_dialog_is_read_before_it_is_opened(tmp_path):
    read = set(told_by(PROGRAM, tmp_path))
    assert "DICOMWebNodesUI.node_manager" in read
    assert not {f"DICOMWebNodesUI.{name}" for name in DIALOGS} & read
    assert "requests" not in read


def test_a_reload_leaves_no_former_panel_no_dialog_of_it_and_no_timer(tmp_path):
    first, second, third = (each.split(":") for each in told_by(RELOAD, tmp_path))
    assert first[0] == second[0] == third[0], "widgets"
    assert first[1] == second[1] == third[1], "timers"
