"""Which DICOM plugin is needed for what Slicer cannot load, or not as what it is, and which extension brings it.

Slicer 5.12 and later have the plugins of QuantitativeReporting themselves; a person can still have switched one off.
"""

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

    def advice(self, installed: Collection[str]) -> Text:
        """``installed``: the names of the plugins that are there, also of those that are switched off."""
        if self.plugin in installed:
            return Text(
                "to load {what}, switch the plugin {plugin} on (DICOM module, DICOM plugins)",
                what=self.what,
                plugin=self.plugin,
            )
        return Text(
            "to load {what}, install the extension {extension} (View, Extensions Manager) and restart Slicer",
            what=self.what,
            extension=self.extension,
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
