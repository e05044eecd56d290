"""Who works on a transfer, of several Slicers that have one database open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from DICOMWebNodesHost.claims import Claims, isClaimed
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.journal import Journal, Standing, UnfinishedImport, UnfinishedSend
from DICOMWebNodesHost.logic import Logic
from DICOMWebNodesHost.logic_transfers import conclude

PACKAGES = Path(__file__).resolve().parents[2] / "DICOMWebNodes"
STUDY = "1.2.3"


@pytest.fixture
def second(slicer):
    """Another Slicer with the same database."""
    return Logic(slicer.host())


def test_a_claim_lasts_until_it_is_released(tmp_path):
    assert not isClaimed(tmp_path, "a")
    mine, others = Claims(), Claims()
    first, second = mine.claim(tmp_path, "a", 0), mine.claim(tmp_path, "b", 0)
    assert isClaimed(tmp_path, "a")
    assert mine.claim(tmp_path, "a", 0) is None
    assert others.claim(tmp_path, "a", 0) is None
    assert not isClaimed(tmp_path, "c")
    first.release()
    assert not isClaimed(tmp_path, "a")
    assert isClaimed(tmp_path, "b"), "this Slicer works on it still"
    assert others.claim(tmp_path, "a", 0) is not None
    second.release()
    assert not isClaimed(tmp_path, "b")


def test_a_thousand_claims_keep_one_file_open(tmp_path):
    before = next_descriptor()
    claims = Claims()
    kept = [claims.claim(tmp_path, str(number)) for number in range(1000)]
    assert next_descriptor() <= before + 1
    for claim in kept:
        claim.release()
    assert next_descriptor() == before
    assert not list(tmp_path.glob("session-*"))


def next_descriptor():
    """The number that the next file gets: the lowest that is free."""
    descriptor = os.dup(1)
    os.close(descriptor)
    return descriptor


CLAIM_AND_DIE = """
import os, pathlib, sys
sys.path.insert(0, sys.argv[1])
from DICOMWebNodesHost.claims import Claims
claims, folder = Claims(), pathlib.Path(sys.argv[2])
kept = [uid for uid in map(str, range(20)) if claims.claim(folder, uid) is not None]
print(*kept, flush=True)
sys.stdin.read()
os._exit(0)
"""


def test_what_a_slicer_that_crashed_has_claimed_one_other_takes_up(tmp_path):
    def start():
        command = [sys.executable, "-c", CLAIM_AND_DIE, str(PACKAGES), str(tmp_path)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    crashed = start()
    claimed = crashed.stdout.readline().split()
    assert len(claimed) == 20
    assert all(isClaimed(tmp_path, uid) for uid in claimed)
    crashed.communicate()
    others = [start() for _ in range(3)]
    taken = [uid for each in others for uid in each.stdout.readline().split()]
    assert sorted(taken) == sorted(claimed), "each by one of them"
    for each in others:
        each.communicate()
    assert not any(isClaimed(tmp_path, uid) for uid in claimed)
    assert not list(tmp_path.glob("session-*"))


def test_of_a_transfer_that_is_forgotten_no_lock_is_left(tmp_path):
    journal = Journal(tmp_path)
    journal.claim("a").release()
    journal.remove("a")
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_cannot_be_kept_stops_no_transfer(tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    (tmp_path / "other").mkdir()
    Journal(tmp_path / "other").add(UnfinishedSend("Orthanc", uid="a"))
    (noted,) = (tmp_path / "other").iterdir()
    (tmp_path / noted.name).mkdir()
    for folder in (nowhere, tmp_path):
        journal = Journal(folder)
        journal.add(UnfinishedSend("Orthanc", uid="a"))
        assert journal.sends() == ()
    Journal(nowhere).confirm("a", ["0" * 16])
    Journal(nowhere).remove("a")
    assert {path.name for path in tmp_path.iterdir()} == {"file", "other", noted.name}


def test_what_was_confirmed_is_sent_again_when_the_note_of_it_is_damaged(tmp_path):
    journal = Journal(tmp_path)
    journal.confirm("a", ["0" * 16])
    assert journal.confirmed("a") == {"0" * 16}
    (note,) = tmp_path.glob("sent-*")
    note.write_bytes(b"\xff" * 16)
    assert journal.confirmed("a") == frozenset()


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX; run it on Linux or macOS")
def test_the_folder_of_the_journal_is_made_as_any_other(tmp_path):
    (tmp_path / "other").mkdir()
    Journal(tmp_path / "new" / "noted").add(UnfinishedSend("Orthanc"))
    Journal(tmp_path / "new" / "claimed").claim("a").release()
    modes = [(tmp_path / each).stat().st_mode for each in ("other", "new/noted", "new/claimed")]
    assert len(set(modes)) == 1


def test_an_import_from_a_node_is_never_taken_for_one_from_another():
    assert not UnfinishedImport("Orthanc", (STUDY,)).isAgain(UnfinishedImport("Archive", (STUDY,)))


def test_where_nothing_can_be_locked_nobody_is_kept_from_anything(tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    mine = Claims().claim(nowhere, "a")
    assert mine is not None
    assert not isClaimed(nowhere, "a")
    mine.release()


def test_what_this_slicer_works_on_it_does_not_offer_where_nothing_can_be_locked_either(slicer, tmp_path):
    slicer.logic.startImportStudies("Orthanc", [STUDY])
    (lock,) = (tmp_path / "dicomweb").glob("running-*.lock")
    lock.unlink()
    lock.mkdir()
    assert slicer.logic.unfinishedImports() == ()


def test_what_another_slicer_imports_is_not_offered_until_it_has_failed_there(slicer, second):
    job = slicer.logic.startImportStudies("Orthanc", [STUDY])
    slicer.loop.wait(1)
    assert second.unfinishedImports() == ()
    slicer.worker.die()
    slicer.work()
    assert job.state is JobState.FAILED
    (offered,) = second.unfinishedImports()
    assert slicer.logic.standingOf(offered) is Standing.UNFINISHED
    taken = second.resumeImport(offered)
    assert slicer.logic.unfinishedImports() == ()
    assert slicer.logic.standingOf(offered) is Standing.UNDER_WAY
    again = slicer.logic.retryImport(job)
    assert "another Slicer" in str(again.error)
    assert slicer.logic.imports[-1] is again
    taken.cancel()
    slicer.work()
    assert slicer.logic.standingOf(offered) is Standing.GONE


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


class WatchedClaim:
    """Tells how the transfer stands as soon as anybody may take it up."""

    def __init__(self, claim, journal):
        self._claim = claim
        self._journal = journal
        self.standing = None

    def release(self):
        self._claim.release()
        self.standing = self._journal.standingOf("a")


@pytest.mark.parametrize(
    ("state", "standing"), [(JobState.CANCELLED, Standing.GONE), (JobState.FAILED, Standing.UNFINISHED)]
)
def test_what_is_over_is_noted_before_another_slicer_may_take_it_up(tmp_path, state, standing):
    journal = Journal(tmp_path)
    claim = WatchedClaim(journal.claim("a"), journal)
    journal.add(UnfinishedSend("Orthanc", uid="a"))
    conclude(SimpleNamespace(uid="a", state=state, isAsWanted=False), journal, claim)
    assert claim.standing is standing


NOTE_TWENTY = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
from DICOMWebNodesHost.journal import Journal, UnfinishedImport
journal = Journal(pathlib.Path(sys.argv[2]))
for each in range(20):
    journal.add(UnfinishedImport("Orthanc", ("1.2.3",), uid=f"{sys.argv[3]}-{each}"))
"""


def test_several_slicers_that_note_at_once_lose_nothing(tmp_path):
    command = [sys.executable, "-c", NOTE_TWENTY, str(PACKAGES), str(tmp_path)]
    processes = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len(Journal(tmp_path).entries()) == 60


def test_a_change_takes_nothing_from_what_another_slicer_notes_meanwhile(tmp_path):
    """The clock is asked in the midst of noting."""
    other = Journal(tmp_path, clock=lambda: 2.0)

    def meanwhile():
        other.add(UnfinishedSend("Orthanc", uid="a"))
        return 1.0

    Journal(tmp_path, clock=meanwhile).add(UnfinishedSend("Orthanc", uid="b"))
    assert [each.uid for each in Journal(tmp_path).sends()] == ["b", "a"]
