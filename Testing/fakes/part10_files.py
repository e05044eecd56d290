"""Small, valid DICOM Part 10 files, made in memory."""

import io

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

PATTERN = bytes(range(251))
"""What pixel data repeats; no power of two, so that it is another one at each boundary of a block."""


def part10(study, series, instance, *, payload=2000, meta_instance=None, **attributes):
    """The bytes of one instance with ``payload`` bytes of pixel data, and ``attributes`` by keyword."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = meta_instance or instance
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID = CTImageStorage
    data.SOPInstanceUID = instance
    data.PatientName = "DOE^JANE"
    data.StudyInstanceUID = study
    data.SeriesInstanceUID = series
    data.PixelData = (PATTERN * (payload // len(PATTERN) + 1))[:payload]
    data["PixelData"].VR = "OW"
    for keyword, value in attributes.items():
        setattr(data, keyword, value)
    target = io.BytesIO()
    if int(pydicom.__version__.split(".")[0]) >= 3:
        pydicom.dcmwrite(target, data, enforce_file_format=True)
    else:
        data.is_little_endian, data.is_implicit_VR = True, False
        pydicom.dcmwrite(target, data, write_like_original=False)
    return target.getvalue()
