"""A stack of slices in Slicer's data model (MRML), and whether it got there as the headers say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List

import numpy
import slicer
import vtk

from .stack import Stack

_SHIFT = 0.05  # mm that a corner of the volume may be from where the headers put it


@dataclass(frozen=True)
class Volume:
    """``node`` is a vtkMRMLScalarVolumeNode in ``scene``, with a display node; ``colors`` owns the color tables."""

    scene: slicer.vtkMRMLScene
    colors: slicer.vtkMRMLColorLogic
    node: slicer.vtkMRMLScalarVolumeNode

    @property
    def dimensions(self) -> tuple:
        """Columns, rows, slices."""
        return self.node.GetImageData().GetDimensions()

    @property
    def ijk_to_ras(self) -> numpy.ndarray:
        matrix = vtk.vtkMatrix4x4()
        self.node.GetIJKToRASMatrix(matrix)
        return numpy.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])

    @property
    def values(self) -> numpy.ndarray:
        """Indexed by slice, row and column."""
        return slicer.arrayFromVolume(self.node)


def load(stack: Stack) -> Volume:
    """Read the files as Slicer does, through a vtkMRMLVolumeArchetypeStorageNode."""
    scene = slicer.vtkMRMLScene()
    colors = slicer.vtkMRMLColorLogic()
    colors.SetMRMLScene(scene)
    slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene)
    storage = scene.AddNewNodeByClass("vtkMRMLVolumeArchetypeStorageNode")
    storage.SetFileName(str(stack.files[0]))
    storage.ResetFileNameList()
    for file in stack.files:
        storage.AddFileName(str(file))
    storage.SetSingleFile(False)
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", stack.title)
    if not storage.ReadData(node):
        raise RuntimeError(f"Slicer could not read {stack.title}")
    node.CreateDefaultDisplayNodes()
    if stack.window:
        center, width = stack.window
        node.GetDisplayNode().SetAutoWindowLevel(False)
        node.GetDisplayNode().SetWindowLevel(width, center)
    return Volume(scene, colors, node)


def differences(volume: Volume, stack: Stack) -> List[str]:
    """What is not as the headers say, in words; nothing when the geometry is right."""
    if volume.dimensions != stack.dimensions:
        return [f"it has {volume.dimensions} voxels, the headers say {stack.dimensions}"]
    found = []
    if stack.unevenness > _SHIFT:
        found.append(f"a slice is {stack.unevenness:.2f} mm from its place in even steps")
    shift = _largest_shift(volume.ijk_to_ras, stack.ijk_to_ras, stack.dimensions)
    if shift > _SHIFT:
        found.append(f"a corner is {shift:.2f} mm from where the headers put it")
    looked_at = (0, len(stack.slices) // 2, len(stack.slices) - 1)
    found += [
        f"slice {index} shows other values than its file" for index in looked_at if not _shows(volume, stack, index)
    ]
    return found


def _shows(volume: Volume, stack: Stack, index: int) -> bool:
    return numpy.allclose(volume.values[index], stack.slices[index].values(), atol=1)


def _largest_shift(one: numpy.ndarray, other: numpy.ndarray, dimensions: tuple) -> float:
    """Over the corners of the volume, so that spacing, origin and directions count by what they do to places."""
    last = numpy.array(dimensions) - 1
    corners = numpy.array([[*(last * pick), 1] for pick in numpy.ndindex(2, 2, 2)]).T
    return float(numpy.linalg.norm(((one - other) @ corners)[:3], axis=0).max())
