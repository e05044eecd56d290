"""What is logged, and what somebody who helps is told: no secrets, no data of patients."""

from __future__ import annotations

import json
import logging

import pytest
from canary import canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.open_secrets import file_of_secrets, move_secrets
from DICOMWebNodesLib.auth.secret_store import MemorySecrets, MovableSecrets
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.diagnostics import diagnostics
from DICOMWebNodesLib.errors import ConnectionRefused, InvalidQuery, NotFound, SecretUnavailable
from DICOMWebNodesLib.errors.explain import response_error
from DICOMWebNodesLib.last_errors import MOST, LastErrors
from DICOMWebNodesLib.logs import request_line, without_uids, write_to
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.text import Text
from DICOMWebNodesLib.workspace import Query, Resource, Workspace
from fakes.origin_server import OriginServer
from fakes.part10_files import part10

BASE = "https://pacs.example.org/rs"


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (BASE, "GET "),
        (f"{BASE}/studies?PatientName=DOE*&limit=100&offset=5", "GET studies?PatientName=***&limit=100&offset=5"),
        (f"{BASE}/studies?00100020=7&includefield=all", "GET studies?00100020=***&includefield=all"),
        (f"{BASE}/studies/1.2.840.4711/series", "GET studies/~4711/series"),
        (f"{BASE}/studies/1.2/series/3.4/metadata", "GET studies/~1.2/series/~3.4/metadata"),
        (f"{BASE}/wado?requestType=WADO&studyUID=1.2", "GET wado?requestType=WADO&studyUID=***"),
        ("https://bucket.example.net/a/b?signature=abc", "GET https://bucket.example.net/***"),
        (f"{BASE}-of-others/signed/abc", "GET https://pacs.example.org/***"),
    ],
)
def test_a_request_is_told_without_what_it_is_about(url, line):
    assert request_line("GET", url, BASE) == line


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("no study 1.2.840.113619.2.5.1762583153", "no study ~3153"),
        ("nothing listens at 127.0.0.1:8042", "nothing listens at 127.0.0.1:8042"),
        ("Python 3.11.7", "Python 3.11.7"),
    ],
)
def test_uids_are_shortened_and_addresses_are_not(text, shortened):
    assert without_uids(text) == shortened


@pytest.fixture
def lines():
    """What is logged at DEBUG meanwhile."""
    told = []
    before = logging.getLogger("DICOMWebNodesLib").level
    end = write_to(told.append, "debug")
    yield told
    end()
    logging.getLogger("DICOMWebNodesLib").setLevel(before)


def test_each_action_is_one_line_and_each_request_another(lines, tmp_path):
    file = tmp_path / "1.dcm"
    file.write_bytes(part10("1.2.3.4.5", "1.2.3.4.5.6", "1.2.3.4.5.6.7", payload=100, PatientID="P-4711"))
    with OriginServer([file]) as server, Workspace(NodeStore(tmp_path / "nodes.json")) as workspace:
        node = Node("Lab", server.url)
        list(workspace.search(node, Query.studies(PatientName="DOE*", PatientID="P-4711")))
        workspace.retrieve(node, [Resource("1.2.3.4.5")], tmp_path / "data")
        workspace.store(node, [file])
        workspace.test(node)
    actions = [line.rpartition(",")[0] for line in lines if line.startswith("INFO")]
    assert actions == [
        "INFO Lab: search studies: 1 found",
        f"INFO Lab: retrieve 1 resources: 1 stored, 0 there already, 0 missing, {file.stat().st_size} bytes",
        f"INFO Lab: store: {file.stat().st_size} bytes, complete",
        "INFO Lab: test: QIDO_RS ok, WADO_RS ok, STOW_RS ok",
    ]
    requests = [line for line in lines if line.startswith("DEBUG")]
    assert requests[0].startswith("DEBUG Lab: GET studies?PatientName=***&PatientID=***&limit=100 -> 200, ")
    for line in lines:
        assert not any(word in line for word in ("DOE", "4711", "JANE", "1.2.3.4.5")), line


def test_an_action_that_fails_is_told_by_its_code(lines, tmp_path):
    with Workspace(NodeStore(tmp_path / "nodes.json")) as workspace, pytest.raises(ConnectionRefused):
        list(workspace.search("http://127.0.0.1:9/rs", Query.studies()))
    assert lines[-1].startswith("INFO http://127.0.0.1:9/rs: search studies: connection-refused, ")


def test_other_libraries_are_not_made_to_talk(lines):
    """At DEBUG urllib3 writes whole request targets, with what was searched for."""
    before = logging.getLogger("urllib3").getEffectiveLevel()
    write_to(lines.append, "debug")()
    assert logging.getLogger("urllib3").getEffectiveLevel() == before


# --- last errors and diagnostics ----------------------------------------------------------------------------------


def test_the_last_errors_are_kept_without_what_was_searched_for(tmp_path):
    last = LastErrors(tmp_path, clock=lambda: 0.0)
    last.note(InvalidQuery("PatientName is 'DOE'", field="PatientName"))
    last.note(ConnectionRefused("nothing listens there", node="Lab", asked="search", detail="DOE^JANE"))
    last.note(InvalidQuery("'DOE' is not a level"))
    last.note(RuntimeError("DOE^JANE"))
    last.note(NotFound("it is not there", asked=Text("store {file}", file="DOE_JANE.dcm"), status=404))
    last.note(response_error(400, "No DOE^JANE here", "no such PatientName: DOE^JANE"))
    assert LastErrors(tmp_path).all() == [
        {"at": "1970-01-01T00:00:00Z", "code": "invalid-query", "cause": "in PatientName"},
        {
            "at": "1970-01-01T00:00:00Z",
            "node": "Lab",
            "asked": "search",
            "code": "connection-refused",
            "cause": "nothing listens there",
        },
        {"at": "1970-01-01T00:00:00Z", "code": "invalid-query"},
        {"at": "1970-01-01T00:00:00Z", "code": "RuntimeError"},
        {"at": "1970-01-01T00:00:00Z", "asked": "store {file}", "code": "not-found", "cause": "it is not there"},
        {
            "at": "1970-01-01T00:00:00Z",
            "code": "response",
            "cause": "the server answered 400 (“…”)",
        },
    ]


def test_only_the_newest_errors_are_kept(tmp_path):
    last = LastErrors(tmp_path)
    for number in range(MOST + 5):
        last.note(ConnectionRefused(f"no. {number}"))
    assert [each["cause"] for each in last.all()] == [f"no. {number}" for number in range(5, MOST + 5)]


@pytest.mark.parametrize("content", [b"{", b"7", b"[7]", b"\xff", b"[" * 100_000], ids=lambda each: each[:3])
def test_a_damaged_file_of_errors_is_begun_anew(tmp_path, content):
    (tmp_path / "last-errors.json").write_bytes(content)
    last = LastErrors(tmp_path)
    assert last.all() == []
    last.note(ConnectionRefused("again"))
    assert len(last.all()) == 1


def test_diagnostics_have_versions_nodes_and_errors_and_no_secret(tmp_path):
    nodes = NodeStore(tmp_path / "nodes.json", predefined=())
    nodes.add(Node("Lab", BASE, secret_headers=["X-Api-Key"], headers=[("X-Site", "Ward")], authentication="b"))
    authentication = Authentication(tmp_path, secrets=MemorySecrets())
    basic = template("basic").fill({"user_name": "ada", "password": canary("password")})
    authentication.add(basic.method, basic.secret)
    LastErrors(tmp_path).note(ConnectionRefused("nothing listens there", node="Lab"))
    text = diagnostics(tmp_path, nodes, authentication.methods.methods(), "memory", {"application": "Slicer 5.8"})
    print(text)  # the plugin that looks for secrets sees what is printed
    assert "Python: 3." in text
    assert "application: Slicer 5.8" in text
    node = json.loads(next(line for line in text.splitlines() if "pacs.example.org" in line))
    assert (node["headers"], node["secret_headers"]) == (["X-Site"], ["X-Api-Key"])
    assert "Ward" not in text
    assert "connection-refused" in text


# --- where secrets are kept -----------------------------------------------------------------------------------------


def test_secrets_move_into_the_file_and_out_of_it(tmp_path):
    memory = MemorySecrets()
    secrets = MovableSecrets(memory)
    node = Node("Lab", BASE, secret_headers=["X-Api-Key"])
    authentication = Authentication(tmp_path, secrets=secrets, nodes=lambda: [node])
    basic = template("basic").fill({"user_name": "ada", "password": canary("password")})
    authentication.add(basic.method, basic.secret)
    authentication.set_secret_header(node, "X-Api-Key", canary("key"))
    memory.set("of-another-program", "x")
    move_secrets(secrets, authentication.keys(), tmp_path, True)
    assert file_of_secrets(tmp_path).exists
    assert authentication.secret(basic.method) == basic.secret
    assert memory._secrets == {"of-another-program": "x"}
    move_secrets(secrets, authentication.keys(), tmp_path, True)
    move_secrets(secrets, authentication.keys(), tmp_path, False)
    assert authentication.secret(basic.method) == basic.secret
    assert not file_of_secrets(tmp_path).exists


def test_secrets_that_cannot_be_moved_stay_where_they_are(tmp_path):
    class Locked(MemorySecrets):
        def get(self, key):
            raise SecretUnavailable("the keyring is locked")

    secrets = MovableSecrets(Locked())
    with pytest.raises(SecretUnavailable):
        move_secrets(secrets, ["a"], tmp_path, True)
    assert not file_of_secrets(tmp_path).exists
    assert secrets.place == MemorySecrets.place


def test_secrets_that_were_moved_are_not_lost_when_the_former_place_keeps_one(tmp_path):
    class Closing(MemorySecrets):
        def delete(self, key):
            super().delete(key)
            raise SecretUnavailable("the keyring was locked meanwhile")

    kept = {"a": canary(), "b": canary()}
    former = Closing()
    for key, secret in kept.items():
        former.set(key, secret)
    secrets = MovableSecrets(former)
    move_secrets(secrets, kept, tmp_path, True)
    assert {key: secrets.get(key) for key in kept} == kept
    assert {key: file_of_secrets(tmp_path).get(key) for key in kept} == kept
