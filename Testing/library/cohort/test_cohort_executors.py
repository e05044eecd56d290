"""Rows of a cohort in threads, in processes, and in an executor that fails."""

from __future__ import annotations

import pickle
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from canary import canaries_in, canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.open_secrets import file_of_secrets
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.cohort.row import CohortRow
from DICOMWebNodesLib.cohort.run import retrieve_cohort
from DICOMWebNodesLib.cohort.work import RowTask, WorkHere, retrieve_row
from DICOMWebNodesLib.errors import TransferError
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from fakes.origin_server import OriginServer
from library.cohort.at_once import AtOnce


def test_an_executor_that_loses_a_row_costs_that_row(retrieve, cohort):
    class Forgetful(AtOnce):
        def submit(self, work, task):
            future = super().submit(work, task)
            if task.line == 2:
                future = Future()
                future.set_exception(OSError("a secret perhaps"))
            return future

    outcomes = retrieve(cohort("accession_number", "A1", "A2"), Forgetful())
    assert (outcomes[2].outcome, outcomes[2].reason) == ("failed", "it was lost (OSError)")
    assert outcomes[3].outcome == "complete"


def test_an_executor_that_breaks_ends_the_run_and_no_row_is_forgotten(retrieve, cohort, result):
    class Broken(AtOnce):
        def submit(self, work, task):
            if self.tasks:
                raise BrokenExecutor
            return super().submit(work, task)

    with pytest.raises(TransferError, match="Start it again"):
        retrieve(cohort("accession_number", "A1", "A2", "A3"), Broken())
    assert sorted(row["outcome"] for row in result()) == ["complete", "not-started", "not-started"]


def test_ctrl_c_lets_running_rows_close_their_books(retrieve, cohort, result):
    class Interrupted(AtOnce):
        def submit(self, work, task):
            future = super().submit(work, task)
            if task.line == 3:
                future = Future()
                future.set_exception(KeyboardInterrupt())
            return future

    outcomes = retrieve(cohort("accession_number", "A1", "A2"), Interrupted())
    assert [outcome.outcome for outcome in outcomes.values()] == ["complete", "cancelled"]


def test_cancelled_work_says_so(workspace, server, tmp_path):
    work = WorkHere(workspace)
    work.cancel()
    assert work(RowTask(2, CohortRow(study_instance_uid="1.2.1"), server.url, str(tmp_path))).outcome == "cancelled"


def test_threads_retrieve_side_by_side(retrieve, cohort):
    with ThreadPoolExecutor(4) as executor:
        outcomes = retrieve(cohort("accession_number", "A1", "A2", "A3"), executor)
    assert sum(outcome.stored for outcome in outcomes.values()) == 8


@pytest.fixture
def guarded(cohort_files, tmp_path):
    """A server that wants a password, and settings of a person who has it; the server's URL is that of node "Lab"."""
    from base64 import b64encode

    password = canary("password")
    expected = "Basic " + b64encode(f"ada:{password}".encode()).decode()
    folder = tmp_path / "settings"
    file_of_secrets(folder).create()
    filled = template("basic").fill({"user_name": "ada", "password": password})
    Authentication(folder).add(filled.method, filled.secret)
    with OriginServer(cohort_files, authorized=lambda given: given == expected) as server:
        node = Node("Lab", server.url, authentication=filled.method.uid, allow_plain_http_credential=True)
        NodeStore(folder / "nodes.json").add(node)
        yield folder


def test_processes_find_credentials_by_themselves_and_are_sent_none(cohort, tmp_path, guarded):
    class Watched(ProcessPoolExecutor):
        sent = b""

        def submit(self, *call):
            Watched.sent += pickle.dumps(call)
            return super().submit(*call)

    path = cohort("accession_number", "A1", "A3")
    with Watched(2, get_context("spawn")) as executor:
        outcomes = list(retrieve_cohort(path, tmp_path / "data", executor, node="Lab", settings=str(guarded)))
    assert [(outcome.outcome, outcome.reason) for outcome in outcomes] == [("complete", "")] * 2
    assert b"A3" in Watched.sent
    assert not canaries_in(Watched.sent)


def test_a_process_without_the_node_says_so(tmp_path):
    task = RowTask(2, CohortRow(study_instance_uid="1.2"), "Lab", str(tmp_path), str(tmp_path / "empty"))
    outcome = retrieve_row(pickle.loads(pickle.dumps(task)))
    assert (outcome.outcome, outcome.code) == ("failed", "node-not-found")
