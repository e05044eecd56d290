"""Whoever reads a fast connection does not ask the system for the same memory again and again."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest
from environment import ROOT

READS = 200
_FEW = 20  # page faults for a read; a megabyte has 256 pages
_SCRIPT = f"""
import io
import itertools
import resource
import threading
from DICOMWebNodesLib.dicomweb.response import LARGEST_CHUNK

LENGTHS = itertools.cycle((300_000, 1_000_000, 700_000, 130_000))
CONTENT = bytes(LARGEST_CHUNK)

class Connection(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, buffer):
        length = min(len(buffer), next(LENGTHS))
        buffer[:length] = CONTENT[:length]
        return length

def read():
    connection = io.BufferedReader(Connection())
    piece = b""
    for _ in range({READS}):
        piece = connection.read1(LARGEST_CHUNK)

before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
READ
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are not part of the project")
@pytest.mark.parametrize(
    "read",
    [
        pytest.param("read()", id="by-the-main-thread"),
        pytest.param("it = threading.Thread(target=read); it.start(); it.join()", id="by-another-thread"),
    ],
)
def test_the_memory_of_a_read_serves_the_next_one(read: str) -> None:
    script = _SCRIPT.replace("READ\n", read + "\n")
    # A person's own setting of the allocator is obeyed: any of them ends what it learns by itself.
    settings = ("MALLOC_", "GLIBC_TUNABLES")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    environment["PYTHONPATH"] = str(ROOT / "DICOMWebNodes")
    faults = int(subprocess.check_output([sys.executable, "-c", script], env=environment))
    assert faults < READS * _FEW
