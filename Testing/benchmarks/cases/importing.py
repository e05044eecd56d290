"""The 800 CT slices into a DICOM database, as in Slicer: the real worker, the logic, and the stand-in's database."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Iterator, Sequence

from environment import REQUIREMENTS, Environment
from fakes.part10_files import part10

from ..benchmark import OURS, TIME, Benchmark, Contender, Setting, Target
from ..measure import Run, run_client
from ..retrieving import ours
from ..servers import orthanc_with
from ..studies import STUDY, ct_study

SLICES = 800
FIRST = "2.25.8004"
"""A study of one instance, with which worker and indexer have begun."""
SLOWER = "the slower of retrieving alone and indexing alone"
_SCRIPT = Path(__file__).resolve().parents[1] / "import_clients.py"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    files = ct_study(setting.cache, setting.scaled(SLICES))
    python = str(Environment(REQUIREMENTS / "test.txt").prepare())  # with Qt and Slicer's MRML library
    first = setting.scratch / "first.dcm"
    first.write_bytes(part10(FIRST, f"{FIRST}.1", f"{FIRST}.1.1", PatientID="FIRST"))
    with orthanc_with([*files, first]) as server:

        def run(name: str, *arguments: object) -> Run:
            with setting.folder() as folder:
                return run_client(name, folder, len(files), *arguments, python=python, script=_SCRIPT)

        def slower() -> Run:
            alone = {
                "retrieving": ours(setting, server.dicomweb_url, len(files)).run(),
                "indexing": run("index", files[0].parent, first),
            }
            told = {name: each.seconds for name, each in alone.items()}
            return replace(max(alone.values(), key=lambda each: each.seconds), told=told)

        ours_to_database = Contender(OURS, lambda: run("import_study", server.dicomweb_url, STUDY, FIRST))
        yield Contender(SLOWER, slower), ours_to_database


BENCHMARK = Benchmark(
    "import",
    "800 CT slices into the DICOM database of the stand-in for Slicer",
    prepare,
    (Target(TIME, SLOWER, at_most=1.2),),
)
