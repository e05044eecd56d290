"""The module's window for a person, without Slicer: ``show(url)``, for ``python3 Testing/demo.py --gui``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
NAME = "Demo"


def show(url: str, platform: str = "") -> int:
    """Open the module's panel with a node for ``url``, settings and a DICOM database of its own; returns when closed.

    ``platform``: Qt's, "offscreen" for a window that nobody sees. Exit status 1, with the reason, where Qt is missing.
    """
    import standin

    if standin.missing():
        print(standin.missing(), file=sys.stderr)
        return 1
    with TemporaryDirectory(prefix="demo-", ignore_cleanup_errors=True) as folder:
        os.environ["DICOMWEBNODES_HOME"] = folder
        standin.install(platform)
        module, window = open_window(Path(folder), url)
        window.show()
        try:
            import slicer

            return slicer.app.exec()
        finally:
            module.close()


def open_window(folder: Path, url: str) -> tuple:
    """The module and the main window with its panel; ``folder`` gets the database."""
    import slicer
    from DICOMWebNodesLib.nodes.node import Node
    from standin.application import main_window, open_database

    open_database(folder)
    module = slicer.app.moduleManager().load(ROOT / "DICOMWebNodes" / "DICOMWebNodes.py")
    representation = module.widgetRepresentation()
    logic = representation.self().logic
    logic.startAddNode(Node(NAME, url))
    window = main_window()
    window.setWindowTitle("DICOMWeb Nodes (without Slicer)")
    window.setCentralWidget(representation)
    metrics = window.fontMetrics()
    window.resize(metrics.averageCharWidth() * 100, metrics.height() * 48)
    representation.enter()
    return module, window
