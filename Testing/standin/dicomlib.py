"""``DICOMLib``: series from ``slicer.dicomDatabase`` into ``slicer.mrmlScene``, for images made of slices."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import types
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Tuple

from . import application


class DICOMLoadable:
    """What a plugin offers to load."""

    def __init__(self, files: Sequence[str]) -> None:
        import pydicom

        head = pydicom.dcmread(files[0], stop_before_pixels=True)
        self.files = list(files)
        self.name = str(head.get("SeriesDescription", "")) or str(head.get("Modality", "series"))
        self.tooltip = ""
        self.warning = ""
        self.selected = True
        self.confidence = 0.5
        self.loadSuccess = False


class ScalarVolumePlugin:
    """Slices of equal size, along their normal."""

    loadType = "Scalar Volume"

    def examineFiles(self, files: Sequence[str]) -> List[DICOMLoadable]:
        import pydicom

        readable = [file for file in files if "PixelData" in pydicom.dcmread(file)]
        return [DICOMLoadable(readable)] if readable else []

    def load(self, loadable: DICOMLoadable) -> Any:
        import numpy as np
        import pydicom
        import slicer

        slices = [pydicom.dcmread(file) for file in loadable.files]
        first = slices[0]
        row, column = np.reshape(first.get("ImageOrientationPatient", [1, 0, 0, 0, 1, 0]), (2, 3)).astype(float)
        normal = np.cross(row, column)
        slices.sort(key=lambda each: float(normal @ np.array(each.get("ImagePositionPatient", [0, 0, 0]), float)))
        spacing = [float(value) for value in first.get("PixelSpacing", [1, 1])]
        origin = np.array(slices[0].get("ImagePositionPatient", [0, 0, 0]), float)
        last = np.array(slices[-1].get("ImagePositionPatient", [0, 0, 0]), float)
        step = float(normal @ (last - origin)) / (len(slices) - 1) if len(slices) > 1 else 1.0
        lps = np.eye(4)
        lps[:3] = np.column_stack((row * spacing[1], column * spacing[0], normal * (step or 1.0), origin))
        voxels = np.stack([each.pixel_array for each in slices])
        ijk_to_ras = slicer.util.vtkMatrixFromArray(np.diag([-1.0, -1.0, 1.0, 1.0]) @ lps)
        node = slicer.util.addVolumeFromArray(voxels, name=loadable.name, ijkToRAS=ijk_to_ras)
        node.SetAttribute("DICOM.instanceUIDs", " ".join(str(each.SOPInstanceUID) for each in slices))
        loadable.loadSuccess = True
        return node


def getDefaultPluginClassNames() -> List[str]:
    return ["DICOMScalarVolumePlugin"]


def getLoadablesFromFileLists(
    fileLists: Sequence[Sequence[str]],
    pluginClassNames: Any = None,
    messages: Any = None,
    progressCallback: Any = None,
    pluginInstances: Any = None,
) -> Tuple[Dict[ScalarVolumePlugin, List[DICOMLoadable]], bool]:
    plugin = ScalarVolumePlugin()
    found = [loadable for files in fileLists for loadable in plugin.examineFiles(files)]
    return {plugin: found}, bool(found)


def selectHighestConfidenceLoadables(loadablesByPlugin: Dict[ScalarVolumePlugin, List[DICOMLoadable]]) -> None:
    """There is one plugin here."""


def loadLoadables(
    loadablesByPlugin: Dict[ScalarVolumePlugin, List[DICOMLoadable]], messages: Any = None, progressCallback: Any = None
) -> List[str]:
    nodes = [plugin.load(each) for plugin, found in loadablesByPlugin.items() for each in found if each.selected]
    return [node.GetID() for node in nodes if node is not None]


def loadSeriesByUID(seriesUIDs: Sequence[str], messages: Any = None, progressCallback: Any = None) -> List[str]:
    import slicer

    if not isinstance(seriesUIDs, (list, tuple)):
        raise ValueError("loadSeriesByUID wants a list of UIDs")
    lists = [slicer.dicomDatabase.filesForSeries(uid) for uid in seriesUIDs]
    loadables, _ = getLoadablesFromFileLists([files for files in lists if files])
    return loadLoadables(loadables)


@contextlib.contextmanager
def TemporaryDICOMDatabase(directory: str = "") -> Iterator[Any]:
    import slicer

    former = getattr(slicer, "dicomDatabase", None)
    folder = Path(directory or tempfile.mkdtemp(prefix="dicom-"))
    folder.mkdir(parents=True, exist_ok=True)
    database = application.open_database(folder)
    try:
        yield database
    finally:
        database.closeDatabase()
        slicer.dicomDatabase = former


def install() -> None:
    utils = types.ModuleType("DICOMLib.DICOMUtils")
    for function in (
        getDefaultPluginClassNames,
        getLoadablesFromFileLists,
        selectHighestConfidenceLoadables,
        loadLoadables,
        loadSeriesByUID,
        TemporaryDICOMDatabase,
    ):
        setattr(utils, function.__name__, function)
    package = types.ModuleType("DICOMLib")
    package.DICOMUtils = utils
    package.DICOMLoadable = DICOMLoadable
    sys.modules["DICOMLib"] = package
    sys.modules["DICOMLib.DICOMUtils"] = utils
