"""Three slice views of a volume side by side, made by Slicer's own slice logic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Tuple

import slicer
from PIL import Image, ImageDraw, ImageFont
from vtk.util.numpy_support import vtk_to_numpy

from .volume import Volume

_SIZE = 560  # pixels of a view
_BAR, _FOOTER, _GAP = 8, 56, 4
_TEXT, _FAINT = (225, 225, 225), (150, 150, 150)
_DASH = 6


@dataclass(frozen=True)
class _View:
    """``letters``: what is at the left, right, top and bottom. ``axis``: along which its slices lie, in RAS."""

    orientation: str
    color: Tuple[int, int, int]
    letters: str
    axis: int
    vertical: str  # the views whose planes the dashed lines stand for
    horizontal: str

    def place(self, position: float) -> str:
        return f"{'RAS'[self.axis] if position >= 0 else 'LPI'[self.axis]} {abs(position):.1f} mm"


_VIEWS = (  # in Slicer's colors
    _View("Axial", (243, 74, 51), "RLAP", 2, "Sagittal", "Coronal"),
    _View("Coronal", (110, 176, 75), "RLSI", 1, "Sagittal", "Axial"),
    _View("Sagittal", (237, 213, 76), "APSI", 0, "Coronal", "Axial"),
)
_COLORS = {view.orientation: view.color for view in _VIEWS}


def write_picture(volume: Volume, path: Path, caption: str) -> None:
    """The views through the middle of the volume, all at one scale, with window and level of its display node."""
    width = len(_VIEWS) * (_SIZE + _GAP) - _GAP
    picture = Image.new("RGB", (width, _BAR + _SIZE + _FOOTER), "black")
    bounds = [0.0] * 6
    volume.node.GetRASBounds(bounds)
    field_of_view = 1.04 * max(bounds[2 * axis + 1] - bounds[2 * axis] for axis in range(3))
    for index, view in enumerate(_VIEWS):
        picture.paste(_draw(volume, view, field_of_view), (index * (_SIZE + _GAP), 0))
    draw = ImageDraw.Draw(picture)
    draw.text((14, _BAR + _SIZE + 18), caption, _TEXT, _font(17))
    _draw_scale(draw, width - 14, _BAR + _SIZE + 34, _SIZE / field_of_view)
    picture.save(path)


def _draw(volume: Volume, view: _View, field_of_view: float) -> Image.Image:
    image, position = _slice(volume, view, field_of_view)
    panel = Image.new("RGB", (_SIZE, _BAR + _SIZE), view.color)
    panel.paste(image, (0, _BAR))
    draw = ImageDraw.Draw(panel)
    middle = _BAR + _SIZE // 2
    for start in range(0, _SIZE, 2 * _DASH):
        across = ((start, middle), (start + _DASH, middle))
        down = ((_SIZE // 2, _BAR + start), (_SIZE // 2, _BAR + start + _DASH))
        draw.line(across, _darker(_COLORS[view.horizontal]))
        draw.line(down, _darker(_COLORS[view.vertical]))
    left, right, top, bottom = view.letters
    draw.text((10, middle), left, _TEXT, _font(20), anchor="lm")
    draw.text((_SIZE - 10, middle), right, _TEXT, _font(20), anchor="rm")
    draw.text((_SIZE // 2, _BAR + 10), top, _TEXT, _font(20), anchor="mt")
    draw.text((_SIZE // 2, _BAR + _SIZE - 8), bottom, _TEXT, _font(20), anchor="mb")
    draw.text((12, _BAR + 10), view.orientation, view.color, _font(20))
    draw.text((12, _BAR + 36), view.place(position), _FAINT, _font(15))
    return panel


def _slice(volume: Volume, view: _View, field_of_view: float) -> Tuple[Image.Image, float]:
    """What Slicer shows in a slice view of this orientation through the middle, and where that is on its axis."""
    logic = slicer.vtkMRMLSliceLogic()
    logic.SetMRMLScene(volume.scene)
    node = logic.AddSliceNode(f"{view.orientation} view")
    node.SetOrientation(view.orientation)
    node.SetDimensions(_SIZE, _SIZE, 1)
    logic.GetSliceCompositeNode().SetBackgroundVolumeID(volume.node.GetID())
    logic.FitSliceToAll(_SIZE, _SIZE)
    node.SetFieldOfView(field_of_view, field_of_view, node.GetFieldOfView()[2])
    logic.UpdateImageData()
    producer = logic.GetImageDataConnection().GetProducer()
    producer.Update()
    image = producer.GetOutputDataObject(0)
    pixels = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(_SIZE, _SIZE, -1)[::-1]  # VTK's rows go up
    shown = Image.fromarray(pixels.copy())
    opaque = Image.new("RGBA", shown.size, "black")
    opaque.alpha_composite(shown)
    return opaque.convert("RGB"), node.GetSliceToRAS().GetElement(view.axis, 3)


def _draw_scale(draw: ImageDraw.ImageDraw, right: int, y: int, pixels_per_mm: float) -> None:
    length = round(50 * pixels_per_mm)
    draw.line(((right - length, y), (right, y)), _TEXT, 2)
    for end in (right - length, right):
        draw.line(((end, y - 5), (end, y + 5)), _TEXT, 2)
    draw.text((right - length // 2, y - 8), "50 mm", _TEXT, _font(15), anchor="mb")


def _darker(color: Tuple[int, int, int]) -> Tuple[int, ...]:
    return tuple(value * 2 // 3 for value in color)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)
