from __future__ import annotations

from pathlib import Path

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import NotWritable
from DICOMWebNodesLib.transfer.events import (
    Done,
    Failed,
    Failure,
    Planned,
    Progress,
    SeriesDone,
    SeriesPlan,
    SeriesProgress,
    Summary,
)

HOST = "https://pacs.example.org/rs"
SERIES = Resource("1.2", "3.4")
INSTANCE = Resource("1.2", "3.4", "5.6")
COMPLETE = Summary(stored=120, already_there=0, failed=(), bytes=63_000_000, seconds=2.04)
FAILURE = Failure(INSTANCE, "the server \x1b[2Jsent 500", "server-error")
INCOMPLETE = Summary(stored=118, already_there=1, failed=(FAILURE,), bytes=62_000_000, seconds=2.0)


@pytest.fixture
def retrieve(cli, tmp_path):
    """Runs a retrieve whose transfer tells ``events`` and ends with ``summary``, or with ``error``."""

    class Retrieve:
        def __call__(self, *argv, summary=COMPLETE, events=(), error=None, output=tmp_path / "data", **more):
            self.calls = []

            def transfer(node, resources, output, *, listener, **options):
                self.calls.append((node, list(resources), output, options))
                for event in (*events, Done(summary)):
                    listener(event)
                if error:
                    raise error
                return summary

            return cli("retrieve", HOST, *argv, "--output", str(output), retrieve=transfer, **more)

    return Retrieve()


def test_a_complete_transfer_is_a_sentence_and_success(retrieve, tmp_path):
    outcome = retrieve("1.2", "1.2/3.4", "1.2")
    assert outcome.code == 0
    assert outcome.out == f"120 instances retrieved (63 MB, 2.0 s); in {tmp_path / 'data'}\n"
    assert retrieve.calls == [(HOST, [Resource("1.2"), SERIES], tmp_path / "data", {"verify": False})]
    retrieve("1.2", "--connections", "2", "--verify")
    assert retrieve.calls[0][3] == {"connections": 2, "verify": True}


def test_an_incomplete_transfer_says_what_is_missing_and_why(retrieve):
    outcome = retrieve("1.2", summary=INCOMPLETE, events=[Failed(FAILURE)])
    assert outcome.code == 3
    assert "118 instances retrieved (62 MB, 2.0 s), 1 there already, 1 missing; in" in outcome.out
    assert "1.2/3.4/5.6: the server [2Jsent 500\n" in outcome.err


def test_nothing_for_one_reason_has_the_exit_status_and_the_next_step_of_that_reason(retrieve):
    refused = [Failure(Resource(f"1.{number}"), "nothing listens there", "connection-refused") for number in (1, 2)]
    outcome = retrieve("1.1", "1.2", summary=Summary(0, 0, tuple(refused), 0, 0.1))
    assert outcome.code == 5
    assert outcome.err == (
        f"error: {HOST}: nothing listens there. Check the port in the node's URL and that the server is running.\n"
    )
    another = Failure(Resource("1.3"), "it is gone", "gone")
    assert retrieve("1.1", summary=Summary(0, 0, (*refused, another), 0, 0.1)).code == 3
    assert retrieve("1.1", summary=Summary(0, 7, tuple(refused), 0, 0.1)).code == 3
    assert retrieve("1.1", summary=Summary(0, 0, (another,), 0, 0.1)).code == 6


def test_without_a_terminal_the_progress_is_plain_lines(retrieve):
    plan = Planned(Resource("1.2"), (SeriesPlan(SERIES, 120), SeriesPlan(Resource("1.2", "3.5"), 1)))
    progress = Progress(7, 121, 1_000_000, 5e6, (SeriesProgress(SERIES, 7, 120, 1_000_000),))
    outcome = retrieve("1.2", events=[plan, progress, SeriesDone(SERIES, 118, 1, 1), SeriesDone(SERIES, 0, 0, 0)])
    assert outcome.err.splitlines() == [
        "1.2: 2 series, 121 instances",
        "1.2/3.4: 118 retrieved, 1 there already, 1 missing",
        "1.2/3.4: empty",
    ]


def test_on_a_terminal_there_is_a_bar_and_failures_stand_above_it(retrieve):
    pytest.importorskip("tqdm", reason="tqdm is not here: 'pip install tqdm' brings it")
    progress = Progress(7, 121, 1_000_000, 5e6, ())
    outcome = retrieve("1.2", events=[progress, Failed(FAILURE), SeriesDone(SERIES, 120, 0, 0)], terminal=True)
    assert "7/121" in outcome.err
    assert "1 MB, 5 MB/s" in outcome.err
    assert "1.2/3.4/5.6: the server [2Jsent 500\n" in outcome.err
    assert "120 retrieved" not in outcome.err
    assert "\x1b[2J" not in outcome.err


def test_the_summary_is_json_when_that_is_asked_for(retrieve):
    outcome = retrieve("1.2", "--json", summary=INCOMPLETE)
    assert outcome.code == 3
    assert outcome.json == INCOMPLETE.as_dict()
    assert "\x1b" not in outcome.out


def test_ctrl_c_closes_the_books_and_says_that_it_resumes(retrieve):
    cancelled = Summary(stored=7, already_there=0, failed=(), bytes=1, seconds=1.0, cancelled=True)
    outcome = retrieve("1.2", summary=cancelled, error=KeyboardInterrupt())
    assert outcome.code == 130
    assert outcome.out.startswith("7 instances retrieved")
    assert outcome.err == "cancelled; start it again and it resumes\n"


def test_a_transfer_that_cannot_start_says_why(retrieve):
    outcome = retrieve("1.2", error=NotWritable("the folder /data cannot be written to"))
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err == "error: the folder /data cannot be written to. Choose a folder that you may write to.\n"


def test_resources_come_from_standard_input(retrieve):
    retrieve("-", "1.9", stdin="StudyInstanceUID,SeriesInstanceUID\n1.2,3.4\n")
    assert retrieve.calls[0][1] == [SERIES, Resource("1.9")]


@pytest.mark.parametrize(
    ("argv", "stdin", "message"),
    [
        ([], "", "there is nothing to retrieve"),
        (["-"], "", "there is nothing to retrieve"),
        (["-"], "[]", "there is nothing to retrieve"),
        (["-"], "1.2\nx.y\n", "line 2 of standard input"),
        (["1.2/x"], "", "'x' is not a DICOM UID"),
        (["../../etc/passwd"], "", "more than"),
        (["1.2", "--connections", "0"], "", "--connections is 0"),
        (["1.2", "--connections", "x"], "", "invalid int value: 'x'"),
        (["-", "--user", "ada", "--password-stdin"], "1.2", "standard input cannot bring both"),
        (["1.2", "--output", ""], "", "the name of the folder is empty"),
        (["--csv", ""], "", "the name of the file is empty"),
        (["1.2", "--csv", "cohort.csv"], "", "--csv and UIDs say both what to retrieve"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_asked(retrieve, argv, stdin, message):
    outcome = retrieve(*argv, stdin=stdin)
    assert outcome.code in (1, 2)
    assert message in outcome.err
    assert retrieve.calls == []


def test_an_address_of_a_study_is_a_study(retrieve):
    retrieve("https://elsewhere.example.org/rs/studies/1.2/series/3.4?x=1")
    assert retrieve.calls[0][1] == [SERIES]
    assert isinstance(retrieve.calls[0][2], Path)
