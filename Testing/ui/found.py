"""What a logic finds, for widgets to show: rows of searches, checks, outcomes of sends, summaries of imports."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from DICOMWebNodesHost.import_values import ImportSummary
from DICOMWebNodesHost.logic_nodes import Check
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesLib.text import Text, listed


def study(number: int, name: str = "", **attributes: Any) -> Attributes:
    """A row of a search for studies."""
    values = {
        "0020000D": ("UI", f"1.2.{number}"),
        "00100010": ("PN", {"Alphabetic": name or f"DOE^JANE{number}"}),
        "00100020": ("LO", attributes.get("patient_id", f"P{number:05}")),
        "00080020": ("DA", attributes.get("date", "20240131")),
        "00080061": ("CS", attributes.get("modality", "CT")),
        "00081030": ("LO", attributes.get("description", "Head without contrast")),
        "00200010": ("SH", attributes.get("study_id", f"S{number}")),
        "00201206": ("IS", 2),
        "00201208": ("IS", attributes.get("instances", 180)),
    }
    return _attributes(values)


def series(study_number: int, number: int, description: str = "axial 1 mm", instances: int = 90) -> Attributes:
    values = {
        "0020000D": ("UI", f"1.2.{study_number}"),
        "0020000E": ("UI", f"1.2.{study_number}.{number}"),
        "00080060": ("CS", "CT"),
        "0008103E": ("LO", description),
        "00200011": ("IS", number),
        "00201209": ("IS", instances),
    }
    return _attributes(values)


def instance(study_number: int, series_number: int, number: int) -> Attributes:
    values = {
        "0020000D": ("UI", f"1.2.{study_number}"),
        "0020000E": ("UI", f"1.2.{study_number}.{series_number}"),
        "00080018": ("UI", f"1.2.{study_number}.{series_number}.{number}"),
        "00080016": ("UI", "1.2.840.10008.5.1.4.1.1.2"),
        "00200013": ("IS", number),
        "00280010": ("US", 512),
        "00280011": ("US", 512),
    }
    return _attributes(values)


def _attributes(values: Dict[str, Tuple[str, Any]]) -> Attributes:
    return Attributes({tag: {"vr": vr, "Value": [value]} for tag, (vr, value) in values.items()})


def checks(*failing: str) -> Tuple[Check, ...]:
    """What a test of a node finds; ``failing``: services."""
    found = {
        "QIDO-RS": Text(
            "{levels} can be searched; {across}, with the number of instances; a page has {rows} at most",
            levels=listed([Text("studies"), Text("series"), Text("instances")]),
            across=Text(
                "{across} at once",
                across=listed([Text("all series"), Text("all instances"), Text("the instances of a study")]),
            ),
            rows=1000,
        ),
        "WADO-RS": Text(
            "gives {units} at once, as {forms}; {pictures}",
            units=listed([Text("a study"), Text("a series"), Text("an instance")]),
            forms=listed([Text("multipart/related"), Text("application/dicom")]),
            pictures=listed([Text("thumbnails"), Text("rendered pictures")]),
        ),
        "STOW-RS": Text("takes instances (tried with an empty message)"),
    }
    failed = ConnectionRefused(Text("nothing listens at {host}", host="pacs.example.org:8042")).sentences
    return tuple(Check(each, each not in failing, failed if each in failing else text) for each, text in found.items())


def outcome(series_uid: str, number: int, reason: str = "") -> Dict[str, Any]:
    """Of a file that is sent; with a ``reason`` it was refused."""
    return {
        "path": f"/database/dicomweb/1.2/{series_uid}/{series_uid}.{number}.dcm",
        "status": "failed" if reason else "stored",
        "reason": reason,
        "series_instance_uid": series_uid,
    }


def summary(*series_uids: str, **values: Any) -> ImportSummary:
    fields = {"imported": 180, "alreadyThere": 0, "failures": (), "seriesUIDs": series_uids, **values}
    return ImportSummary(**fields)
