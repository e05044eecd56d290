"""A volume rendered as Slicer's module Volume Rendering does it: by its logic, its nodes and its displayable manager.

The transfer functions are ours, because slicer-core has none of the presets of the application. Needs OpenGL without a
display: EGL or OSMesa, with Mesa's llvmpipe where there is no graphics card.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Tuple

import slicer
import vtk
from PIL import Image
from vtk.util.numpy_support import vtk_to_numpy

from .volume import Volume

_SIZE = 480  # pixels
_METHOD = "vtkMRMLGPURayCastVolumeRenderingDisplayNode"
_OPACITY = ((-100, 0.0), (0, 0.06), (60, 0.06), (150, 0.0), (400, 0.15), (1200, 0.95))  # HU: a veil of skin, bone
_COLOR: Tuple[Tuple[int, Tuple[float, float, float]], ...] = (
    (-100, (0.75, 0.48, 0.38)),
    (60, (0.86, 0.6, 0.48)),
    (450, (0.93, 0.86, 0.72)),
    (1200, (1.0, 0.98, 0.93)),
)
_FROM = (0.55, 0.8, 0.05)  # where the eye is, in RAS, seen from the middle


def write_rendering(volume: Volume, path: Path) -> None:
    """A CT with bone under translucent skin, from the front, the right and above."""
    with _without_remarks():
        _render(volume).save(path, quality=88)


@contextmanager
def _without_remarks() -> Iterator[None]:
    """VTK says each time that there is no display here, and MRML that there are no presets."""
    vtk.vtkObject.GlobalWarningDisplayOff()
    try:
        yield
    finally:
        vtk.vtkObject.GlobalWarningDisplayOn()


def _render(volume: Volume) -> Image.Image:
    logic = slicer.vtkSlicerVolumeRenderingLogic()
    logic.SetMRMLScene(volume.scene)
    logic.SetDefaultRenderingMethod(_METHOD)
    view = volume.scene.AddNewNodeByClass("vtkMRMLViewNode")
    view.SetVolumeRenderingSurfaceSmoothing(True)
    window, _group = _view_of(view)
    display = logic.CreateDefaultVolumeRenderingNodes(volume.node)
    _dress(display.GetVolumePropertyNode())
    display.SetVisibility(True)
    window.GetRenderers().GetFirstRenderer().GetActiveCamera().DeepCopy(_camera(volume))
    window.Render()
    return _picture(window)


def _view_of(node: slicer.vtkMRMLViewNode) -> Tuple[vtk.vtkRenderWindow, slicer.vtkMRMLDisplayableManagerGroup]:
    """What Slicer's 3D view is made of, without its window. The group has to be kept for as long as it is drawn."""
    renderer = vtk.vtkRenderer()
    renderer.GradientBackgroundOn()
    renderer.SetBackground(0.06, 0.07, 0.1)
    renderer.SetBackground2(0.2, 0.24, 0.32)
    window = vtk.vtkRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    window.SetSize(_SIZE, _SIZE)
    window.AddRenderer(renderer)
    interactor = vtk.vtkGenericRenderWindowInteractor()
    interactor.SetRenderWindow(window)
    factory = slicer.vtkMRMLThreeDViewDisplayableManagerFactory.GetInstance()
    factory.RegisterDisplayableManager("vtkMRMLVolumeRenderingDisplayableManager")
    group = factory.InstantiateDisplayableManagers(renderer)
    group.SetMRMLDisplayableNode(node)
    return window, group


def _dress(node: slicer.vtkMRMLVolumePropertyNode) -> None:
    opacity, color = vtk.vtkPiecewiseFunction(), vtk.vtkColorTransferFunction()
    for value, part in _OPACITY:
        opacity.AddPoint(value, part)
    for value, rgb in _COLOR:
        color.AddRGBPoint(value, *rgb)
    shown = node.GetVolumeProperty()
    shown.SetScalarOpacity(opacity)
    shown.SetColor(color)
    shown.ShadeOn()
    shown.SetAmbient(0.25)
    shown.SetDiffuse(0.75)
    shown.SetSpecular(0.25)
    shown.SetSpecularPower(20)
    shown.SetInterpolationTypeToLinear()


def _camera(volume: Volume) -> vtk.vtkCamera:
    bounds = [0.0] * 6
    volume.node.GetRASBounds(bounds)
    middle = [(bounds[2 * axis] + bounds[2 * axis + 1]) / 2 for axis in range(3)]
    distance = 1.9 * max(bounds[2 * axis + 1] - bounds[2 * axis] for axis in range(3))
    camera = vtk.vtkCamera()
    camera.SetFocalPoint(middle)
    camera.SetPosition([place + distance * part for place, part in zip(middle, _FROM)])
    camera.SetViewUp(0, 0, 1)
    camera.SetClippingRange(1, 3 * distance)
    return camera


def _picture(window: vtk.vtkRenderWindow) -> Image.Image:
    pixels = vtk.vtkWindowToImageFilter()
    pixels.SetInput(window)
    pixels.ReadFrontBufferOff()
    pixels.Update()
    columns, rows, _ = pixels.GetOutput().GetDimensions()
    values = vtk_to_numpy(pixels.GetOutput().GetPointData().GetScalars()).reshape(rows, columns, 3)
    return Image.fromarray(values[::-1].copy())  # VTK's rows go up
