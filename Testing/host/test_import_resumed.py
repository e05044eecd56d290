"""An import that did not end: the worker dies, Slicer ends, and what the next one knows of it."""

from __future__ import annotations

import json

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.journal import Journal
from DICOMWebNodesLib.errors import NodeNotFound, WorkerFailed
from host.one_import import DONE, ONE, STUDY, instances


def test_whether_to_verify_is_said_to_the_worker_and_kept_for_whoever_resumes(slicer):
    slicer.logic.startImportStudies("Orthanc", [STUDY], "Jane", verify=True)
    slicer.loop.wait(10)
    assert slicer.worker.last("retrieve")["params"]["verify"] is True
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedImports()
    again = restarted.resumeImport(unfinished)
    assert again.verify
    assert restarted.retryImport(again).verify


def test_a_dead_worker_fails_the_import_and_the_next_one_resumes(slicer, job):
    slicer.retrieve(*instances(ONE, 2))
    slicer.worker.die()
    slicer.work()
    assert job.state is JobState.FAILED
    assert isinstance(job.error, WorkerFailed)
    assert job.series["1.2.1"].received == 2

    (unfinished,) = slicer.logic.unfinishedImports()
    again = slicer.logic.resumeImport(unfinished)
    slicer.loop.wait(10)
    assert len(slicer.workers) == 2
    assert len(slicer.worker.last("list")["params"]["items"]) == 2
    slicer.worker.tell(
        "stored", [[name, slicer.database.fileForInstance(name.split("/")[2]), 4, True] for name in instances(ONE, 2)]
    )
    slicer.worker.answer(DONE)
    slicer.work()
    assert again.value.complete
    assert slicer.logic.unfinishedImports() == ()


def test_after_a_restart_what_was_not_finished_is_known(slicer, job):
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedImports()
    assert (unfinished.node, unfinished.resources, unfinished.title) == ("Orthanc", (STUDY,), "Jane")
    restarted.forgetImport(unfinished)
    assert restarted.unfinishedImports() == ()


def test_an_unfinished_import_of_a_script_has_a_title_too(slicer):
    slicer.logic.startImportStudies("Orthanc", [STUDY])
    restarted = slicer.restarted()
    assert [each.title for each in restarted.unfinishedImports()] == [STUDY]


def test_an_import_of_a_manifest_goes_on_when_the_manifest_is_opened_again(slicer):
    slicer.logic.startImportStudies("manifest:pacs.example.org:8443/first", [STUDY], "Jane")
    slicer.logic.startImportStudies("manifest:other.example.org/first", [STUDY], "Joe")

    restarted = slicer.restarted()
    jane, joe = restarted.unfinishedImports()
    assert (jane.manifestHost, joe.manifestHost) == ("pacs.example.org:8443", "other.example.org")
    again = restarted.startImportStudies("manifest:pacs.example.org:8443/second", [STUDY], "Jane")
    assert again.uid == jane.uid
    (entry,) = (each for each in Journal(slicer.folder / "dicomweb").entries() if each.uid == jane.uid)
    assert entry.node == "manifest:pacs.example.org:8443/second"
    for elsewhere in ("Orthanc", "manifest:third.example.org/first"):
        assert restarted.startImportStudies(elsewhere, [STUDY], "Jane").uid not in (jane.uid, joe.uid)
    assert restarted.startImportStudies("manifest:other.example.org/second", [ONE], "Joe").uid != joe.uid


@pytest.mark.parametrize("ending", ["complete", "cancelled"])
def test_what_is_done_or_given_up_is_not_resumed(slicer, job, ending):
    slicer.worker.answer({**DONE, "complete": ending == "complete", "cancelled": ending == "cancelled"})
    slicer.work()
    assert slicer.logic.unfinishedImports() == ()


def test_of_a_node_that_there_never_was_nothing_is_left_to_resume(slicer, job):
    """A loop of a script over a thousand studies, with a node that it misspells."""
    slicer.logic.startImportStudies("Ortanc", [STUDY], "Joe")
    slicer.loop.wait(10)
    slicer.worker.refuse(NodeNotFound("there is no node 'Ortanc'"))
    slicer.worker.die()
    slicer.work()
    (left,) = slicer.logic.unfinishedImports()
    assert left.title == "Jane"
    slicer.logic.resumeImport(left)
    slicer.loop.wait(10)
    slicer.worker.refuse(NodeNotFound("somebody has removed it meanwhile, and may bring it back"))
    slicer.work()
    assert slicer.logic.unfinishedImports() == (left,)


@pytest.mark.parametrize(
    "content", ["", "[]", "7", '{"noted": 1, "import": {}}', '{"noted": "x", "import": {"node": "a"}}', "\0"]
)
def test_a_damaged_note_of_an_import_counts_as_none(slicer, job, content):
    slicer.logic.startImportStudies("Orthanc", [STUDY], "Joe")
    damaged, _ = notes_of(slicer)
    whole = json.loads(damaged.read_text())["import"]["title"]
    damaged.write_text(content)
    assert {"Jane", "Joe"} - {each.title for each in slicer.restarted().unfinishedImports()} == {whole}


@pytest.mark.parametrize(
    "change", [{"uid": None}, {"resources": ["a/b"]}, {"resources": STUDY}, {"verify": "yes"}, {"color": "red"}]
)
def test_a_note_that_somebody_has_changed_counts_as_none(slicer, job, change):
    (note,) = notes_of(slicer)
    raw = json.loads(note.read_text())
    raw["import"].update(change)
    note.write_text(json.dumps(raw))
    assert slicer.restarted().unfinishedImports() == ()


def test_what_is_forgotten_does_not_come_back_from_a_copy_of_its_note(slicer, job):
    """Programs that synchronise folders make such copies."""
    (note,) = notes_of(slicer)
    note.with_name("unfinished-00 (conflicted copy).json").write_text(note.read_text())
    restarted = slicer.restarted()
    (entry,) = restarted.unfinishedImports()
    restarted.forgetImport(entry)
    assert restarted.unfinishedImports() == ()


def test_the_journal_holds_no_secret_and_no_name_of_a_patient_beyond_the_title(slicer, job):
    (note,) = notes_of(slicer)
    raw = json.loads(note.read_text())
    assert set(raw) == {"noted", "import"}
    assert set(raw["import"]) == {"uid", "node", "resources", "title", "cancelled", "verify"}


def notes_of(slicer):
    return list((slicer.folder / "dicomweb").glob("unfinished-*"))
