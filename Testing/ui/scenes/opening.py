"""Manifests and links that somebody sent."""

from __future__ import annotations

from typing import Any

from DICOMWebNodesHost.logic_manifest import ManifestTarget, OpenedManifest
from DICOMWebNodesLib.errors import (
    InvalidManifest,
)
from DICOMWebNodesUI.manifest_dialog import ManifestDialog
from ui.scenes.desk import LONG, logic


def target(**fields: Any) -> ManifestTarget:
    values = {
        "reference": "manifest:1",
        "url": "https://pacs.example.org/wado",
        "host": "pacs.example.org",
        "serviceType": "WADO-URI",
        "node": "",
        "patients": (("DOE^JOHN", "P1"),),
        "studies": 1,
        "series": 2,
        "instances": 384,
        "searched": (),
        "headerNames": ("Authorization",),
        "exposesSecrets": False,
    }
    return ManifestTarget(**{**values, **fields})


def manifest(*targets: ManifestTarget) -> OpenedManifest:
    return OpenedManifest(targets or (target(),), ("It says: Warning: One study is offline",))


def opened_manifest() -> Any:
    by_hand = logic()
    dialog = ManifestDialog(by_hand)
    dialog.ui.source.text = (
        "weasis://%24dicom%3Aget+-w+%22https%3A%2F%2Fpacs.example.org%2Fmanifest%3FstudyUID%3D1.2.840"
    )
    dialog.show_what_it_asks_for()
    wide = target(
        reference="manifest:2",
        url="http://pacs-mirror.neuroradiology.university-hospital.example.org:8080/dcm4chee-arc/aets/MIRROR/rs",
        host="pacs-mirror.neuroradiology.university-hospital.example.org:8080",
        serviceType="DICOMweb (all RESTful services)",
        node=LONG,
        patients=(("VAN DER BERG-SCHWARZENEGGER^MARIA MAGDALENA THERESIA", "0000123456789"), ("<b>DOE</b>", "")),
        series=0,
        instances=0,
        searched=("PatientID 97026728",),
        headerNames=(),
        exposesSecrets=True,
    )
    by_hand.last("open manifest").end(manifest(target(), wide))
    return dialog


def unopened_manifest() -> Any:
    by_hand = logic()
    dialog = ManifestDialog(by_hand)
    dialog.ui.source.text = "manifest.xml"
    dialog.show_what_it_asks_for()
    by_hand.last("open manifest").break_off(
        InvalidManifest("the manifest has a document type, which could define anything")
    )
    return dialog
