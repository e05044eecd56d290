"""A transfer that somebody cancels, pauses or hurries, as a whole or a series of it."""

import threading
import time

import pytest
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import (
    ConnectionLost,
)
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.transfer.events import (
    InstanceStored,
    Planned,
    SeriesDone,
)

from .origin import SERIES, Origin, expected_files, files, run


def test_a_cancelled_transfer_accounts_for_what_is_missing_and_resumes(tmp_path):
    origin, control = Origin(instances=20), Control()
    stored = []

    def cancel_after_seven(event):
        if isinstance(event, InstanceStored):
            stored.append(event)
            if len(stored) == 7:
                control.cancel()

    summary = run(origin, tmp_path, listener=cancel_after_seven, control=control)
    assert summary.cancelled
    assert (summary.stored, summary.missing) == (7, 13)
    assert not list(tmp_path.rglob("*.part"))
    again = Origin(instances=20)
    assert run(again, tmp_path).complete
    assert len(again.asked) == 13


def test_a_transfer_that_was_cancelled_before_it_began_asks_for_nothing(tmp_path):
    origin, control = Origin(), Control()
    control.cancel()
    summary = run(origin, tmp_path, control=control)
    assert (origin.asked, summary.cancelled) == ([], True)
    assert summary.missing >= 1


def test_a_paused_transfer_takes_nothing_until_it_is_resumed(tmp_path):
    origin, control = Origin(instances=20), Control()
    paused = threading.Event()

    def pause_once(event):
        if isinstance(event, InstanceStored) and not paused.is_set():
            control.pause()
            paused.set()

    results = []
    transfer = threading.Thread(
        target=lambda: results.append(run(origin, tmp_path, listener=pause_once, control=control))
    )
    transfer.start()
    assert paused.wait(10)
    transfer.join(0.2)
    assert transfer.is_alive()
    assert len(files(tmp_path)) <= 2  # the one that was stored, and the part that waits
    control.resume()
    transfer.join(10)
    assert results[0].complete


class Steering:
    """Pauses a series when its first instance is stored; ``then(control, series)`` as soon as another is done too."""

    def __init__(self, series, then):
        self.control = Control()
        self.done = []
        self._series = series
        self._then = then
        self._paused = False

    def hear(self, event):
        if isinstance(event, InstanceStored) and event.resource.parent == self._series and not self._paused:
            self._paused = True
            self.control.pause(self._series)
        elif isinstance(event, SeriesDone):
            self.done.append(event.resource)
        else:
            return
        if self._paused and self.done and self._series not in self.done:
            self._then(self.control, self._series)


OTHER = Resource("1.2", "1.2.4")


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("levels", [tuple(Level), (Level.INSTANCE,)])
def test_a_series_is_paused_while_another_one_comes_also_over_the_only_connection(tmp_path, connections, levels):
    origin = Origin(SERIES, OTHER, instances=20, levels=levels)
    steering = Steering(SERIES, Control.resume)
    summary = run(origin, tmp_path, listener=steering.hear, control=steering.control, connections=connections)
    assert steering.done == [OTHER, SERIES]
    assert summary.complete
    assert files(tmp_path) == expected_files(origin)


def test_a_stream_that_was_paused_for_longer_than_the_server_waits_is_made_good(tmp_path):
    origin = Origin(SERIES, OTHER, instances=20)
    origin.breaks_after[SERIES] = (1, ConnectionLost("the server has closed it"))
    steering = Steering(SERIES, Control.resume)
    assert run(origin, tmp_path, listener=steering.hear, control=steering.control).complete
    assert steering.done == [OTHER, SERIES]


@pytest.mark.parametrize("levels", [tuple(Level), (Level.INSTANCE,)])
def test_of_a_series_that_is_cancelled_what_is_missing_is_named_and_the_others_come(tmp_path, levels):
    origin = Origin(SERIES, OTHER, instances=20, levels=levels)
    steering = Steering(SERIES, Control.cancel)
    summary = run(origin, tmp_path, listener=steering.hear, control=steering.control)
    assert (summary.cancelled, summary.complete) == (False, False)
    assert {each.reason for each in summary.failed} == {"it was cancelled"}
    assert all(SERIES.contains(each.resource) for each in summary.failed)
    assert summary.stored + summary.missing == 40
    assert len(list((tmp_path / "1.2" / "1.2.4").iterdir())) == 20
    assert not list(tmp_path.rglob("*.part"))
    again = Origin(SERIES, OTHER, instances=20)
    assert run(again, tmp_path, SERIES).stored == summary.missing == len(again.asked)


def test_a_cancelled_transfer_ends_the_requests_that_run(tmp_path):
    origin, control, ended = Origin(SERIES), Control(), threading.Event()
    origin.on_part = control.cancel
    assert run(origin, tmp_path, control=control, abort=ended.set).cancelled
    assert ended.is_set()


def test_a_cancelled_transfer_does_not_wait_for_a_request_that_hangs_nevertheless(tmp_path):
    origin, control, let_go = Origin(SERIES), Control(), threading.Event()

    def hang():
        control.cancel()
        let_go.wait(20)

    origin.on_part = hang
    started = time.monotonic()
    summary = run(origin, tmp_path, control=control)
    took = time.monotonic() - started
    let_go.set()
    assert took < 10
    assert (summary.stored, summary.missing) == (0, 5)


def test_a_series_that_is_cancelled_before_it_began_is_not_asked_for(tmp_path):
    origin, control = Origin(SERIES, OTHER), Control()
    control.cancel(SERIES)
    summary = run(origin, tmp_path, control=control)
    assert origin.asked == [OTHER]
    assert [(each.resource, each.instances, each.code) for each in summary.failed] == [(SERIES, 5, "cancelled")]


def test_a_transfer_is_cancelled_although_a_series_of_it_is_paused(tmp_path):
    origin = Origin(SERIES, OTHER, instances=20, levels=(Level.INSTANCE,))
    steering = Steering(SERIES, lambda control, series: control.cancel())
    summary = run(origin, tmp_path, listener=steering.hear, control=steering.control)
    assert summary.cancelled
    assert summary.stored + summary.missing == 40


def test_what_is_urgent_is_fetched_first(tmp_path):
    series = [Resource("1.2", f"1.2.{n}") for n in range(3, 20)]
    origin, control = Origin(*series, instances=1), Control()

    def prioritise(event):
        if isinstance(event, Planned):
            control.prioritise(series[-1])

    run(origin, tmp_path, listener=prioritise, control=control, connections=1)
    assert origin.asked.index(series[-1]) <= 1
