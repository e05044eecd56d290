"""The demo's window, with nobody in front of it."""

from __future__ import annotations

import gui_demo
import slicer
import slicer.util
from fakes.origin_server import OriginServer


def test_the_demo_opens_a_window_with_the_node_of_its_server(tmp_path, monkeypatch, until):
    monkeypatch.setenv("DICOMWEBNODES_HOME", str(tmp_path / "settings"))
    with OriginServer([]) as server:
        module, window = gui_demo.open_window(tmp_path, server.url)
        window.show()
        panel = module.widgetRepresentation().self().panel
        until(lambda: any(each.node.name == gui_demo.NAME for each in panel.node_manager.listed()))
        assert slicer.util.mainWindow().windowTitle.startswith("DICOMWeb Nodes")
        module.close()
