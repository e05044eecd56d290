"""The demo's window, with nobody in front of it."""

from __future__ import annotations

import gui_demo
import phantom
import pytest
import qt
import slicer
import slicer.util
from demonstration.scene_view import SceneView
from fakes.origin_server_process import OriginServerProcess
from standin.application import unload_modules
from ui.steps import select_study


@pytest.fixture
def window(tmp_path, monkeypatch):
    monkeypatch.setenv("DICOMWEBNODES_HOME", str(tmp_path / "settings"))
    head = phantom.write_series(tmp_path / "head")
    with OriginServerProcess(head[:40]) as server:
        window = gui_demo.open_window(tmp_path, server.url)[1]
        window.show()
        yield window
        unload_modules()
    slicer.dicomDatabase.closeDatabase()
    slicer.mrmlScene.Clear(0)


def test_the_window_has_searched_its_server_and_shows_the_volume_that_is_loaded(window, until):
    panel = slicer.modules.DICOMWebNodesWidget.panel
    view = panel.import_panel.results
    until(lambda: view.results.studies == 1 and view.is_settled)
    assert slicer.util.mainWindow().windowTitle.startswith("DICOMWeb Nodes")
    scene_view = window.findChild(qt.QLabel, SceneView.NAME)
    assert "CT head phantom" in scene_view.text
    select_study(view, phantom.STUDY_INSTANCE_UID)
    view.ui.loadButton.click()
    until(lambda: not scene_view.pixmap.isNull())
    assert scene_view.pixmap.width() > 100
