from __future__ import annotations

import json
import re
import time

import pytest
from DICOMWebNodesLib.transfer.events import Failure, Summary
from DICOMWebNodesLib.workspace import Resource
from fakes.origin_server import ConnectionCut, OriginServer, Response
from fakes.part10_files import part10
from terminal import press_ctrl_c

HOST = "https://pacs.example.org/rs"
WHOLE = Summary(stored=120, already_there=0, failed=(), bytes=63_000_000, seconds=2.04)


@pytest.fixture
def cohort(tmp_path):
    path = tmp_path / "cohort.csv"
    path.write_text("group,study_instance_uid\na,1.2\nb,1.3\nc,1.2\n")
    return path


@pytest.fixture
def retrieve(cli, tmp_path, cohort):
    """Runs a cohort whose rows end with the ``summaries`` of their studies."""

    def run(*argv, summaries=(), node=HOST, **more):
        by_study = dict(summaries)

        def transfer(node, resources, output, **options):
            calls.append((node, list(resources), output, options["connections"], options["verify"]))
            return by_study.get(str(resources[0]), WHOLE)

        calls.clear()
        named = [node] if node else []
        return cli(
            "retrieve",
            *named,
            "--csv",
            str(cohort),
            "--output",
            str(tmp_path / "data"),
            *argv,
            retrieve=transfer,
            **more,
        )

    calls = []
    run.calls = calls
    return run


def test_each_row_is_retrieved_and_the_sum_is_told(retrieve, tmp_path):
    outcome = retrieve()
    assert outcome.code == 0
    result = tmp_path / "data" / "cohort-result.csv"
    assert outcome.out == f"3 rows, 2 complete, 1 said twice, 240 instances retrieved (126 MB); in {result}\n"
    assert sorted(outcome.err.splitlines()) == ["line 2: 120 retrieved", "line 3: 120 retrieved"]
    assert sorted(retrieve.calls) == [
        (HOST, [Resource("1.2")], tmp_path / "data", 4, False),
        (HOST, [Resource("1.3")], tmp_path / "data", 4, False),
    ]
    assert result.read_text().splitlines()[0].startswith("group,study_instance_uid,outcome,stored,")


def test_how_each_row_is_retrieved_can_be_said(retrieve):
    retrieve("--connections", "2", "--verify")
    assert [call[3:] for call in retrieve.calls] == [(2, True)] * 2


def test_a_row_that_is_incomplete_is_named_with_the_reason(retrieve):
    lost = Failure(Resource("1.3", "4", "5"), "=the server sent 500", "server-error")
    outcome = retrieve(summaries=[("1.3", Summary(7, 0, (lost,), 9, 1.0))])
    assert outcome.code == 3
    assert "line 3: incomplete, =the server sent 500\n" in outcome.err
    assert "1 complete, 1 said twice, 1 incomplete, 127 instances retrieved (63 MB), 1 missing" in outcome.out


def test_a_reason_of_a_server_is_no_formula_in_the_result(retrieve, tmp_path):
    lost = Failure(Resource("1.3", "4", "5"), "=HYPERLINK(1)", "server-error")
    retrieve(summaries=[("1.3", Summary(7, 0, (lost,), 9, 1.0))])
    assert ",'=HYPERLINK(1)," in (tmp_path / "data" / "cohort-result.csv").read_text()


def test_nothing_for_one_reason_has_the_exit_status_of_that_reason(retrieve):
    def refused(study):
        return study, Summary(0, 0, (Failure(Resource(study), "nothing listens there", "connection-refused"),), 0, 0.1)

    outcome = retrieve(summaries=[refused("1.2"), refused("1.3")])
    assert outcome.code == 5


def test_the_sum_is_json_when_that_is_asked_for(retrieve):
    assert retrieve("--json").json == {
        "complete": True,
        "rows": 3,
        "stored": 240,
        "already_there": 0,
        "missing": 0,
        "bytes": 126_000_000,
        "outcomes": {"complete": 2, "duplicate": 1},
    }


@pytest.mark.parametrize(
    ("argv", "node", "message"),
    [
        (["--parallel", "0"], HOST, "--parallel is 0"),
        (["--connections", "0"], HOST, "--connections is 0"),
        (["--csv", "nowhere.csv"], HOST, "cannot read nowhere.csv: No such file or directory. Check the path"),
        ([], "", "line 2 of .*: it names no node, and neither does the command line"),
        ([], "Lap", "line 2 of .*: there is no node 'Lap'"),
        (["--processes", "--user", "ada", "--password-env", "P"], HOST, "for one node in one process"),
        (["--token-env", "T"], "", "for one node in one process"),
        (["--result", "{cohort}"], HOST, "is not the result of a cohort"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_asked(retrieve, cohort, cli, argv, node, message):
    cli.environ.update({"P": "secret", "T": "secret"})
    outcome = retrieve(*(each.format(cohort=cohort) for each in argv), node=node)
    assert outcome.code in (1, 2)
    assert re.search(message, outcome.err)
    assert retrieve.calls == []


@pytest.fixture
def server(tmp_path):
    files = []
    for series in (1, 2, 3):
        for number in (1, 2):
            files.append(tmp_path / f"{series}-{number}.dcm")
            files[-1].write_bytes(part10(f"1.{series}", f"1.{series}.1", f"1.{series}.1.{number}", payload=100))
    with OriginServer(files) as server:
        yield server


def write_cohort(tmp_path, url):
    path = tmp_path / "cohort.csv"
    path.write_text("node,study_instance_uid\n" + "".join(f"{url},1.{study}\n" for study in (1, 2, 3)))
    return path


@pytest.mark.parametrize("how", [[], ["--processes", "--parallel", "2"]], ids=["threads", "processes"])
def test_a_cohort_names_its_nodes_itself(run, server, tmp_path, how):
    path = write_cohort(tmp_path, server.url)
    code, out, err = run("retrieve", "--csv", path, "-o", tmp_path / "data", "--json", *how)
    assert code == 0, err
    assert json.loads(out)["stored"] == 6
    requests = len(server.exchanges)
    code, out, _ = run("retrieve", "--csv", path, "-o", tmp_path / "data", "--json", *how)
    assert (code, json.loads(out)["already_there"], len(server.exchanges)) == (0, 6, requests)


def test_ctrl_c_records_what_was_done_and_the_next_run_goes_on(start, tmp_path):
    """The server never finishes study 1.2, so that the command cannot end by itself."""
    waiting = []

    def fault(request, response):
        if "1.2/series/1.2.1" not in request.path:
            return response
        waiting.append(request)

        def drip():
            yield b"--"
            time.sleep(30)
            raise ConnectionCut

        return Response(200, drip(), None, response.content_type)

    files = []
    for study in (1, 2):
        files.append(tmp_path / f"{study}.dcm")
        files[-1].write_bytes(part10(f"1.{study}", f"1.{study}.1", f"1.{study}.1.1", payload=100))
    path = tmp_path / "cohort.csv"
    path.write_text("study_instance_uid\n1.1\n1.2\n1.3\n")
    with OriginServer(files, fault=fault) as server:
        process = start("retrieve", server.url, "--csv", path, "-o", tmp_path / "data", "--parallel", "1")
        while not waiting:
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        press_ctrl_c(process)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"cancelled; start it again and it resumes" in err
    lines = (tmp_path / "data" / "cohort-result.csv").read_text().splitlines()
    outcomes = dict(line.split(",")[:2] for line in lines[1:])
    assert outcomes == {"1.1": "complete", "1.2": "cancelled", "1.3": "not-started"}
