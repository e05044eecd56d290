"""The README and what is under docs/, as blocks of code that tests run, and as headings and links."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import List, Set

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCUMENTS = (README, *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md")

# What the documents call the server and the provider, and which studies of the server they name.
SERVER = "https://pacs.example.org/dicom-web"
PROVIDER, REALM, CLIENT_ID = "https://login.example.org", "dcm4che", "slicer"
STUDY = "1.2.840.113619.2.5"
PATIENT_ID = "P-4711"
ACCESSION_NUMBER = "A-0815"

_FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """``kind``: what stands behind the fence: "sh", "python slicer"."""

    document: Path
    line: int
    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


def blocks(document: Path, *kinds: str) -> List[Block]:
    """All blocks of a document in their order, or those of some kinds."""
    text = document.read_text(encoding="utf-8")
    found = [
        Block(document, text.count("\n", 0, match.start()) + 1, match[2].strip(), textwrap.dedent(match[3]))
        for match in _FENCE.finditer(text)
    ]
    return [block for block in found if not kinds or block.kind in kinds]


def links(document: Path) -> List[str]:
    return _LINK.findall(_prose(document))


def anchors(document: Path) -> Set[str]:
    """Those that GitHub makes of the headings."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in _HEADING.findall(_prose(document))}


def sections(document: Path) -> List[str]:
    """What stands between one heading and the next, of whatever depth, the code with it."""
    return re.split(r"^#+ ", document.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _prose(document: Path) -> str:
    return _FENCE.sub("", document.read_text(encoding="utf-8"))


def served(folder: Path) -> List[Path]:
    """The files of the server that the documents talk of: one study with two instances that can be shown."""
    import pydicom
    from pydicom.data import get_testdata_file

    files = []
    for number in (1, 2):
        data = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
        data.StudyInstanceUID, data.SeriesInstanceUID = STUDY, f"{STUDY}.1"
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"{STUDY}.1.{number}"
        data.PatientName, data.PatientID, data.AccessionNumber = "DOE^JANE", PATIENT_ID, ACCESSION_NUMBER
        data.StudyDate, data.InstanceNumber = "20240131", number
        data.ImagePositionPatient = [*data.ImagePositionPatient[:2], 2.0 * number]
        files.append(folder / f"{number}.dcm")
        data.save_as(files[-1])
    return files
