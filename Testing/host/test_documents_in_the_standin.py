"""The scripts of the README for Slicer's Python console, as they stand there, with the real worker process."""

from __future__ import annotations

import os

import pytest
import standin

if standin.missing():
    pytest.skip(standin.missing(), allow_module_level=True)
standin.install()

import documents  # noqa: E402
import slicer  # noqa: E402
from DICOMWebNodesHost import worker_process  # noqa: E402
from DICOMWebNodesHost.logic import Logic  # noqa: E402
from DICOMWebNodesLib.nodes.node import Node  # noqa: E402
from fakes.origin_server_process import OriginServerProcess  # noqa: E402
from standin.application import open_database  # noqa: E402


class Slicer:
    """``slicer`` as the scripts see it, with the module's logic where Slicer gives it."""

    def __init__(self, logic):
        self.util = self
        self.mrmlScene = slicer.mrmlScene
        self.getModuleLogic = {"DICOMWebNodes": logic}.__getitem__


@pytest.fixture
def logic(tmp_path):
    os.environ["DICOMWEBNODES_HOME"] = str(tmp_path / "settings")
    database = open_database(tmp_path)
    logic = Logic()
    with OriginServerProcess(documents.served(tmp_path)) as server:
        logic.addNode(Node("Lab", server.url))
        yield logic
    logic.stop()
    worker_process.endAll()
    database.closeDatabase()
    slicer.mrmlScene.Clear(0)


SCRIPTS = [block for document in documents.DOCUMENTS for block in documents.blocks(document, "python slicer")]


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_every_script_for_slicer_runs(block, logic, capsys):
    exec(compile(block.code, str(block), "exec"), {"slicer": Slicer(logic)})
    assert capsys.readouterr().out.strip()
