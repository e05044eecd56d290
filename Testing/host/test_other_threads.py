"""What Qt reads from, or waits for, is not ended by a thread of Python that finds it unused."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import standin
from environment import ROOT

pytestmark = pytest.mark.skipif(bool(standin.missing()), reason=standin.missing() or "never")

INDEXER = """
import ctk
from fakes.part10_files import part10
from standin.application import open_database

database, file = open_database(folder), folder / "instance.dcm"
file.write_bytes(part10("1.2", "1.2.3", "1.2.3.4"))

def make():
    indexer = ctk.ctkDICOMIndexer()
    indexer.backgroundImportEnabled = True
    indexer.addListOfFiles(database, [str(file)] * 20, False)
    return indexer
"""
CALLS = """
from DICOMWebNodesHost import event_loop

def make():
    for milliseconds in range(0, 100, 5):
        event_loop.later(milliseconds, lambda: None)
    timers = list(event_loop._waiting)
    event_loop._waiting.clear()
    event_loop._idle.clear()
    return timers
"""
SCRIPT = """
import gc, pathlib, sys, threading, time
import standin
standin.install()
import slicer
folder = pathlib.Path(sys.argv[1])
{make}
def spin(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        slicer.app.processEvents()

for _ in range(10):
    unused = [make()]
    unused.append(unused)
    spin(0.05)
    del unused
    collecting = threading.Thread(target=gc.collect)
    collecting.start()
    collecting.join()
    others = [bytes(300) for _ in range(20_000)]
    spin(0.05)
print("fine")
"""


@pytest.mark.parametrize("make", [INDEXER, CALLS], ids=["an-indexer", "calls-that-wait"])
def test_what_is_collected_in_another_thread_ends_in_the_main_one(make, tmp_path):
    path = os.pathsep.join(str(ROOT / each) for each in ("Testing", "DICOMWebNodes"))
    environment = {**os.environ, "PYTHONPATH": path, "DICOMWEBNODES_HOME": str(tmp_path)}
    command = [sys.executable, "-c", SCRIPT.format(make=make), str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["fine"]), done.stderr
