from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from DICOMWebNodesLib.auth.credentials import BasicAuth
from DICOMWebNodesLib.cohort.run import retrieve_cohort
from DICOMWebNodesLib.cohort.work import WorkHere
from DICOMWebNodesLib.errors import InvalidValue
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Workspace
from fakes.careless_lists import careless_list
from fakes.origin_server import Dialect, OriginServer, Response
from library.cohort.at_once import AtOnce


@pytest.mark.parametrize(
    ("titles", "row", "resources", "instances"),
    [
        ("study_instance_uid", "1.2.1", ("1.2.1",), 4),
        ("study_instance_uid,modality", "1.2.1,SEG", ("1.2.1/1.2.1.2",), 1),
        ("study_instance_uid,series_instance_uid", "1.2.1,1.2.1.1", ("1.2.1/1.2.1.1",), 3),
        ("series_instance_uid", "1.2.2.1", ("1.2.2/1.2.2.1",), 2),
        ("sop_instance_uid", "1.2.1.1.2", ("1.2.1/1.2.1.1/1.2.1.1.2",), 1),
        ("study_instance_uid,sop_instance_uid", "1.2.1,1.2.1.1.2", ("1.2.1/1.2.1.1/1.2.1.1.2",), 1),
        ("patient_id", "P-1", ("1.2.1", "1.2.2"), 6),
        ("patient_id,modality", "P-1,CT", ("1.2.1/1.2.1.1", "1.2.2/1.2.2.1"), 5),
        ("accession_number", "A3", ("1.2.3",), 2),
        ("patient_id,accession_number", "P-1,A2", ("1.2.2",), 2),
    ],
)
def test_a_row_is_found_by_what_it_names(retrieve, cohort, titles, row, resources, instances):
    outcome = retrieve(cohort(titles, row))[2]
    assert (outcome.outcome, outcome.resources, outcome.stored) == ("complete", resources, instances)


@pytest.mark.parametrize("verify", [False, True])
def test_the_rows_of_a_cohort_are_compared_with_the_servers_lists_when_somebody_wants_it(
    verify, retrieve, cohort, server
):
    asked = len(server.exchanges)
    assert retrieve(cohort("study_instance_uid", "1.2.1"), verify=verify)[2].outcome == "complete"
    listed = {each.request.path for each in server.exchanges[asked:] if each.request.path.endswith("/instances")}
    assert len(listed) == (2 if verify else 0)


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (3, 3)])
def test_the_rows_of_a_cohort_share_their_connections(cohort, workspace, cohort_files, tmp_path, threads, most):
    rows = [f"1.2.{study},{series}" for study in (1, 2, 3) for series in ("CT", "MR", "SEG", "")]
    with OriginServer(cohort_files) as server, ThreadPoolExecutor(threads) as executor:
        outcomes = retrieve_cohort(
            cohort("study_instance_uid,modality", *rows),
            tmp_path / "data",
            executor,
            node=server.url,
            work=WorkHere(workspace),
            check_node=workspace.resolve,
            connections=1,
        )
        assert len({outcome.line for outcome in outcomes}) == 12
        assert len(server.exchanges) > 20
        assert len(server.clients) <= most


def test_what_a_row_is_signed_with_stays_with_its_node(cohort, tmp_path, cohort_files):
    """Rows of two nodes in turns, each with its own name and password: no connection of one serves the other."""
    passwords = {"a": BasicAuth("a", "of-a"), "b": BasicAuth("b", "of-b")}

    def only(name):
        return lambda authorization: authorization == basic(passwords[name])

    nodes = NodeStore(tmp_path / "nodes.json", predefined=())
    with OriginServer(cohort_files, authorized=only("a")) as a, OriginServer(cohort_files, authorized=only("b")) as b:
        nodes.add(Node("a", a.url))
        nodes.add(Node("b", b.url))
        with Workspace(nodes, lambda node: passwords[node.name]) as workspace:
            outcomes = list(
                retrieve_cohort(
                    cohort("node,study_instance_uid", "a,1.2.1", "b,1.2.1", "a,1.2.2", "b,1.2.2", "a,1.2.3", "b,1.2.3"),
                    tmp_path / "data",
                    AtOnce(),
                    work=WorkHere(workspace),
                    check_node=workspace.resolve,
                    connections=1,
                )
            )
            assert {outcome.outcome for outcome in outcomes} == {"complete"}
            assert (len(a.clients), len(b.clients)) == (1, 1)


def basic(credential):
    return credential(requests.Request("GET", "http://localhost", headers={}).prepare()).headers["Authorization"]


def test_a_row_that_names_nothing_there_is_not_found(retrieve, cohort):
    outcomes = retrieve(cohort("patient_id,study_instance_uid", "P-99,", ",1.9.9"))
    assert [outcome.outcome for outcome in outcomes.values()] == ["not-found", "not-found"]
    assert "knows nothing like it" in outcomes[2].reason
    assert "1.9.9" in outcomes[3].reason


def test_a_server_that_ignores_what_is_asked_does_not_send_its_archive(retrieve, cohort, cohort_files, tmp_path):
    def everything(request, response):
        return server._routes.answer(type(request)("GET", request.path)) if "PatientID" in request.target else response

    with OriginServer(cohort_files, fault=everything) as server:
        outcome = retrieve(cohort("patient_id", "P-10"), node=server.url)[2]
    assert outcome.resources == ("1.2.3",)


def test_the_result_has_the_columns_of_the_cohort_and_every_outcome(retrieve, cohort, result):
    retrieve(cohort("age,accession_number", "50,A1", "60,nowhere", "70,A1", "80,A3"))
    rows = sorted(result(), key=lambda row: row["age"])
    assert [(row["age"], row["accession_number"], row["outcome"]) for row in rows] == [
        ("50", "A1", "complete"),
        ("60", "nowhere", "not-found"),
        ("70", "A1", "duplicate"),
        ("80", "A3", "complete"),
    ]
    assert (rows[0]["stored"], rows[0]["resources"]) == ("4", "1.2.1")


def test_what_is_complete_is_not_asked_for_again(retrieve, cohort, result):
    path = cohort("accession_number", "A1", "nowhere")
    retrieve(path)
    path = cohort("accession_number,group", "A3,b", "A1,a", "nowhere,c")
    executor = AtOnce()
    outcomes = retrieve(path, executor)
    assert sorted(task.line for task in executor.tasks) == [2, 4]
    assert (outcomes[3].outcome, outcomes[3].stored, outcomes[3].already_there) == ("complete", 0, 4)
    assert sorted((row["accession_number"], row["group"]) for row in result()) == [
        ("A1", "a"),
        ("A3", "b"),
        ("nowhere", "c"),
    ]


def test_what_was_removed_since_is_retrieved_again(retrieve, cohort, tmp_path):
    path = cohort("accession_number", "A1")
    retrieve(path)
    next((tmp_path / "data").rglob("*.dcm")).unlink()
    outcome = retrieve(path)[2]
    assert (outcome.stored, outcome.already_there) == (1, 3)


def test_a_run_that_was_killed_goes_on_from_its_result(retrieve, cohort, tmp_path):
    path = cohort("accession_number", "A1", "A2", "A3")
    retrieve(path)
    file = tmp_path / "data" / "cohort-result.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:2]) + lines[2][:7], encoding="utf-8")
    executor = AtOnce()
    assert len(retrieve(path, executor)) == 3
    assert [task.line for task in executor.tasks] == [3, 4]


def test_a_result_is_a_cohort(retrieve, cohort, tmp_path, result):
    retrieve(cohort("accession_number", "A1", "nowhere"))
    outcomes = retrieve(tmp_path / "data" / "cohort-result.csv", result=tmp_path / "data" / "second.csv")
    assert [outcome.outcome for outcome in outcomes.values()] == ["complete", "not-found"]
    assert list(result("second.csv")[0]) == list(result()[0])


def test_another_file_is_not_taken_for_a_result(retrieve, cohort, tmp_path):
    path = cohort("accession_number", "A1")
    with pytest.raises(InvalidValue, match="is not the result of a cohort"):
        retrieve(path, result=path)
    assert path.read_text() == "accession_number\nA1\n"


def test_a_wrong_file_is_refused_before_anything_is_asked(retrieve, cohort, tmp_path):
    executor = AtOnce()
    with pytest.raises(InvalidValue, match="line 3"):
        retrieve(cohort("study_instance_uid", "1.2.1", "x"), executor)
    assert executor.tasks == []
    assert not (tmp_path / "data").exists()


def test_a_server_that_is_away_is_left_alone_and_the_others_are_not(retrieve, cohort, server):
    away = "http://127.0.0.1:9/dicom-web"
    executor = AtOnce()
    path = cohort("node,study_instance_uid", *(f"{away},1.2.{n}" for n in range(20)), f"{server.url},1.2.1")
    outcomes = retrieve(path, executor, ahead=1)
    assert [outcomes[line].outcome for line in (2, 21, 22)] == ["incomplete", "not-started", "complete"]
    assert outcomes[21].code == "connection-refused"
    assert len(executor.tasks) < 15


def test_instances_that_did_not_come_are_told_with_the_reason(retrieve, cohort, cohort_files):
    def lose_one(request, response):
        return Response.of_text(500, "disk error") if "1.2.1.1.2" in request.target else response

    def broken(request, response):
        return Response.of_text(404, "") if request.path.endswith("/series/1.2.1.1") else lose_one(request, response)

    with OriginServer(cohort_files, fault=broken) as server:
        outcome = retrieve(cohort("accession_number", "A1"), node=server.url)[2]
    assert (outcome.outcome, outcome.stored, outcome.missing, outcome.code) == ("incomplete", 3, 1, "server-error")
    assert "disk error" in outcome.reason


@pytest.mark.parametrize(
    ("titles", "row", "tag", "uid", "resources"),
    [
        ("patient_id,modality", "P-1,CT", "0020000E", "1.2.1.1", ("1.2.2/1.2.2.1",)),
        ("patient_id,modality", "P-1,CT", "0020000D", "1.2.1", ("1.2.2/1.2.2.1",)),
        ("patient_id", "P-1", "0020000D", "1.2.2", ("1.2.1",)),
    ],
    ids=["series", "study of series", "study"],
)
def test_what_a_server_lists_without_a_uid_is_named_and_the_rest_of_the_row_comes(
    titles, row, tag, uid, resources, retrieve, cohort, cohort_files
):
    with OriginServer(cohort_files, dialect=Dialect(behaviours=(careless_list(tag, uid),))) as server:
        outcome = retrieve(cohort(titles, row), node=server.url)[2]
    assert (outcome.outcome, outcome.resources, outcome.missing) == ("incomplete", resources, 1)
    assert outcome.stored == (4 if resources == ("1.2.1",) else 2)
    assert outcome.code == "malformed-attribute"
    assert "that cannot be asked for" in outcome.reason


def test_a_row_of_which_nothing_can_be_asked_for_has_failed(retrieve, cohort, cohort_files):
    with OriginServer(cohort_files, dialect=Dialect(behaviours=(careless_list("0020000E", "1.2.3.1"),))) as server:
        outcome = retrieve(cohort("patient_id,modality", "P-10,MR"), node=server.url)[2]
    assert (outcome.outcome, outcome.code, outcome.resources) == ("failed", "malformed-attribute", ())
