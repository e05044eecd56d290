"""Rows as a server sends them."""

from __future__ import annotations

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes

HOST = "https://pacs.example.org/rs"


def attributes(**values):
    """A row as a server sends it: keyword=value, the VR from the kind of value."""
    from pydicom.datadict import tag_for_keyword

    raw = {}
    for keyword, value in values.items():
        vr = "PN" if keyword.endswith("Name") else "IS" if isinstance(value, int) else "LO"
        items = value if isinstance(value, list) else [value]
        raw[f"{tag_for_keyword(keyword):08X}"] = {
            "vr": vr,
            "Value": [{"Alphabetic": item} for item in items] if vr == "PN" else items,
        }
    return Attributes(raw)


STUDY = attributes(
    PatientName="DOE^JANE",
    PatientID="P1",
    StudyDate="20240131",
    AccessionNumber="A7",
    ModalitiesInStudy=["CT", "SEG"],
    StudyDescription="Head, plain",
    NumberOfStudyRelatedSeries=2,
    NumberOfStudyRelatedInstances=121,
    StudyInstanceUID="1.2",
)
SERIES = attributes(
    Modality="CT", SeriesNumber=3, NumberOfSeriesRelatedInstances=120, StudyInstanceUID="1.2", SeriesInstanceUID="3.4"
)
INSTANCE = attributes(
    InstanceNumber=7, Rows=512, Columns=512, StudyInstanceUID="1.2", SeriesInstanceUID="3.4", SOPInstanceUID="5.6"
)
