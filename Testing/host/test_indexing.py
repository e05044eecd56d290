"""When the indexer gets which files: each start of it holds the window for as long as the database is large."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.indexing import Indexing
from DICOMWebNodesHost.intake import Intake
from DICOMWebNodesHost.slices import Slices


class Case:
    """``start``: milliseconds for which starting the indexer holds the window."""

    def __init__(self, slicer, start):
        self.slicer, self.start = slicer, start
        self.indexing = Indexing(self._make_indexer, slicer.loop.later, clock=lambda: slicer.loop.now / 1000)
        self.ended = []

    def _make_indexer(self):
        indexer = self.slicer.indexer
        give = indexer.addListOfFiles

        def slowly(database, files, copy):
            if not indexer.importing:
                self.slicer.loop.now += self.start
            give(database, files, copy)

        indexer.addListOfFiles = slowly
        return indexer

    def add(self, *names):
        files = [str(self.slicer.folder / name) for name in names]
        for file in files:
            open(file, "wb").close()
        self.indexing.add(self.slicer.database, files)

    def when_idle(self):
        self.indexing.whenIdle(lambda: self.ended.append(self.slicer.loop.now))

    @property
    def batches(self):
        return ["".join(file[-1] for file in files) for _, files in self.slicer.indexer.batches]


@pytest.fixture
def slow(slicer):
    """A large database: half a second for each start."""
    return Case(slicer, 500)


@pytest.fixture
def quick(slicer):
    return Case(slicer, 0)


def test_an_indexer_that_starts_at_once_gets_everything_at_once(quick):
    quick.add("a")
    quick.slicer.indexer.finish()
    quick.add("b", "c")
    assert quick.batches == ["bc"]


def test_an_indexer_that_is_at_work_gets_more_at_once(slow):
    slow.add("a")
    slow.add("b")
    assert slow.batches == ["a", "b"]


def test_after_a_start_that_held_the_window_what_comes_is_gathered_for_twenty_times_as_long(slow):
    slow.add("a")
    slow.slicer.indexer.finish()
    slow.slicer.loop.wait(6000)
    slow.add("b")
    slow.slicer.loop.wait(3900)
    slow.add("c")
    assert slow.batches == []
    slow.slicer.loop.wait(200)
    assert slow.batches == ["bc"]


def test_what_was_gathered_does_not_go_into_another_database(slow):
    slow.add("a")
    slow.slicer.indexer.finish()
    slow.add("b")
    slow.slicer.database.databaseFilename = str(slow.slicer.folder / "another.sql")
    slow.add("c")
    slow.slicer.loop.wait(20_000)
    assert slow.batches == ["c"]


def test_who_waits_for_the_end_does_not_wait_for_that(slow):
    slow.add("a")
    slow.slicer.indexer.finish()
    slow.add("b")
    slow.when_idle()
    assert slow.batches == ["b"]
    slow.slicer.indexer.finish()
    slow.add("c")
    assert slow.ended == [1000]


def test_the_end_is_heard_when_everything_has_been_looked_at(quick):
    quick.add("a")
    quick.when_idle()
    quick.slicer.loop.wait(10_000)
    assert quick.ended == []
    quick.slicer.indexer.finish()
    assert quick.ended == [10_000]


def test_an_end_that_is_heard_after_the_next_start_is_none(quick):
    quick.add("a")
    quick.when_idle()
    quick.slicer.indexer.indexingComplete.emit(0, 0, 0, 0)
    assert quick.ended == []


def test_without_anything_to_index_the_end_is_now(quick):
    quick.when_idle()
    assert quick.ended == [0]


def test_nothing_goes_into_another_database_that_was_opened_meanwhile(slicer, tmp_path):
    slices = Slices(slicer.loop.later)
    intake = Intake(slicer.database, Indexing(lambda: slicer.indexer, slicer.loop.later), slices, failed=print)
    (tmp_path / "other").mkdir()
    slicer.database.open(tmp_path / "other")
    intake.add([str(tmp_path / "a.dcm")])
    assert slicer.indexer.batches == []
