"""``search`` on several nodes."""

from __future__ import annotations

import csv
import io
import socket

import pytest
from DICOMWebNodesLib.cli.resources import read_resources
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import ConnectionRefused, Forbidden
from fakes.origin_server import OriginServer
from fakes.part10_files import part10
from terminal import press_ctrl_c, text_of

SECONDS = 30


def study(uid, name="DOE^JANE"):
    values = {"0020000D": ("UI", uid), "00100010": ("PN", {"Alphabetic": name})}
    return Attributes({tag: {"vr": vr, "Value": [value]} for tag, (vr, value) in values.items()})


@pytest.fixture
def search(cli):
    """Searches the nodes Lab, Clinic and Archive; ``answers``: what each has, or the error that it raises."""
    for name in ("Lab", "Clinic", "Archive"):
        cli("nodes", "add", name, f"https://{name}.example.org/rs")
    queries = {}

    def run(*argv, level="studies", **answers):
        def find(node, query, on_warning=None, *, control=None):
            queries[node.name] = query
            answer = answers[node.name.lower()]
            if isinstance(answer, BaseException):
                raise answer
            return iter(answer)

        return cli("search", level, *argv, search=find)

    run.queries = queries
    return run


def test_what_several_nodes_have_is_shown_once_with_all_of_them(search):
    outcome = search("Lab", "Clinic", lab=[study("1.1"), study("1.2")], clinic=[study("1.2"), study("1.3")])
    assert outcome.code == 0
    shown = [" ".join(line.split()[1:]) for line in outcome.lines[2:]]
    assert shown == ["Lab 1.1", "Lab, Clinic 1.2", "Clinic 1.3"]
    assert sorted(outcome.err.splitlines()) == ["3 studies", "Clinic: 2 studies", "Lab: 2 studies"]


def test_json_and_csv_name_the_nodes_too_and_retrieve_understands_them(search):
    answers = {"lab": [study("1.1")], "clinic": [study("1.1")]}
    assert search("Lab", "Clinic", "--json", **answers).json[0]["Nodes"] == ["Lab", "Clinic"]
    out = search("Lab", "Clinic", "--csv", **answers).out
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["Nodes"] == "Lab\\Clinic"
    assert list(read_resources(io.StringIO(out), "x")) == [Resource("1.1")]


def test_a_node_that_fails_is_named_the_rest_is_shown_and_the_exit_status_says_so(search):
    outcome = search("Lab", "Clinic", lab=[study("1.1")], clinic=ConnectionRefused("nothing listens"))
    assert outcome.code == 3
    assert len(outcome.lines) == 3
    assert "error: Clinic: nothing listens." in outcome.err
    assert outcome.err.endswith("1 study; Clinic failed\n")


@pytest.mark.parametrize(
    ("clinic", "code"), [(ConnectionRefused("gone"), 5), (Forbidden("no", status=403), 1)], ids=["one reason", "two"]
)
def test_when_every_node_failed_the_exit_status_is_their_reason(search, clinic, code):
    assert search("Lab", "Clinic", lab=ConnectionRefused("gone"), clinic=clinic).code == code


def test_the_limit_counts_what_is_shown_and_more_is_said(search):
    rows = [study(f"1.{number}") for number in range(5)]
    outcome = search("Lab", "Clinic", "--limit", "2", lab=rows, clinic=[study("1.9")])
    assert len(outcome.lines) == 2 + 2
    assert search.queries["Clinic"].limit == 3
    assert "2 studies; there are more" in outcome.err
    assert "there are more" not in search("Lab", "Clinic", "--all", lab=rows, clinic=[]).err


def test_the_last_word_is_where_to_search_when_it_is_uids(search):
    assert search("Lab", "Clinic", "1.2", level="series", lab=[], clinic=[]).code == 0
    assert search.queries["Lab"].within == Resource("1.2")
    search("Lab", "Clinic", "1.2/3.4", level="instances", lab=[], clinic=[])
    assert search.queries["Clinic"].within == Resource("1.2", "3.4")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["Lab", "Nowhere"], "Nowhere"),
        (["Lab", "Clinic", "--offset", "5"], "--offset counts the results of one node"),
        (["Lab", "Clinic", "--user", "jane", "--password-env", "HOME_OF_NOBODY"], "HOME_OF_NOBODY"),
    ],
)
def test_what_cannot_be_meant_for_several_nodes_is_refused_before_anything_is_asked(search, argv, message):
    outcome = search(*argv, lab=[], clinic=[])
    assert outcome.code == 2
    assert message in outcome.err
    assert search.queries == {}


# --- as a process of its own ------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "1.dcm"
    path.write_bytes(part10("1.2.3", "1.2.3.1", "1.2.3.1.1"))
    return path


def test_real_servers_are_searched_beside_one_that_is_not_there(run, file):
    with OriginServer([file]) as lab, OriginServer([file]) as clinic:
        urls = (lab.url, clinic.url, "http://127.0.0.1:9/rs")
        code, out, err = run("search", "studies", *urls)
    assert code == 3, err
    assert out.splitlines()[-1].endswith("1.2.3")
    assert "127.0.0.1:9" in err


@pytest.mark.parametrize("others", [True, False], ids=["several nodes", "one node"])
def test_ctrl_c_stops_waiting_at_once_and_shows_what_the_others_gave(start, file, others):
    with OriginServer([file]) as lab, socket.create_server(("127.0.0.1", 0)) as silent:
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/rs"
        process = start("search", "studies", *([lab.url] if others else []), slow)
        connection, _ = silent.accept()
        assert b"/studies" in connection.recv(65536)
        if others:
            assert b"1 study" in process.stderr.readline()
        press_ctrl_c(process)
        out, err = process.communicate(timeout=SECONDS)
        connection.close()
    assert process.returncode == 130, err
    assert text_of(err).endswith("cancelled\n")
    assert (b"1.2.3" in out) == (b"had not answered" in err) == others
