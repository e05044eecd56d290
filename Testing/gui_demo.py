"""The module's window for a person, without Slicer: ``python3 Testing/demo.py --gui``.

The panel is the one of Slicer, with the real worker process. In the place of Slicer's slice views is a picture of the
volume that was loaded last, made by Slicer's own slice logic.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Tuple

ROOT = Path(__file__).resolve().parent.parent
NAME = "Demo"


def show(url: str, platform: str = "") -> int:
    """Open the module's panel with a node for ``url``, settings and a DICOM database of its own; returns when closed.

    ``platform``: Qt's, "offscreen" for a window that nobody sees.
    """
    import standin

    with TemporaryDirectory(prefix="demo-", ignore_cleanup_errors=True) as folder:
        os.environ["DICOMWEBNODES_HOME"] = folder
        standin.install(platform)
        window = open_window(Path(folder), url)[1]
        window.show()
        try:
            import slicer

            return slicer.app.exec()
        finally:
            from standin.application import unload_modules

            unload_modules()


def open_window(folder: Path, url: str) -> Tuple[Any, Any]:
    """The module and the main window with its panel, which searches the node; ``folder`` gets the database."""
    import qt
    import slicer
    from demonstration.scene_view import SceneView
    from DICOMWebNodesLib.nodes.node import Node
    from standin.application import load_module, main_window, open_database

    open_database(folder)
    module = load_module(ROOT / "DICOMWebNodes" / "DICOMWebNodes.py")
    representation = module.widgetRepresentation()
    window = main_window()
    window.setWindowTitle("DICOMWeb Nodes (without Slicer)")
    splitter = qt.QSplitter()
    splitter.addWidget(representation)
    splitter.addWidget(SceneView(slicer.mrmlScene, folder / "views.png"))
    splitter.setStretchFactor(1, 1)
    window.setCentralWidget(splitter)
    metrics = qt.QFontMetrics(window.font)
    character = metrics.averageCharWidth()
    splitter.setSizes([character * 85, character * 85])
    window.resize(character * 170, metrics.height() * 50)
    representation.enter()
    _search_when_added(representation.self(), Node(NAME, url))
    return module, window


def _search_when_added(widget: Any, node: Any) -> None:
    """The worked example begins with what the server has."""
    import qt

    panel = widget.panel.import_panel
    soon = qt.QTimer(panel)

    def search() -> None:
        if panel.search_form.ui.node.findData(node.uid) < 0:
            return  # the panel still reads which nodes there are
        soon.stop()
        panel.search_form.choose_node(node.uid)
        panel.search()

    soon.timeout.connect(search)
    widget.logic.startAddNode(node).finished.connect(lambda job: soon.start(50))
