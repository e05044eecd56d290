"""Testing a node, and who gets in."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest
from conftest import started_orthanc
from DICOMWebNodesLib.auth.credentials import BasicAuth
from DICOMWebNodesLib.errors import NotDICOMweb, ResponseError, Unauthorized
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Query, Resource, Workspace
from orthanc import Orthanc

USER, PASSWORD = "alice", "wönder land:7"


@pytest.fixture(scope="module")
def locked() -> Iterator[Orthanc]:
    """An Orthanc that wants Basic authentication."""
    with started_orthanc(users={USER: PASSWORD}) as server:
        yield server


def workspace_for(tmp_path: Path, user: str, password: str) -> Workspace:
    store = NodeStore(tmp_path / "nodes.json", predefined=())
    return Workspace(store, credentials=lambda node: BasicAuth(user, password))


def test_every_service_of_a_node_is_found_to_work(workspace: Workspace, node: Node) -> None:
    checks = workspace.test(node)
    assert {check.service for check in checks} == {ServiceType.QIDO_RS, ServiceType.WADO_RS, ServiceType.STOW_RS}
    assert all(check.ok for check in checks), checks


def test_orthancs_own_front_page_is_no_dicomweb_service(workspace: Workspace, orthanc: Orthanc) -> None:
    root = f"http://127.0.0.1:{orthanc.port}"
    checks = workspace.test(root)
    assert not any(check.ok for check in checks), checks
    with pytest.raises((ResponseError, NotDICOMweb)):
        list(workspace.search(root, Query.studies()))


def test_the_right_password_opens_and_a_wrong_one_is_said_to_be_wrong(locked: Orthanc, tmp_path: Path) -> None:
    with workspace_for(tmp_path, USER, PASSWORD) as workspace:
        assert list(workspace.search(locked.dicomweb_url, Query.studies())) == []
    with workspace_for(tmp_path, USER, "guess") as workspace:
        with pytest.raises(Unauthorized, match="Sign in, or check the user name, password") as caught:
            list(workspace.search(locked.dicomweb_url, Query.studies()))
        assert caught.value.status == 401
        assert "guess" not in str(caught.value)
        checks = workspace.test(locked.dicomweb_url)
        assert [check.ok for check in checks] == [False] * len(checks)


def test_without_a_password_a_transfer_accounts_for_what_it_could_not_fetch(
    locked: Orthanc, workspace: Workspace, tmp_path: Path
) -> None:
    summary = workspace.retrieve(locked.dicomweb_url, [Resource("1.2.3")], tmp_path / "out")
    assert not summary.complete
    assert [failure.code for failure in summary.failed] == ["unauthorized"]
