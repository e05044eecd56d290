"""Five studies, small enough to be sent often and large enough to be over a cap of three at every level."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

from DICOMWebNodesLib.dicomweb.resource import Resource
from fakes.part10_files import part10

ROOT = "1.2.826.0.1.3680043.10.999"
CAP = 3

_PATIENTS = ("Smith^Anna", "Smithers^Bob", "Jones^Carl", "Miller^Dora", "Smith^Emil")
_MODALITIES = ("CT", "MR", "PT", "CT", "MR")
_SERIES = ((5, 1, 1, 1), (1,), (1,), (1,), (1,))  # instances of each series of each study


@dataclass(frozen=True)
class Collection:
    """``files``: the whole of it, by what each file is."""

    files: Dict[Resource, Path]

    @property
    def study(self) -> Resource:
        """The one with four series."""
        return Resource(f"{ROOT}.1")

    @property
    def series(self) -> Resource:
        """The one with five instances."""
        return Resource(*self.study.uids, f"{ROOT}.1.1")

    @property
    def instance(self) -> Resource:
        return Resource(*self.series.uids, f"{ROOT}.1.1.1")

    def within(self, resource: Resource) -> Dict[Resource, Path]:
        return {each: path for each, path in self.files.items() if resource.contains(each)}

    def studies(self) -> List[str]:
        return sorted({each.study_instance_uid for each in self.files})


def write_collection(folder: Path) -> Collection:
    files = {}
    for study, counts in enumerate(_SERIES, 1):
        for series, count in enumerate(counts, 1):
            for number in range(1, count + 1):
                uids = (f"{ROOT}.{study}", f"{ROOT}.{study}.{series}", f"{ROOT}.{study}.{series}.{number}")
                files[Resource(*uids)] = write_instance(folder, uids, study - 1, series, number)
    return Collection(files)


def write_instance(
    folder: Path, uids: tuple[str, str, str], patient: int = 0, series: int = 1, number: int = 1
) -> Path:
    """A picture of 16 by 16 pixels."""
    path = folder / f"{uids[2]}.dcm"
    attributes = {
        "PatientName": _PATIENTS[patient],
        "PatientID": f"P{patient}",
        "StudyDate": f"2024010{patient + 1}",
        "StudyDescription": f"Study {patient}",
        "Modality": _MODALITIES[patient],
        "SeriesNumber": series,
        "InstanceNumber": number,
        "Rows": 16,
        "Columns": 16,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 0,
    }
    path.write_bytes(part10(*uids, payload=512, **attributes))
    return path
