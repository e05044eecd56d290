"""A head phantom as a CT series: something to look at whose geometry is known to the digit.

Painted from ellipsoids in the patient's coordinates (mm, x to the left, y to the back, z up), with a skull,
ventricles, eyes, sinuses, and a lesion on the patient's left, so that a mirrored image shows. Rows, columns and slices
differ in number and in spacing, so that two that are exchanged show too. The same bytes each time.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import List, Tuple

import numpy
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

COLUMNS, ROWS, SLICES = 256, 272, 144
SPACING = (0.8, 0.9, 1.25)  # mm between columns, rows, slices
ORIGIN = (-97.4, -137.9, -61.25)  # mm, LPS: the center of the first voxel of the lowest slice
STUDY_INSTANCE_UID, SERIES_INSTANCE_UID, FRAME_OF_REFERENCE_UID = (
    f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'DICOMWebNodes head phantom {name}').int}"
    for name in ("study", "series", "frame of reference")
)

_NOISE = 4.0  # standard deviation, HU
_INTERCEPT = -1024


@dataclass(frozen=True)
class Ellipsoid:
    """``value`` in HU; ``turn`` in degrees about the z axis; ``ripple`` folds the surface by that part of its size."""

    value: float
    center: Tuple[float, float, float]
    radii: Tuple[float, float, float]
    turn: float = 0.0
    ripple: float = 0.0

    def paint(self, image: numpy.ndarray, x: numpy.ndarray, y: numpy.ndarray, z: float) -> None:
        """Blend into the slice at height ``z``, with an edge one voxel wide. ``x`` and ``y``: where its voxels are."""
        reach = numpy.array(self.radii) * (1 + self.ripple) + 1
        if abs(z - self.center[2]) > reach[2]:
            return
        near = (
            slice(*numpy.searchsorted(y, (self.center[1] - reach[:2].max(), self.center[1] + reach[:2].max()))),
            slice(*numpy.searchsorted(x, (self.center[0] - reach[:2].max(), self.center[0] + reach[:2].max()))),
        )
        depth = self._depth(x[near[1]][numpy.newaxis, :], y[near[0]][:, numpy.newaxis], numpy.float32(z))
        image[near] += (self.value - image[near]) * numpy.clip(depth + 0.5, 0, 1)

    def _depth(self, x: numpy.ndarray, y: numpy.ndarray, z: numpy.float32) -> numpy.ndarray:
        """How far below the surface, in mm; exact near to it."""
        dx, dy, dz = x - self.center[0], y - self.center[1], z - self.center[2]
        cosine, sine = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        axes = (cosine * dx + sine * dy, cosine * dy - sine * dx, dz)
        radius = numpy.sqrt(sum((one / size) ** 2 for one, size in zip(axes, self.radii)))
        slope = numpy.sqrt(sum((one / size**2) ** 2 for one, size in zip(axes, self.radii)))
        if self.ripple:
            waves = (
                numpy.sin(dx / 4.1) + numpy.sin(dy / 5.3) + numpy.sin(dz / 4.7 + dx / 9) + numpy.sin((dx + dy) / 6.2)
            )
            radius = radius * (1 + self.ripple * waves / 4)
        return radius * (1 - radius) / numpy.maximum(slope, 1e-6)


def _both(value: float, center: Tuple[float, float, float], radii: Tuple[float, float, float], turn: float = 0.0):
    """The same on the left and on the right."""
    x, y, z = center
    return Ellipsoid(value, (x, y, z), radii, turn), Ellipsoid(value, (-x, y, z), radii, -turn)


HEAD: Tuple[Ellipsoid, ...] = (
    # skin and soft tissue
    Ellipsoid(38, (0, 30, -88), (54, 54, 80)),
    Ellipsoid(28, (0, -40, -46), (61, 58, 60)),
    Ellipsoid(30, (0, 0, 20), (76, 97, 83)),
    Ellipsoid(20, (0, -97, -38), (11, 16, 18)),
    *_both(10, (77, 12, -18), (4, 13, 23), 15),
    # skull: two tables with the diploe between them, and what is inside
    Ellipsoid(1250, (0, 0, 20), (71, 92, 78)),
    Ellipsoid(550, (0, 0, 20), (69, 90, 76)),
    Ellipsoid(1250, (0, 0, 20), (66.5, 87.5, 73.5)),
    Ellipsoid(6, (0, 0, 20), (64.5, 85.5, 71.5)),
    # brain
    Ellipsoid(38, (0, 0, 20), (63, 84, 70), ripple=0.07),
    Ellipsoid(27, (0, 2, 22), (53, 73, 58), ripple=0.2),
    Ellipsoid(8, (0, 0, 62), (1.3, 80, 26)),
    Ellipsoid(27, (0, 4, 30), (11, 34, 5)),
    *_both(39, (15, 6, 16), (10, 16, 11), 20),
    *_both(5, (12, -16, 28), (6, 24, 10), 14),
    *_both(5, (20, 26, 24), (6, 20, 9), -20),
    Ellipsoid(5, (0, 6, 14), (2.2, 13, 9)),
    *_both(37, (25, 46, -22), (26, 32, 22), 12),
    Ellipsoid(33, (0, 24, -36), (14, 13, 42)),
    Ellipsoid(6, (0, 40, -18), (5, 6, 9)),
    # the lesion, on the left, with its edema
    Ellipsoid(19, (33, -20, 35), (19, 24, 17), ripple=0.12),
    Ellipsoid(66, (35, -20, 35), (12, 15, 11), ripple=0.08),
    # below the base of the skull
    Ellipsoid(42, (0, -44, -52), (57, 46, 27)),
    Ellipsoid(900, (0, -26, -26), (54, 50, 4)),
    *_both(1300, (40, 22, -26), (26, 9, 9), -32),
    *_both(-500, (55, 31, -30), (7, 8, 8)),
    # orbits, eyes and their lenses
    *_both(900, (31, -57, -10), (20, 26, 18), 14),
    *_both(-85, (31, -59, -10), (18, 25, 16), 14),
    *_both(14, (32, -71, -10), (12.3, 12.3, 12.3)),
    *_both(85, (32, -80.5, -10), (4.8, 2.4, 4.8)),
    *_both(45, (27, -50, -10), (2.2, 12, 2.2), 14),
    # face: bones around cavities with air
    *_both(900, (28, -62, -46), (17, 19, 17)),
    *_both(-990, (28, -62, -46), (15.5, 17.5, 15.5)),
    Ellipsoid(700, (0, -64, -38), (13, 31, 21)),
    Ellipsoid(-990, (0, -66, -38), (11.5, 29, 19)),
    Ellipsoid(60, (0, -64, -38), (1.2, 27, 18)),
    Ellipsoid(900, (0, -32, -22), (14, 13, 11)),
    Ellipsoid(-990, (0, -32, -22), (12.5, 11.5, 9.5)),
    *_both(-990, (9, -84, 16), (8, 4, 9)),
    # throat and neck
    Ellipsoid(-990, (0, -14, -62), (10, 7, 34)),
    Ellipsoid(800, (0, 28, -84), (17, 13, 26)),
    Ellipsoid(300, (0, 28, -84), (15, 11, 24)),
)
HEADREST = (  # painted first, below the head: the shell between the two, where it is behind the patient
    Ellipsoid(-150, (0, -20, 20), (96, 128, 4000)),
    Ellipsoid(-1000, (0, -20, 20), (92, 124, 4000)),
)


def hounsfield_units() -> numpy.ndarray:
    """The volume as int16, indexed by slice (from below), row and column."""
    x = ORIGIN[0] + SPACING[0] * numpy.arange(COLUMNS, dtype=numpy.float32)
    y = ORIGIN[1] + SPACING[1] * numpy.arange(ROWS, dtype=numpy.float32)
    random = numpy.random.default_rng(20)
    volume = numpy.empty((SLICES, ROWS, COLUMNS), numpy.int16)
    for index in range(SLICES):
        z = ORIGIN[2] + SPACING[2] * index
        image = numpy.full((ROWS, COLUMNS), -1000, numpy.float32)
        for ellipsoid in HEADREST:
            ellipsoid.paint(image, x, y, z)
        image[y < 40] = -1000
        for ellipsoid in HEAD:
            ellipsoid.paint(image, x, y, z)
        image += random.normal(0, _NOISE, image.shape)
        volume[index] = numpy.clip(image.round(), _INTERCEPT, 3071)
    return volume


def write_series(folder: Path) -> List[Path]:
    """Write the series, one file an instance. Instance 1 is the highest slice, names are in no spatial order."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for index, pixels in enumerate(hounsfield_units()):
        dataset = _instance(index, pixels)
        files.append(folder / f"{dataset.SOPInstanceUID}.dcm")
        if pydicom.__version__.startswith("2."):
            dataset.is_implicit_VR, dataset.is_little_endian = False, True
            dataset.save_as(files[-1], write_like_original=False)
        else:
            dataset.save_as(files[-1], enforce_file_format=True)
    return files


def _instance(index: int, pixels: numpy.ndarray) -> Dataset:
    """A CT Image (PS3.3 A.3) with all attributes of type 1 and 2."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{SERIES_INSTANCE_UID} {index}').int}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    height = ORIGIN[2] + SPACING[2] * index

    # SOP common, patient, study
    one.SpecificCharacterSet = "ISO_IR 192"
    one.SOPClassUID = meta.MediaStorageSOPClassUID
    one.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    one.PatientName, one.PatientID, one.PatientBirthDate, one.PatientSex = "Phantom^Head", "HEAD-PHANTOM", "", "O"
    one.StudyInstanceUID = STUDY_INSTANCE_UID
    one.StudyDate = one.SeriesDate = one.AcquisitionDate = one.ContentDate = "20240229"
    one.StudyTime = one.SeriesTime = one.AcquisitionTime = one.ContentTime = "101530"
    one.StudyID, one.AccessionNumber, one.ReferringPhysicianName = "1", "DWN-1", ""
    one.StudyDescription = "CT head phantom"
    # series, frame of reference, equipment
    one.Modality, one.SeriesInstanceUID, one.SeriesNumber = "CT", SERIES_INSTANCE_UID, 2
    one.SeriesDescription, one.BodyPartExamined, one.PatientPosition = "Head 1.25 mm", "HEAD", "HFS"
    one.FrameOfReferenceUID, one.PositionReferenceIndicator = FRAME_OF_REFERENCE_UID, ""
    one.Manufacturer, one.ManufacturerModelName = "DICOMWebNodes", "Ellipsoids"
    # image, plane, acquisition
    one.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    one.InstanceNumber, one.AcquisitionNumber = SLICES - index, 1
    one.ImagePositionPatient = [f"{value:.2f}" for value in (ORIGIN[0], ORIGIN[1], height)]
    one.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    one.PixelSpacing = [SPACING[1], SPACING[0]]  # rows first (PS3.3 10.7.1.3)
    one.SliceThickness, one.SliceLocation, one.KVP = SPACING[2], f"{height:.2f}", 120
    # pixels
    one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
    one.Rows, one.Columns = pixels.shape
    one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 16, 12, 11, 0
    one.RescaleIntercept, one.RescaleSlope, one.RescaleType = _INTERCEPT, 1, "HU"
    one.WindowCenter, one.WindowWidth = [40, 400], [100, 2000]
    one.WindowCenterWidthExplanation = ["BRAIN", "BONE"]
    one.PixelData = (pixels.astype(numpy.int32) - _INTERCEPT).astype("<u2").tobytes()
    one["PixelData"].VR = "OW"
    return one
