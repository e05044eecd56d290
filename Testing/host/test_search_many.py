"""The logic searches many nodes: what scripts get, and what widgets hear."""

from __future__ import annotations

import json
import logging

import pytest
from DICOMWebNodesLib.errors import AuthenticationError, ConnectionRefused, InvalidQuery, PackageMissing, TimedOut

NODES = [{"uid": "lab", "name": "Lab"}, {"uid": "clinic", "name": "Clinic"}]


def study(uid):
    return json.dumps({"0020000D": {"vr": "UI", "Value": [uid]}})


def ended(position, count=0, error=None):
    return {"node": position, "count": count, "error": error.as_dict() if error else None}


@pytest.fixture
def search(slicer):
    """Starts a search of Lab and Clinic and plays the worker; what the job's signals said is in ``search.heard``."""

    class Search:
        def __init__(self):
            self.heard = []
            self.job = slicer.logic.startSearch(["lab", "clinic"], PatientName="DOE*")
            self.job.found.connect(lambda rows: self.heard.append([(row.node, row.study_instance_uid) for row in rows]))
            self.job.warned.connect(self.heard.append)
            self.job.nodeEnded.connect(
                lambda end: self.heard.append((end.name, end.count, end.error and end.error.code))
            )
            slicer.loop.wait(1)

        def tell(self, name, *items):
            slicer.worker.tell(name, list(items))
            slicer.loop.wait(1)

        def answer(self):
            slicer.worker.answer({"count": 0})
            slicer.loop.wait(1)
            return self.job

    search = Search()
    search.tell("searching", *NODES)
    return search


def test_all_nodes_are_asked_by_one_request(search, slicer):
    params = slicer.worker.last("search.nodes")["params"]
    assert params["nodes"] == ["lab", "clinic"]
    assert params["matching"] == {"PatientName": "DOE*"}


def test_widgets_hear_what_each_node_says_and_when_it_has_ended(search):
    search.tell("items", [0, study("1.1")], [1, study("1.2")])
    search.tell("node_warned", [1, "only 1 came"])
    assert search.job.waitingFor == ("Lab", "Clinic")
    search.tell("node_ended", ended(1, 1))
    assert search.job.waitingFor == ("Lab",)
    search.tell("node_ended", ended(0, 1, ConnectionRefused("gone", node="Lab")))
    assert search.heard == [
        [("lab", "1.1")],
        [("clinic", "1.2")],
        "Clinic: only 1 came",
        ("Clinic", 1, None),
        ("Lab", 1, "connection-refused"),
    ]


def test_scripts_get_each_study_once_with_the_nodes_that_have_it_and_what_failed(search):
    search.tell("items", [1, study("1.1")], [1, study("1.2")], [0, study("1.2")])
    search.tell("node_ended", ended(1, 2), ended(0, 1, ConnectionRefused("gone", node="Lab")))
    results = search.answer().value
    assert [(row.study_instance_uid, row.nodes) for row in results] == [
        ("1.2", ("Lab", "Clinic")),
        ("1.1", ("Clinic",)),
    ]
    assert [(error.node, error.cause) for error in results.failures] == [("Lab", "gone")]
    assert len(results) == 2


def test_it_fails_only_when_every_node_does(search):
    search.tell("node_ended", ended(0, 0, ConnectionRefused("gone", node="Lab")), ended(1, 0, TimedOut("slow")))
    job = search.answer()
    assert job.state.name == "FAILED"
    assert isinstance(job.error, ConnectionRefused)


def test_a_script_is_told_in_the_log_what_failed(slicer, caplog):
    steps = [
        lambda: slicer.worker.tell("searching", NODES),
        lambda: slicer.worker.tell("node_ended", [ended(0), ended(1, 0, ConnectionRefused("gone", node="Clinic"))]),
        lambda: slicer.worker.answer({"count": 0}),
    ]

    def process_events():
        slicer.loop.wait(10)
        if steps and slicer.workers and len(slicer.worker.heard) > 1:
            steps.pop(0)()

    logic = type(slicer.logic)(slicer.host(processEvents=process_events))
    with caplog.at_level(logging.WARNING):
        assert len(logic.search(["Lab", "Clinic"])) == 0
    assert "Clinic: gone." in caplog.text


@pytest.fixture
def lacking(slicer):
    """A search of two nodes of which the second lacks a package; ``ensure`` installs it, or raises."""

    def run(ensure):
        logic = type(slicer.logic)(slicer.host(ensureOAuth=ensure))
        job = logic.startSearch(["lab", "clinic"])
        slicer.loop.wait(1)
        slicer.worker.tell("searching", NODES)
        slicer.worker.tell("items", [[0, study("1.1")]])
        slicer.worker.tell("node_ended", [ended(0, 1), ended(1, 0, PackageMissing("oauthlib is not there"))])
        slicer.worker.answer({"count": 1})
        slicer.loop.wait(1000)
        return job

    return run


def test_a_node_that_lacks_a_package_is_searched_anew_once_it_is_there(lacking, slicer):
    job = lacking(lambda: None)
    assert not job.isOver
    assert slicer.worker.last("search.nodes")["params"]["nodes"] == ["clinic"]
    slicer.worker.tell("searching", NODES[1:])
    slicer.worker.tell("items", [[0, study("1.2")]])
    slicer.worker.tell("node_ended", [ended(0, 1)])
    slicer.worker.answer({"count": 1})
    slicer.loop.wait(1)
    assert [(row.study_instance_uid, row.nodes) for row in job.value] == [("1.1", ("Lab",)), ("1.2", ("Clinic",))]
    assert job.value.failures == ()


def test_a_node_that_still_lacks_it_has_failed_and_the_others_have_not(lacking):
    def refuse():
        raise AuthenticationError("nobody wants to install it")

    job = lacking(refuse)
    assert [(end.name, end.error is None) for end in job.ends] == [("Lab", True), ("Clinic", False)]
    assert len(job.value) == 1


def test_an_offset_makes_no_sense_for_several_nodes(slicer):
    with pytest.raises(InvalidQuery):
        slicer.logic.startSearch(["lab", "clinic"], offset=5)


def test_the_search_of_one_node_goes_on_where_it_broke(slicer):
    slicer.logic.startSearch(["lab"], offset=5)
    slicer.loop.wait(10)
    assert slicer.worker.last("search.nodes")["params"]["offset"] == 5
