"""Pictures made small, and their pixels square."""

from __future__ import annotations

from typing import TYPE_CHECKING, Tuple

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset


def shrink(pixels: NDArray[uint8], longest: int, aspect: float = 1.0) -> NDArray[uint8]:
    """At most ``longest`` pixels high and wide, each the mean of those it stands for; ``aspect``: how much higher
    than wide a pixel is. Never larger than it was."""
    rows, columns = _target(pixels.shape[0], pixels.shape[1], longest, aspect)
    return _averaged(_averaged(pixels, rows, 0), columns, 1)


def aspect_of(data_set: Dataset) -> float:
    """Height by width of a pixel (PS3.3 sections C.7.6.3.1.7 and 10.7.1.3)."""
    for keyword in ("PixelAspectRatio", "PixelSpacing", "ImagerPixelSpacing"):
        try:
            height, width = map(float, data_set.get(keyword) or ())
        except (TypeError, ValueError):
            continue
        if height > 0 and width > 0:
            return min(max(height / width, 1 / 8), 8.0)
    return 1.0


def _target(rows: int, columns: int, longest: int, aspect: float) -> Tuple[int, int]:
    height, width = rows * max(aspect, 1e-3), float(columns)
    factor = min(longest / max(height, width), rows / height, 1.0)
    return max(1, round(height * factor)), max(1, round(width * factor))


def _averaged(pixels: NDArray[uint8], size: int, axis: int) -> NDArray[uint8]:
    import numpy

    length = pixels.shape[axis]
    if size >= length:
        return pixels
    edges = numpy.arange(size) * length // size
    sums = numpy.add.reduceat(pixels, edges, axis=axis, dtype=numpy.uint32)
    counts = numpy.diff(edges, append=length).reshape([-1 if each == axis else 1 for each in range(pixels.ndim)])
    means: NDArray[uint8] = ((sums + counts // 2) // counts).astype(numpy.uint8)
    return means
