"""Studies to move: CT slices that compress as badly as real ones, one instance that is large but takes no disk, and
small instances by the thousand."""

from __future__ import annotations

import io
from pathlib import Path
from typing import List, Sequence, Tuple

import numpy
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, MultiFrameGrayscaleWordSecondaryCaptureImageStorage

ROWS = COLUMNS = 512
STUDY = "2.25.8003"


def ct_study(cache: Path, count: int, *, series: int = 1) -> List[Path]:
    """``count`` slices of 512 x 512; made once, then taken from below ``cache``."""
    folder = cache / f"ct-{count}-in-{series}"
    files = [folder / f"{index:05}.dcm" for index in range(count)]
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        random = numpy.random.default_rng(800)
        for index, file in enumerate(files):
            pixels = random.normal(1000, 60, (ROWS, COLUMNS)).astype("<u2")
            file.write_bytes(_part10(_dataset(series_uid(index % series), index, CTImageStorage, 1), pixels.tobytes()))
        (folder / "complete").touch()
    return files


def large_instance(folder: Path, size: int) -> Path:
    """One multi-frame instance of about ``size`` bytes, whose pixels are holes in the file."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = ROWS * COLUMNS * 2
    frames = max(size // frame, 1)
    file = folder / "large.dcm"
    sop_class = MultiFrameGrayscaleWordSecondaryCaptureImageStorage
    head = _part10(_dataset(series_uid(0), 0, sop_class, frames), b"")
    with file.open("wb") as opened:
        opened.write(head[:-4] + (frames * frame).to_bytes(4, "little"))  # the length of the pixel data
        opened.truncate(opened.tell() + frames * frame)
    return file


class SmallInstances:
    """``each`` instances of ``size`` bytes (as it comes out) in every one of ``series``, which are UIDs."""

    def __init__(self, series: int, each: int, size: int) -> None:
        self.series: Sequence[str] = [series_uid(index) for index in range(series)]
        self.each = each
        whole = _part10(_dataset(series_uid(0), 0, CTImageStorage, 1), bytes(size // 2 * 2))
        self.size = len(whole)
        head, self._pixels = whole[: -size // 2 * 2], whole[-size // 2 * 2 :]
        instance, one_series = instance_uid(series_uid(0), 0).encode(), series_uid(0).encode()
        head = head.replace(b"%", b"%%").replace(instance, b"%(instance)b").replace(one_series, b"%(series)b")
        self._head = head

    def of(self, series: str) -> List[str]:
        return [instance_uid(series, index) for index in range(self.each)]

    def content(self, series: str, instance: str) -> Tuple[bytes, bytes]:
        """The Part 10 file, in two pieces."""
        return self._head % {b"instance": instance.encode(), b"series": series.encode()}, self._pixels

    def write(self, folder: Path) -> List[Path]:
        """All of them as files."""
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for series in self.series:
            for instance in self.of(series):
                files.append(folder / f"{instance}.dcm")
                files[-1].write_bytes(b"".join(self.content(series, instance)))
        return files


def small_studies(folder: Path, count: int, each: int, size: int) -> List[Tuple[str, str]]:
    """``count`` studies of one series with ``each`` instances of about ``size`` bytes, as files; UIDs of the series,
    each behind that of its study."""
    folder.mkdir(parents=True, exist_ok=True)
    one = SmallInstances(1, each, size)
    (series,) = one.series
    contents = [b"".join(one.content(series, instance)) for instance in one.of(series)]
    studies = [STUDY[: -len(str(count))] + f"{index:0{len(str(count))}}" for index in range(count)]
    for study in studies:
        for index, content in enumerate(contents):
            # All UIDs begin with that of the study.
            (folder / f"{study}.{index}.dcm").write_bytes(content.replace(STUDY.encode(), study.encode()))
    return [(study, series.replace(STUDY, study)) for study in studies]


def series_uid(index: int) -> str:
    """All of the same length, so that one can take the place of another."""
    return f"{STUDY}.{1_000_000 + index}"


def instance_uid(series: str, index: int) -> str:
    return f"{series}.{1_000_000 + index}"


def _dataset(series: str, index: int, sop_class: str, frames: int) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = instance_uid(series, index)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    one.SOPClassUID, one.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    one.StudyInstanceUID, one.SeriesInstanceUID = STUDY, series
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


def _part10(dataset: FileDataset, pixels: bytes) -> bytes:
    dataset.PixelData = pixels
    dataset["PixelData"].VR = "OW"
    file = io.BytesIO()
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()
