"""A picture never delays a transfer: when it may be made, told by a clock that only the tests move."""

from __future__ import annotations

import contextlib

import pytest
from dialect_suite.collection import write_collection
from DICOMWebNodesLib.errors import Cancelled
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.transfer.courtesy import FIRST_WAIT, LONGEST_REST, REST_OF_OURS, REST_OF_SERVERS, Courtesy
from DICOMWebNodesLib.transfer.events import Done
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.behaviours.offers import no_rendering


class Time:
    """A clock that stands still until somebody waits; ``meanwhile`` happens while they do."""

    def __init__(self):
        self.now = 100.0
        self.waited = []
        self.meanwhile = []

    def clock(self):
        return self.now

    def wait(self, condition, seconds):
        self.waited.append(seconds)
        assert len(self.waited) < 10, "it waits for ever"
        if self.meanwhile:
            self.meanwhile.pop(0)()
        else:
            self.now += seconds

    def courtesy(self):
        return Courtesy(self.clock, self.wait)


@pytest.fixture
def time():
    return Time()


def take(courtesy, time, seconds, *, made_here=True, control=None):
    with courtesy.turn(made_here=made_here, control=control):
        time.now += seconds


def test_without_a_transfer_nobody_waits(time):
    courtesy = time.courtesy()
    with courtesy.turn(made_here=True), courtesy.turn(made_here=True):
        take(courtesy, time, 5)
        take(courtesy, time, 5)
    assert time.waited == []


def test_what_is_made_here_waits_until_a_short_transfer_is_over(time):
    courtesy, done = time.courtesy(), []
    with contextlib.ExitStack() as transfer:
        transfer.enter_context(courtesy.transfer(Control()))

        def the_transfer_ends():
            transfer.close()
            done.append("transfer")

        time.meanwhile.append(the_transfer_ends)
        with courtesy.turn(made_here=True):
            done.append("picture")
    assert done == ["transfer", "picture"]
    assert time.waited == [FIRST_WAIT]


@pytest.mark.parametrize(("made_here", "rest"), [(True, REST_OF_OURS), (False, REST_OF_SERVERS)])
def test_while_a_long_transfer_runs_pictures_take_a_small_part_of_the_time(time, made_here, rest):
    courtesy = time.courtesy()
    with courtesy.transfer(Control()):
        time.now += FIRST_WAIT
        for _ in range(3):
            take(courtesy, time, 0.05, made_here=made_here)
    assert time.waited == pytest.approx([rest * 0.05] * 2)


def test_a_picture_that_took_very_long_does_not_end_all_pictures(time):
    courtesy = time.courtesy()
    with courtesy.transfer(Control()):
        take(courtesy, time, 1_000)
        take(courtesy, time, 1)
    assert time.waited == [FIRST_WAIT, LONGEST_REST]


def test_while_anything_is_transferred_pictures_come_one_at_a_time(time):
    courtesy, done = time.courtesy(), []
    with courtesy.transfer(Control()), contextlib.ExitStack() as first:
        first.enter_context(courtesy.turn(made_here=False))

        def the_first_is_there():
            first.close()
            done.append("first")

        time.meanwhile.append(the_first_is_there)
        with courtesy.turn(made_here=False):
            done.append("second")
    assert done == ["first", "second"]


def test_a_transfer_that_is_paused_holds_nothing_up(time):
    courtesy, control = time.courtesy(), Control()
    with courtesy.transfer(control):
        control.pause()
        take(courtesy, time, 1)
        take(courtesy, time, 1)
        assert time.waited == []
        control.resume()
        take(courtesy, time, 1)
        assert time.waited == [REST_OF_OURS]


def test_of_two_transfers_the_last_one_counts(time):
    courtesy = time.courtesy()
    with courtesy.transfer(Control()):
        with courtesy.transfer(Control()):
            pass
        take(courtesy, time, 0.1)
    assert time.waited == [FIRST_WAIT]


def test_who_scrolls_away_waits_no_longer(time):
    courtesy, control = time.courtesy(), Control()
    time.meanwhile.append(control.cancel)
    with courtesy.transfer(Control()), pytest.raises(Cancelled), courtesy.turn(made_here=True, control=control):
        pytest.fail("it was made all the same")
    take(courtesy, time, 0)
    assert len(time.waited) == 1


def test_a_picture_that_fails_gives_its_turn_back(time):
    courtesy = time.courtesy()
    with courtesy.transfer(Control()):
        time.now += FIRST_WAIT
        with pytest.raises(OSError), courtesy.turn(made_here=True):
            raise OSError
        take(courtesy, time, 0)
    assert time.waited == []


@pytest.mark.parametrize("moves", ["retrieve", "store"])
def test_a_workspace_makes_pictures_when_its_transfers_let_it(time, tmp_path, moves):
    collection = write_collection(tmp_path)
    dialect = Dialect(behaviours=(no_rendering("/thumbnail", "/rendered"),))
    with OriginServer(collection.files.values(), dialect=dialect) as server:
        with Workspace(NodeStore(tmp_path / "nodes.json", predefined=()), courtesy=time.courtesy()) as workspace:

            def show(event):
                if moves == "store" or isinstance(event, Done):
                    assert workspace.thumbnail(server.url, collection.instance).content

            if moves == "retrieve":
                workspace.retrieve(server.url, [collection.instance], tmp_path / "out", listener=show)
            else:
                workspace.store(server.url, [collection.files[collection.instance]], on_outcome=show)
    assert FIRST_WAIT in time.waited
