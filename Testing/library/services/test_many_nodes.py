"""One search over many nodes."""

from __future__ import annotations

import threading

import pytest
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.identity import merged
from DICOMWebNodesLib.dicomweb.resource import Level
from DICOMWebNodesLib.errors import Cancelled, ConnectionRefused, TransferError, UnsupportedService
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.workspace import Query, Workspace
from DICOMWebNodesLib.workspace.many_nodes import Ended, Found, Warned, search_nodes

LAB, CLINIC = Node("Lab", "http://lab/dicom-web", uid="lab"), Node("Clinic", "http://clinic/dicom-web", uid="clinic")
ARCHIVE = Node("Archive", "http://archive/dicom-web", uid="archive")
SECONDS = 10


def study(uid, description=""):
    values = {"0020000D": ("UI", uid), "00081030": ("LO", description)}
    return Attributes({tag: {"vr": vr, "Value": [value]} for tag, (vr, value) in values.items()})


def searching(**answers):
    """A search whose nodes do what ``answers`` say: a function by uid, called with the search's arguments."""

    def search(node, query, on_warning=None, *, control=None):
        return answers[node.uid](on_warning, control)

    return search


def gives(*uids):
    return lambda warn, control: iter([study(uid) for uid in uids])


def raises(error):
    def answer(warn, control):
        raise error

    return answer


def found_by_node(events):
    found = {}
    for event in events:
        if isinstance(event, Found):
            found.setdefault(event.node.uid, []).append(event.attributes.study_instance_uid)
    return found


def ended(events):
    return {event.node.uid: event for event in events if isinstance(event, Ended)}


def test_what_each_node_has_comes_with_its_node():
    events = list(search_nodes(searching(lab=gives("1.1", "1.2"), clinic=gives("1.2")), [LAB, CLINIC], Query.studies()))
    assert found_by_node(events) == {"lab": ["1.1", "1.2"], "clinic": ["1.2"]}
    assert {uid: event.count for uid, event in ended(events).items()} == {"lab": 2, "clinic": 1}


def test_a_node_that_is_named_twice_is_asked_once():
    events = list(search_nodes(searching(lab=gives("1.1")), [LAB, LAB], Query.studies()))
    assert found_by_node(events) == {"lab": ["1.1"]}


def test_a_node_that_fails_is_told_and_the_others_give_all_they_have():
    error = ConnectionRefused("nothing listens")
    answers = searching(lab=gives("1.1"), clinic=raises(error), archive=raises(ZeroDivisionError("x")))
    events = list(search_nodes(answers, [LAB, CLINIC, ARCHIVE], Query.studies()))
    assert found_by_node(events) == {"lab": ["1.1"]}
    assert ended(events)["clinic"].error is error
    assert str(error).startswith("Clinic: ")
    assert isinstance(ended(events)["archive"].error, TransferError)


def test_what_came_before_a_node_failed_is_kept():
    def breaks_off(warn, control):
        yield study("1.1")
        raise ConnectionRefused("gone")

    events = list(search_nodes(searching(lab=breaks_off), [LAB], Query.studies()))
    assert found_by_node(events) == {"lab": ["1.1"]}
    assert (ended(events)["lab"].count, ended(events)["lab"].error.cause) == (1, "gone")


def test_a_node_that_is_slow_holds_nobody():
    go_on = threading.Event()

    def slow(warn, control):
        assert go_on.wait(SECONDS)
        yield study("1.9")

    events = search_nodes(searching(lab=slow, clinic=gives("1.1", "1.2")), [LAB, CLINIC], Query.studies())
    assert [event.node.uid for event in (next(events), next(events), next(events))] == ["clinic"] * 3
    go_on.set()
    assert found_by_node(events) == {"lab": ["1.9"]}


def test_a_warning_names_its_node():
    def warns(warn, control):
        warn("only 2 came")
        yield study("1.1")

    events = list(search_nodes(searching(lab=warns), [LAB], Query.studies()))
    assert events[0] == Warned(LAB, "only 2 came")


def test_cancelling_ends_it_at_once_whatever_a_node_waits_for():
    go_on, control = threading.Event(), Control()

    def hangs(warn, _control):
        go_on.wait(SECONDS)
        yield study("1.9")

    events = search_nodes(searching(lab=gives("1.1"), clinic=hangs), [LAB, CLINIC], Query.studies(), control=control)
    assert {type(next(events)), type(next(events))} == {Found, Ended}
    threading.Timer(0.05, control.cancel).start()
    with pytest.raises(Cancelled):
        next(events)
    assert not go_on.is_set()
    go_on.set()


@pytest.mark.parametrize("how", ["cancelled", "closed"])
def test_every_node_hears_that_nobody_wants_more(how):
    heard, control = threading.Event(), Control()

    def endless(warn, node_control):
        node_control.on_cancel(heard.set)
        number = 0
        while True:
            number += 1
            yield study(f"1.{number}")

    events = search_nodes(searching(lab=endless), [LAB], Query.studies(), control=control)
    next(events)
    if how == "cancelled":
        control.cancel()
    else:
        events.close()
    assert heard.wait(SECONDS)


def test_a_node_that_cannot_be_searched_is_refused_before_anything_is_asked():
    node = Node("Store", "http://store/rs", service_type=ServiceType.STOW_RS)
    with Workspace() as workspace, pytest.raises(UnsupportedService):
        workspace.search_nodes([LAB, node], Query.studies())


def test_a_study_of_several_nodes_is_one_with_all_its_sources_as_the_first_says():
    rows = merged(
        Level.STUDY,
        [("Lab", [study("1.1", "lab's words"), study("1.2")]), ("Clinic", [study("1.3"), study("1.1", "others")])],
    )
    assert [(row.study_instance_uid, row.nodes) for row in rows] == [
        ("1.1", ("Lab", "Clinic")),
        ("1.2", ("Lab",)),
        ("1.3", ("Clinic",)),
    ]
    assert rows[0].text("StudyDescription") == "lab's words"


def test_results_without_a_uid_are_all_kept():
    nameless = [Attributes({"00081030": {"vr": "LO", "Value": [text]}}) for text in ("a", "b")]
    assert len(merged(Level.STUDY, [("Lab", nameless)])) == 2
