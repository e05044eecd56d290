"""The slices of a series as a stack, and the geometry that their headers promise."""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

import numpy
import pydicom

_TAGS = [
    "SeriesInstanceUID",
    "SeriesDescription",
    "Modality",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "SamplesPerPixel",
    "RescaleSlope",
    "RescaleIntercept",
    "WindowCenter",
    "WindowWidth",
]


@dataclass(frozen=True)
class Slice:
    """One single-frame image with a place in space; positions and directions in the patient's LPS, in mm."""

    path: Path
    header: pydicom.Dataset

    @property
    def position(self) -> numpy.ndarray:
        return numpy.array(self.header.ImagePositionPatient, float)

    @property
    def row_direction(self) -> numpy.ndarray:
        return numpy.array(self.header.ImageOrientationPatient[:3], float)

    @property
    def column_direction(self) -> numpy.ndarray:
        return numpy.array(self.header.ImageOrientationPatient[3:], float)

    @property
    def height(self) -> float:
        """Along the normal of the slice."""
        return float(numpy.cross(self.row_direction, self.column_direction) @ self.position)

    def values(self) -> numpy.ndarray:
        """The modality values, indexed by row and column. Raises what pydicom raises when there is no decoder."""
        stored = pydicom.dcmread(self.path).pixel_array
        return stored * float(self.header.get("RescaleSlope", 1)) + float(self.header.get("RescaleIntercept", 0))


@dataclass(frozen=True)
class Stack:
    """Parallel slices of one series, ordered along their normal."""

    slices: Tuple[Slice, ...]

    @property
    def first(self) -> Slice:
        return self.slices[0]

    @property
    def files(self) -> List[Path]:
        return [one.path for one in self.slices]

    @property
    def title(self) -> str:
        header = self.first.header
        return " ".join(filter(None, (header.get("Modality", ""), header.get("SeriesDescription", "")))) or "volume"

    @property
    def window(self) -> Optional[Tuple[float, float]]:
        """Center and width that the header recommends, the first of them."""
        center, width = self.first.header.get("WindowCenter"), self.first.header.get("WindowWidth")
        return (_first(center), _first(width)) if center is not None and width is not None else None

    @property
    def dimensions(self) -> Tuple[int, int, int]:
        """Columns, rows, slices."""
        return int(self.first.header.Columns), int(self.first.header.Rows), len(self.slices)

    @property
    def step(self) -> numpy.ndarray:
        """From one slice to the next."""
        return (self.slices[-1].position - self.first.position) / (len(self.slices) - 1)

    @property
    def unevenness(self) -> float:
        """How far a slice is from its place if the steps were equal, at most; mm."""
        places = [self.first.position + index * self.step for index in range(len(self.slices))]
        return max(float(numpy.linalg.norm(one.position - place)) for one, place in zip(self.slices, places))

    @property
    def ijk_to_ras(self) -> numpy.ndarray:
        """Column, row and slice number to right, anterior, superior (mm), by PS3.3 C.7.6.2.1.1 alone."""
        row_spacing, column_spacing = (float(value) for value in self.first.header.PixelSpacing)
        matrix = numpy.eye(4)
        matrix[:3, 0] = self.first.row_direction * column_spacing
        matrix[:3, 1] = self.first.column_direction * row_spacing
        matrix[:3, 2] = self.step
        matrix[:3, 3] = self.first.position
        return numpy.diag([-1, -1, 1, 1]) @ matrix


def largest_stack(files: Iterable[Path]) -> Optional[Stack]:
    """The stack with the most slices among the files; None when no series is one."""
    series: Dict[str, List[Slice]] = defaultdict(list)
    for file in files:
        header = _header(file)
        if _is_slice(header):
            series[header.SeriesInstanceUID].append(Slice(file, header))
    stacks = [
        Stack(tuple(sorted(slices, key=lambda one: one.height))) for slices in series.values() if _parallel(slices)
    ]
    return max(stacks, key=lambda stack: len(stack.slices), default=None)


def _header(file: Path) -> pydicom.Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # small faults of real files
        return pydicom.dcmread(file, stop_before_pixels=True, specific_tags=_TAGS)


def _is_slice(header: pydicom.Dataset) -> bool:
    needed = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "Rows", "Columns")
    return (
        all(header.get(keyword) is not None for keyword in needed)
        and int(header.get("NumberOfFrames") or 1) == 1
        and header.get("SamplesPerPixel") == 1
    )


def _parallel(slices: List[Slice]) -> bool:
    """At least three, of one size and orientation, at places of their own."""
    shapes = {(one.header.Rows, one.header.Columns, tuple(one.header.PixelSpacing)) for one in slices}
    orientations = {tuple(one.header.ImageOrientationPatient) for one in slices}
    heights = {round(one.height, 3) for one in slices}
    return len(slices) >= 3 and len(shapes) == len(orientations) == 1 and len(heights) == len(slices)


def _first(value: object) -> float:
    return float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)  # type: ignore[arg-type]
