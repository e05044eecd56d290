"""What a script may give to a workspace, and how it signs."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from canary import canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.open_secrets import file_of_secrets
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.dicomweb.identity import merged
from DICOMWebNodesLib.dicomweb.named import resource_of, resources_of
from DICOMWebNodesLib.errors import InvalidUID, NotWritable, Unauthorized
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Level, Query, Resource, Workspace
from fakes.origin_server import OriginServer
from requests.auth import _basic_auth_str

from .stores import SERIES, STUDY

RESOURCE = Resource(STUDY, SERIES)


@pytest.fixture
def nodes(tmp_path):
    return NodeStore(tmp_path / "settings" / "nodes.json", predefined=())


@pytest.fixture
def server(make):
    with OriginServer(make(1, 2)) as server:
        yield server


@pytest.fixture
def workspace(nodes):
    with Workspace(nodes) as workspace:
        yield workspace


NAMED = {
    "a resource": lambda found: RESOURCE,
    "a text": lambda found: f"{STUDY}/{SERIES}",
    "a row": lambda found: found[0],
    "a list of texts": lambda found: [f"{STUDY}/{SERIES}"],
    "the rows of a search": iter,
    "a tuple of resources": lambda found: (RESOURCE,),
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_what_is_retrieved_is_named_as_it_is_at_hand(named, workspace, server, tmp_path):
    found = list(workspace.search(server.url, Query.series(STUDY)))
    summary = workspace.retrieve(server.url, named(found), str(tmp_path / "here"))
    assert summary.complete
    assert sorted(path.name for path in (tmp_path / "here" / STUDY / SERIES).iterdir()) == [
        f"{SERIES}.1.dcm",
        f"{SERIES}.2.dcm",
    ]
    assert len(list(workspace.metadata(server.url, f"{STUDY}/{SERIES}"))) == 2


@pytest.mark.parametrize("wrong", ["", "1.2/x", None, 12, [None], Path("1.2")], ids=repr)
def test_what_names_nothing_is_refused_before_anything_is_asked(wrong, workspace, server, tmp_path):
    with pytest.raises(InvalidUID):
        workspace.retrieve(server.url, wrong, tmp_path / "here")
    assert server.exchanges == []


def test_a_value_of_another_kind_is_not_quoted():
    with pytest.raises(InvalidUID, match="a value of the type dict names no study, series or instance") as refused:
        resource_of({"PatientName": "DOE^JANE"})
    assert "DOE" not in str(refused.value)


def test_a_resource_is_not_taken_apart_into_its_uids():
    assert resources_of(RESOURCE) == (RESOURCE,)


def test_a_file_in_the_place_of_the_folder_is_told_by_type(workspace, server, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotWritable):
        workspace.retrieve(server.url, STUDY, tmp_path / "file")


@pytest.mark.parametrize("kind", [str, Path])
def test_a_single_file_is_stored(kind, workspace, make):
    (file,) = make(1)
    with OriginServer([]) as server:
        assert workspace.store(server.url, kind(file)).stored == 1
        assert workspace.store(server.url, map(kind, [file])).complete


def test_a_workspace_signs_as_its_nodes_say(nodes, make):
    """Methods and secrets are beside the file of nodes, where the window and the command line keep them."""
    password = canary("password")
    folder = nodes.path.parent
    authentication = Authentication(folder, secrets=file_of_secrets(folder))
    filled = template("basic").fill({"user_name": "ada", "password": password}, name="Password")
    authentication.add(filled.method, filled.secret)
    with OriginServer(make(1), authorized=_basic_auth_str("ada", password).__eq__) as server:
        nodes.add(Node("Lab", server.url))
        with Workspace(nodes) as workspace:
            with pytest.raises(Unauthorized):
                list(workspace.search("Lab", Query.studies()))
            nodes.update("Lab", lambda node: replace(node, authentication=filled.method.uid))
            assert len(list(workspace.search("Lab", Query.studies()))) == 1


def test_what_was_found_can_be_sent_to_another_process(workspace, server):
    (row,) = workspace.search(server.url, Query.studies())
    (merged_row,) = merged(Level.STUDY, [("Lab", [row])])
    for value in (row, merged_row, resource_of(row), Query.studies(PatientName="DOE*")):
        again = pickle.loads(pickle.dumps(value))
        assert again == value or again.raw == value.raw
    assert pickle.loads(pickle.dumps(merged_row)).nodes == ("Lab",)


def test_a_workspace_is_not_sent_to_another_process(workspace):
    with pytest.raises(TypeError):
        pickle.dumps(workspace)
