"""Who works on a transfer, of several Slicers that have one database open."""

from __future__ import annotations

import multiprocessing

import pytest
from DICOMWebNodesHost.claims import claim, isClaimed
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.journal import Journal, UnfinishedImport
from DICOMWebNodesHost.logic import Logic

STUDY = "1.2.3"


@pytest.fixture
def second(slicer):
    """Another Slicer with the same database."""
    return Logic(slicer.host())


def test_a_claim_lasts_until_it_is_released_and_leaves_nothing(tmp_path):
    assert not isClaimed(tmp_path, "a")
    mine = claim(tmp_path, "a", 0)
    assert isClaimed(tmp_path, "a")
    assert claim(tmp_path, "a", 0) is None
    assert not isClaimed(tmp_path, "b")
    mine.release()
    assert not isClaimed(tmp_path, "a")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_locked_nobody_is_kept_from_anything(tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    mine = claim(nowhere, "a")
    assert mine is not None
    assert not isClaimed(nowhere, "a")
    mine.release()


def test_what_another_slicer_imports_is_not_offered_until_it_has_failed_there(slicer, second):
    job = slicer.logic.startImportStudies("Orthanc", [STUDY])
    slicer.loop.wait(1)
    assert second.unfinishedImports() == ()
    slicer.worker.die()
    slicer.work()
    assert job.state is JobState.FAILED
    (offered,) = second.unfinishedImports()
    second.resumeImport(offered)
    assert slicer.logic.unfinishedImports() == ()
    again = slicer.logic.retryImport(job)
    assert "another Slicer" in str(again.error)
    assert slicer.logic.imports[-1] is again


def test_what_another_slicer_sends_is_neither_offered_nor_forgotten_nor_sent_twice(slicer, second, tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"DICM")
    job = slicer.logic.startSend("Orthanc", files=[str(tmp_path / "a.dcm")])
    slicer.loop.wait(1)
    assert second.unfinishedSends() == ()
    (entry,) = Journal(tmp_path / "dicomweb").sends()
    second.forgetSend(entry)
    assert second.resumeSend(entry).state is JobState.FAILED
    slicer.worker.die()
    slicer.loop.wait(1)
    assert job.state is JobState.FAILED
    assert second.unfinishedSends() == (entry,)
    second.forgetSend(entry)
    assert second.unfinishedSends() == ()


def _note(folder, number):
    for each in range(20):
        Journal(folder).add(UnfinishedImport("Orthanc", (STUDY,), uid=f"{number}-{each}"))


def test_several_slicers_that_note_at_once_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_note, args=(tmp_path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert len(Journal(tmp_path).entries()) == 60
    assert {path.name for path in tmp_path.iterdir()} == {"unfinished.json", "unfinished.lock"}
