"""Real instances for tests and the demo: the ones that pydicom ships."""

from __future__ import annotations

from pathlib import Path
from typing import List

import pydicom.data
from fakes.origin_server import Archive

_FOLDERS = ("test_files", "charset_files")


def pydicom_files() -> List[Path]:
    """Every file of pydicom that is a DICOM instance with its UIDs in order, each instance once.

    Compressed and uncompressed, single and multi-frame, CT, MR, US, NM, RT dose, segmentation, reports, an ECG, and
    names in many scripts.
    """
    root = Path(pydicom.data.__file__).parent
    archive = Archive("")
    archive.add_all(sorted(file for folder in _FOLDERS for file in (root / folder).rglob("*") if file.is_file()))
    return [instance.path for instance in archive.all()]
