"""Studies to move: CT slices that compress as badly as real ones, and instances that are large but take no disk."""

from __future__ import annotations

from pathlib import Path
from typing import List

import numpy
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, MultiFrameGrayscaleWordSecondaryCaptureImageStorage

ROWS = COLUMNS = 512
STUDY = "2.25.8003"


def ct_study(folder: Path, count: int) -> List[Path]:
    """``count`` slices of 512 x 512 in one series; made once, then taken from ``folder``."""
    files = [folder / f"{index:05}.dcm" for index in range(count)]
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        random = numpy.random.default_rng(800)
        for index, file in enumerate(files):
            pixels = random.normal(1000, 60, (ROWS, COLUMNS)).astype("<u2")
            _write(file, _dataset(index, CTImageStorage, 1), pixels.tobytes())
        (folder / "complete").touch()
    return files


def sparse_study(folder: Path, count: int, size: int) -> List[Path]:
    """``count`` instances of about ``size`` bytes each, whose pixels are holes in the file."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = ROWS * COLUMNS * 2
    frames = max(size // frame, 1)
    files = [folder / f"{index:05}.dcm" for index in range(count)]
    for index, file in enumerate(files):
        _write(file, _dataset(index, MultiFrameGrayscaleWordSecondaryCaptureImageStorage, frames), b"")
        with file.open("r+b") as opened:
            opened.seek(-4, 2)
            opened.write((frames * frame).to_bytes(4, "little"))  # the length of the pixel data
            opened.truncate(opened.tell() + frames * frame)
    return files


def _dataset(index: int, sop_class: str, frames: int) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = f"{STUDY}.1.{index + 1}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    one.SOPClassUID, one.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    one.StudyInstanceUID, one.SeriesInstanceUID = STUDY, f"{STUDY}.1"
    one.PatientName, one.PatientID, one.Modality = "Bench^Mark", "BENCH", "CT"
    one.StudyDate, one.StudyTime, one.AccessionNumber, one.ReferringPhysicianName = "20240229", "", "", ""
    one.StudyID, one.SeriesNumber, one.InstanceNumber, one.NumberOfFrames = "1", 1, index + 1, frames
    one.ImagePositionPatient, one.ImageOrientationPatient = [0, 0, index], [1, 0, 0, 0, 1, 0]
    one.PixelSpacing, one.SliceThickness = [0.5, 0.5], 1
    one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
    one.Rows, one.Columns = ROWS, COLUMNS
    one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 16, 16, 15, 0
    one.RescaleIntercept, one.RescaleSlope = -1024, 1
    return one


def _write(file: Path, dataset: FileDataset, pixels: bytes) -> None:
    dataset.PixelData = pixels
    dataset["PixelData"].VR = "OW"
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
