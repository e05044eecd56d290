"""Two Slicers, a script and a command line at once: real processes on one file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import DICOMWebNodesLib
import pytest
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore

PROCESSES = 6
NODES_EACH = 12

ADD_NODES = """
import sys
from pathlib import Path
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore

store = NodeStore(Path(sys.argv[1]), predefined=[])
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    node = Node(f"{sys.argv[2]} {number}", "http://localhost/")
    store.add(node)
    print(node.name, flush=True)
    store.update("shared", lambda node: Node(node.name, node.url, uid=node.uid, page_size=node.page_size + 1))
"""


@pytest.fixture
def start():
    children = []

    def started(path, name, count):
        environment = {**os.environ, "PYTHONPATH": str(Path(DICOMWebNodesLib.__file__).resolve().parents[1])}
        child = subprocess.Popen(
            [sys.executable, "-c", ADD_NODES, str(path), name, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        children.append(child)
        assert child.stdout.readline() == "ready\n", child.stderr.read()
        return child

    yield started
    for child in children:
        child.kill()
        child.communicate()


def go(child):
    child.stdin.write("go\n")
    child.stdin.flush()


def test_processes_that_add_and_change_nodes_at_once_lose_nothing(tmp_path, start):
    path = tmp_path / "nodes.json"
    store = NodeStore(path, predefined=[])
    store.add(Node("shared", "http://localhost/", page_size=1))
    children = [start(path, f"process {number}", NODES_EACH) for number in range(PROCESSES)]
    for child in children:
        go(child)
    for child in children:
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 0, errors
    expected = {f"process {process} {number}" for process in range(PROCESSES) for number in range(NODES_EACH)}
    assert {node.name for node in store.nodes()} == expected | {"shared"}
    assert store.get("shared").page_size == 1 + PROCESSES * NODES_EACH
    assert sorted(os.listdir(tmp_path)) == ["nodes.json", "nodes.json.lock"]


def test_a_process_that_is_killed_while_it_writes_loses_nothing_that_it_had_reported(tmp_path, start):
    path = tmp_path / "nodes.json"
    store = NodeStore(path, predefined=[])
    store.add(Node("shared", "http://localhost/", page_size=1))
    child = start(path, "killed", 100_000)
    go(child)
    reported = [child.stdout.readline().strip() for _ in range(20)]
    child.kill()
    child.wait()
    assert set(reported) <= {node.name for node in store.nodes()}
    assert store.set_aside is None
    store.add(Node("after", "http://localhost/"))
    assert "after" in {node.name for node in store.nodes()}
