"""A send that did not end: what the server has confirmed is not sent again."""

from __future__ import annotations

from DICOMWebNodesHost.job import JobState
from host.one_send import outcomes


def test_a_send_that_was_not_finished_is_known_after_a_restart(slicer, sending):
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedSends()
    assert (unfinished.node, unfinished.seriesUIDs, unfinished.title) == ("Archive", ("1.2.1",), "DOE^JANE")
    again = restarted.resumeSend(unfinished)
    slicer.loop.wait(10)
    assert restarted.unfinishedSends() == ()
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "already_there"))
    slicer.worker.answer({"complete": True, "stored": 2, "already_there": 1, "bytes": 9})
    slicer.loop.wait(10)
    assert again.value.complete
    assert slicer.restarted().unfinishedSends() == ()


def test_what_the_server_has_confirmed_is_not_sent_again_after_a_restart(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "already_there"))
    slicer.loop.wait(1)
    restarted = slicer.restarted()
    (unfinished,) = restarted.unfinishedSends()
    assert restarted.confirmedOf(unfinished) == 2
    again = restarted.resumeSend(unfinished)
    slicer.loop.wait(10)
    everything = slicer.database.filesForSeries("1.2.1")
    assert slicer.worker.last("list")["params"]["items"] == [everything[2]]
    assert slicer.worker.last("store")["params"]["resumed"] is True
    assert (again.progress.received, again.progress.expected) == (2, 3)
    assert (again.series["1.2.1"].indexed, again.series["1.2.1"].state) == (2, "waiting")
    slicer.worker.tell("items", outcomes(slicer, "stored"))
    slicer.worker.answer({"complete": True, "stored": 1, "bytes": 9})
    slicer.loop.wait(10)
    assert (again.value.complete, again.value.confirmed, again.value.counts) == (True, 2, {"stored": 1})
    assert [path.name for path in slicer.folder.glob("dicomweb/sent-*")] == []


def test_a_send_of_which_everything_is_confirmed_is_over_at_once(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "stored"))
    slicer.worker.die()
    slicer.loop.wait(1)
    again = slicer.logic.retrySend(sending)
    slicer.loop.wait(10)
    assert (again.state, again.value.complete, again.value.confirmed) == (JobState.DONE, True, 3)
    assert again.series["1.2.1"].state == "done"
    assert len(slicer.workers) == 1, "there was nothing to ask for"
    assert slicer.logic.unfinishedSends() == ()


def test_a_file_that_has_changed_is_sent_again(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored", "stored"))
    slicer.worker.die()
    slicer.loop.wait(1)
    changed = slicer.database.filesForSeries("1.2.1")[1]
    with open(changed, "wb") as file:
        file.write(b"another instance")
    slicer.logic.retrySend(sending)
    slicer.loop.wait(10)
    assert slicer.worker.last("list")["params"]["items"] == [changed]


def test_what_was_confirmed_is_kept_without_the_names_of_files(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "failed", "unconfirmed"))
    slicer.loop.wait(1)
    (kept,) = slicer.folder.glob("dicomweb/sent-*")
    lines = kept.read_text().split()
    assert len(lines) == 1
    assert set(lines[0]) <= set("0123456789abcdef")


def test_a_line_that_was_cut_short_confirms_nothing(slicer, sending):
    slicer.worker.tell("items", outcomes(slicer, "stored", "stored"))
    slicer.loop.wait(1)
    (kept,) = slicer.folder.glob("dicomweb/sent-*")
    kept.write_text(kept.read_text()[:-5])
    (unfinished,) = slicer.restarted().unfinishedSends()
    assert slicer.logic.confirmedOf(unfinished) == 1
