"""Which extension of Slicer brings the DICOM plugin for what Slicer itself cannot load, or not as what it is."""

from dataclasses import dataclass
from typing import Any, Collection, Optional

from DICOMWebNodesLib.text import Text

_MODALITY, _SOP_CLASS = "0008,0060", "0008,0016"


@dataclass(frozen=True)
class Needed:
    """``what`` it is for people; ``plugin``: its name among ``slicer.modules.dicomPlugins``."""

    what: Text
    plugin: str
    extension: str

    @property
    def advice(self) -> Text:
        return Text(
            "to load {what}, install the extension {extension} (View, Extensions Manager) and restart Slicer, or "
            "switch its plugin {plugin} on (DICOM module, DICOM plugins)",
            what=self.what,
            extension=self.extension,
            plugin=self.plugin,
        )


_RT = "DicomRtImportExportPlugin", "SlicerRT"
_QR = "QuantitativeReporting"
_BY_MODALITY = {
    "RTSTRUCT": Needed(Text("structure sets"), *_RT),
    "RTDOSE": Needed(Text("doses as doses"), *_RT),
    "RTPLAN": Needed(Text("treatment plans"), *_RT),
    "RTIMAGE": Needed(Text("portal images"), *_RT),
    "SEG": Needed(Text("segmentations"), "DICOMSegmentationPlugin", _QR),
    "SR": Needed(Text("structured reports"), "DICOMTID1500Plugin", _QR),
}
_BY_SOP_CLASS = {"1.2.840.10008.5.1.4.1.1.30": Needed(Text("parametric maps"), "DICOMParametricMapPlugin", _QR)}


def neededFor(database: Any, file: str, plugins: Collection[str]) -> Optional[Needed]:
    """What ``file`` needs besides ``plugins``, the enabled ones; None when nothing is known to be missing."""
    needed = _BY_SOP_CLASS.get(database.fileValue(file, _SOP_CLASS)) or _BY_MODALITY.get(
        database.fileValue(file, _MODALITY)
    )
    return needed if needed is not None and needed.plugin not in plugins else None
