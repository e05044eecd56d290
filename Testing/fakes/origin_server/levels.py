"""The query/retrieve levels: which attribute belongs to which, and what a search gives for each.

PS3.4 C.6.2.1 and PS3.18 tables 10.6.3-3 to 10.6.3-5. An attribute that is in no table belongs to the instance.
"""

from __future__ import annotations

from enum import IntEnum
from typing import FrozenSet, Mapping

from pydicom.datadict import tag_for_keyword


class Level(IntEnum):
    """The value is the depth in a path."""

    STUDIES = 1
    SERIES = 2
    INSTANCES = 3

    @property
    def path(self) -> str:
        return self.name.lower()


def _tags(keywords: str) -> FrozenSet[str]:
    return frozenset(f"{tag_for_keyword(keyword):08X}" for keyword in keywords.split())


RETURNED: Mapping[Level, FrozenSet[str]] = {
    Level.STUDIES: _tags(
        "StudyDate StudyTime AccessionNumber InstanceAvailability ModalitiesInStudy ReferringPhysicianName "
        "RetrieveURL PatientName PatientID PatientBirthDate PatientSex StudyInstanceUID StudyID "
        "NumberOfStudyRelatedSeries NumberOfStudyRelatedInstances"
    ),
    Level.SERIES: _tags(
        "Modality SeriesDescription RetrieveURL SeriesInstanceUID SeriesNumber NumberOfSeriesRelatedInstances "
        "PerformedProcedureStepStartDate PerformedProcedureStepStartTime RequestAttributesSequence"
    ),
    Level.INSTANCES: _tags(
        "SOPClassUID SOPInstanceUID InstanceAvailability RetrieveURL InstanceNumber Rows Columns BitsAllocated "
        "NumberOfFrames"
    ),
}

_OF_STUDY = RETURNED[Level.STUDIES] | _tags(
    "PatientAge PatientSize PatientWeight PatientBirthTime PatientComments OtherPatientIDs EthnicGroup Occupation "
    "AdditionalPatientHistory StudyDescription NameOfPhysiciansReadingStudy AdmittingDiagnosesDescription "
    "IssuerOfPatientID PatientState ProcedureCodeSequence SOPClassesInStudy"
)
_OF_SERIES = RETURNED[Level.SERIES] | _tags(
    "SeriesDate SeriesTime BodyPartExamined Laterality PatientPosition ProtocolName Manufacturer "
    "ManufacturerModelName InstitutionName StationName DeviceSerialNumber SoftwareVersions "
    "PerformingPhysicianName OperatorsName PerformedProcedureStepID PerformedProcedureStepDescription "
    "FrameOfReferenceUID"
)


def level_of(tag: str) -> Level:
    if tag in _OF_STUDY:
        return Level.STUDIES
    return Level.SERIES if tag in _OF_SERIES else Level.INSTANCES
