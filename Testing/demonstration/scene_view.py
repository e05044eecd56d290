"""What stands beside the module's panel where there is no Slicer: how to go on, then a picture of what was loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import qt
import slicer

from .picture import write_picture
from .volume import Volume

_STEPS = """<h3>A worked example</h3>
<p>The node <b>Demo</b> is the embedded server. It has been searched: what it holds is listed at the left.</p>
<ol>
<li>Open <b>Phantom, Head</b> in the list and select its study, <b>CT head phantom</b>.</li>
<li>Press <b>Import and load</b>. The page <b>Transfers</b> shows how the slices come.</li>
<li>The volume shows here, drawn by Slicer's own library.</li>
<li>Add a server of yours on the page <b>Nodes</b>, test it, and search it.</li>
</ol>
<p>Settings and database of this window are its own, and are gone when it is closed.</p>"""


class SceneView(qt.QLabel):
    """Follows ``scene``; pictures go through the file ``path``."""

    NAME = "SceneView"

    def __init__(self, scene: Any, path: Path) -> None:
        super().__init__(_STEPS)
        self.objectName = self.NAME
        self._scene = scene
        self._path = path
        self._picture: Any = None
        self.setTextFormat(qt.Qt.RichText)
        self.setWordWrap(True)
        self.setAlignment(qt.Qt.AlignTop)
        self.setMargin(qt.QFontMetrics(self.font).height())
        self.setMinimumWidth(qt.QFontMetrics(self.font).averageCharWidth() * 30)
        self._colors = slicer.vtkMRMLColorLogic()
        self._colors.SetMRMLScene(scene)
        slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene)
        tag = scene.AddObserver(slicer.vtkMRMLScene.NodeAddedEvent, lambda *_: self._timer.start(0))
        self.destroyed.connect(lambda: scene.RemoveObserver(tag))
        self._timer = qt.QTimer(self)  # until the loading is over
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_newest)
        self._drawn = 0

    def resizeEvent(self, event: Any) -> None:
        qt.QLabel.resizeEvent(self, event)
        self._fit()

    def _show_newest(self) -> None:
        count = self._scene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode")
        if count in (0, self._drawn):
            return
        self._drawn = count
        node = self._scene.GetNthNodeByClass(count - 1, "vtkMRMLScalarVolumeNode")
        if node.GetDisplayNode() is None:
            node.CreateDefaultDisplayNodes()
        columns, rows, slices = node.GetImageData().GetDimensions()
        write_picture(
            Volume(self._scene, self._colors, node), self._path, f"{node.GetName()}   {columns} x {rows} x {slices}"
        )
        self._picture = qt.QPixmap(str(self._path))
        self._fit()

    def _fit(self) -> None:
        if self._picture is not None:
            width = max(1, self.width - 2 * self.margin)
            self.setPixmap(self._picture.scaledToWidth(width, qt.Qt.SmoothTransformation))
