"""A server with the study that manifests here name, and a workspace that opens them."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer
from fakes.part10_files import part10
from library.manifests.opening import SERIES, STUDY


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """One study of three instances, one of which no manifest here names."""
    folder = tmp_path_factory.mktemp("study")
    paths = [folder / f"{number}.dcm" for number in (1, 2, 3)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(part10(STUDY, SERIES, f"{SERIES}.{number}"))
    return paths


@pytest.fixture
def server(files):
    with OriginServer(files) as server:
        yield server


@pytest.fixture
def nodes(tmp_path):
    return NodeStore(tmp_path / "settings" / "nodes.json", predefined=())


@pytest.fixture
def workspace(nodes):
    with Workspace(nodes, make_pacer=lambda **_: Pacer(attempts=1)) as workspace:
        yield workspace
