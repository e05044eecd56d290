"""The examples in docstrings are run as they stand."""

import doctest

import DICOMWebNodesLib.dicomweb.multipart
import DICOMWebNodesLib.workspace
import pytest
from fakes.origin_server import OriginServer
from fakes.part10_files import part10


@pytest.fixture
def origin_server(tmp_path):
    files = []
    for number in (1, 2, 3):
        files.append(tmp_path / f"{number}.dcm")
        files[-1].write_bytes(part10("1.2.3", "1.2.3.1", f"1.2.3.1.{number}"))
    with OriginServer(files) as server:
        yield server


def test_the_example_of_the_workspace(origin_server, tmp_path):
    folder = tmp_path / "here"
    names = {"url": origin_server.url, "folder": folder}
    results = doctest.testmod(DICOMWebNodesLib.workspace, extraglobs=names)
    assert results.attempted > 5
    assert results.failed == 0


def test_the_example_of_the_multipart_parser():
    results = doctest.testmod(DICOMWebNodesLib.dicomweb.multipart)
    assert results.attempted > 0
    assert results.failed == 0
