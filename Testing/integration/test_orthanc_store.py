"""Storing to a real Orthanc: what it has afterwards, and the account of every file."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List

import pydicom
import pytest
from DICOMWebNodesLib.dicomweb.store_outcome import StoreOutcome, StoreStatus, StoreSummary
from DICOMWebNodesLib.workspace import Resource, Workspace
from orthanc import Orthanc

from .conftest import resource_of


@pytest.fixture(scope="session")
def named(orthanc: Orthanc) -> Dict[str, Path]:
    """Files that Orthanc is known to take, by name."""
    return {file.name: file for file in orthanc.files}


class Sent:
    """What storing ``files`` came to: the summary and the outcome of each file."""

    def __init__(self, workspace: Workspace, server: Orthanc, files: List[Path], **options: object) -> None:
        self.outcomes: Dict[Path, StoreOutcome] = {}
        self.summary: StoreSummary = workspace.store(server.dicomweb_url, files, on_outcome=self._note, **options)

    def _note(self, outcome: StoreOutcome) -> None:
        assert outcome.path not in self.outcomes, "two outcomes for one file"
        self.outcomes[outcome.path] = outcome

    def status(self, file: Path) -> StoreStatus:
        return self.outcomes[file].status


def has(server: Orthanc, file: Path) -> bool:
    """Whether the server holds these very bytes, asked through its own interface."""
    try:
        return server.stored_bytes(resource_of(file).sop_instance_uid) == file.read_bytes()
    except KeyError:
        return False


def test_good_files_of_every_kind_are_stored_as_they_are(
    workspace: Workspace, empty_orthanc: Orthanc, orthanc: Orthanc
) -> None:
    sent = Sent(workspace, empty_orthanc, orthanc.files)
    refused = [file for file in orthanc.files if not has(empty_orthanc, file)]
    assert {file.name for file in refused} <= {"rtdose_rle.dcm"}  # Orthanc's STOW-RS misses a mandatory attribute in it
    assert [outcome.path for outcome in sent.summary.failures] == refused
    assert sent.summary.stored == len(orthanc.files) - len(refused)


def test_files_that_are_there_already_are_no_failure(
    workspace: Workspace, empty_orthanc: Orthanc, named: Dict[str, Path]
) -> None:
    files = [named["CT_small.dcm"], named["MR_small.dcm"]]
    Sent(workspace, empty_orthanc, files[:1])
    again = Sent(workspace, empty_orthanc, files)
    assert again.summary.complete
    assert all(has(empty_orthanc, file) for file in files)


def test_garbage_is_named_and_not_sent(workspace: Workspace, empty_orthanc: Orthanc, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.dcm"
    garbage.write_bytes(b"\x8a" * 4000)
    empty = tmp_path / "empty.dcm"
    empty.touch()
    sent = Sent(workspace, empty_orthanc, [garbage, empty])
    assert (sent.status(garbage), sent.status(empty)) == (StoreStatus.NOT_DICOM, StoreStatus.NOT_DICOM)
    assert sent.summary.stored == 0


def test_of_good_and_bad_files_together_every_good_one_arrives(
    workspace: Workspace, empty_orthanc: Orthanc, named: Dict[str, Path], tmp_path: Path
) -> None:
    good = [named[name] for name in ("CT_small.dcm", "MR_small.dcm", "liver_1frame.dcm", "SC_rgb_jpeg_gdcm.dcm")]
    garbage = tmp_path / "garbage.dcm"
    garbage.write_bytes(b"\x8a" * 4000)
    half = tmp_path / "half.dcm"  # a good head, and pixels that end too early
    half.write_bytes(named["examples_overlay.dcm"].read_bytes()[:100_000])
    sent = Sent(workspace, empty_orthanc, [good[0], garbage, good[1], half, *good[2:]])
    assert all(has(empty_orthanc, file) for file in good)
    assert [sent.status(file) for file in good] == [StoreStatus.STORED] * len(good)
    assert sent.status(garbage) is StoreStatus.NOT_DICOM
    assert set(sent.outcomes) == {*good, garbage, half}
    # Whatever becomes of the half one, it is told as it is.
    assert (sent.status(half) is StoreStatus.STORED) == has(empty_orthanc, half)


def test_an_instance_of_another_study_is_refused_with_the_reason(
    workspace: Workspace, empty_orthanc: Orthanc, named: Dict[str, Path]
) -> None:
    ct, mr = named["CT_small.dcm"], named["MR_small.dcm"]
    sent = Sent(workspace, empty_orthanc, [ct, mr], study_instance_uid=resource_of(ct).study_instance_uid)
    assert (sent.status(ct), sent.status(mr)) == (StoreStatus.STORED, StoreStatus.FAILED)
    assert "another study" in sent.outcomes[mr].reason
    assert has(empty_orthanc, ct)
    assert not has(empty_orthanc, mr)


def test_what_was_stored_comes_back_the_same(
    workspace: Workspace, empty_orthanc: Orthanc, phantom_series: List[Path], tmp_path: Path
) -> None:
    files = phantom_series[:20]
    assert Sent(workspace, empty_orthanc, files).summary.complete
    study = Resource(pydicom.dcmread(files[0], stop_before_pixels=True).StudyInstanceUID)
    assert workspace.retrieve(empty_orthanc.dicomweb_url, [study], tmp_path / "back").complete
    back = {file.stem: file.read_bytes() for file in (tmp_path / "back").rglob("*.dcm")}
    assert back == {file.stem: file.read_bytes() for file in files}
