"""Which extension of Slicer brings the DICOM plugin for what Slicer itself cannot load, or not as what it is."""

from dataclasses import dataclass
from typing import Any, Collection, Optional

_MODALITY, _SOP_CLASS = "0008,0060", "0008,0016"


@dataclass(frozen=True)
class Needed:
    """``what`` it is for people; ``plugin``: its name among ``slicer.modules.dicomPlugins``."""

    what: str
    plugin: str
    extension: str

    @property
    def advice(self) -> str:
        return (
            f"to load {self.what}, install the extension {self.extension} (View, Extensions Manager) and restart "
            f"Slicer, or switch its plugin {self.plugin} on (DICOM module, DICOM plugins)"
        )


_RT = "DicomRtImportExportPlugin", "SlicerRT"
_QR = "QuantitativeReporting"
_BY_MODALITY = {
    "RTSTRUCT": Needed("structure sets", *_RT),
    "RTDOSE": Needed("doses as doses", *_RT),
    "RTPLAN": Needed("treatment plans", *_RT),
    "RTIMAGE": Needed("portal images", *_RT),
    "SEG": Needed("segmentations", "DICOMSegmentationPlugin", _QR),
    "SR": Needed("structured reports", "DICOMTID1500Plugin", _QR),
}
_BY_SOP_CLASS = {"1.2.840.10008.5.1.4.1.1.30": Needed("parametric maps", "DICOMParametricMapPlugin", _QR)}


def neededFor(database: Any, file: str, plugins: Collection[str]) -> Optional[Needed]:
    """What ``file`` needs besides ``plugins``, the enabled ones; None when nothing is known to be missing."""
    needed = _BY_SOP_CLASS.get(database.fileValue(file, _SOP_CLASS)) or _BY_MODALITY.get(
        database.fileValue(file, _MODALITY)
    )
    return needed if needed is not None and needed.plugin not in plugins else None
