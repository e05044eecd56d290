"""The 800 CT slices into a DICOM database, as in Slicer: the real worker, the logic, and the stand-in's database."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Iterator, Sequence, Tuple

from environment import REQUIREMENTS, Environment
from fakes.part10_files import part10

from ..benchmark import OURS, TIME, Benchmark, Contender, Setting, Target
from ..measure import Run, run_client
from ..retrieving import ours
from ..servers import GIGABIT, elsewhere, orthanc_with
from ..studies import STUDY, ct_study

SLICES = 800
FIRST = "2.25.8004"
"""A study of one instance, with which worker and indexer have begun."""
SLOWER = "the slower of retrieving alone and indexing alone"
_SCRIPT = Path(__file__).resolve().parents[1] / "import_clients.py"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    with _study(setting) as (files, first, url):
        yield _contenders(setting, files, first, url)


@contextlib.contextmanager
def prepare_elsewhere(setting: Setting) -> Iterator[Sequence[Contender]]:
    with _study(setting) as (files, first, url):
        with elsewhere(url, f"/studies/{FIRST}/series/{FIRST}.1", bytes_per_second=GIGABIT) as there:
            yield _contenders(setting, files, first, there)


@contextlib.contextmanager
def _study(setting: Setting) -> Iterator[Tuple[Sequence[Path], Path, str]]:
    """The slices, the first instance of all, and the URL of an Orthanc that has them."""
    files = ct_study(setting.cache, setting.scaled(SLICES))
    first = setting.scratch / "first.dcm"
    first.write_bytes(part10(FIRST, f"{FIRST}.1", f"{FIRST}.1.1", PatientID="FIRST"))
    with orthanc_with([*files, first]) as server:
        yield files, first, server.dicomweb_url


def _contenders(setting: Setting, files: Sequence[Path], first: Path, url: str) -> Sequence[Contender]:
    python = str(Environment(REQUIREMENTS / "test.txt").prepare())  # with Qt and Slicer's MRML library

    def run(name: str, *arguments: object) -> Run:
        with setting.folder() as folder:
            return run_client(name, folder, len(files), *arguments, python=python, script=_SCRIPT)

    def slower() -> Run:
        alone = {
            "retrieving": ours(setting, url, len(files)).run(),
            "indexing": run("index", files[0].parent, first),
        }
        told = {name: each.seconds for name, each in alone.items()}
        return replace(max(alone.values(), key=lambda each: each.seconds), told=told)

    return Contender(SLOWER, slower), Contender(OURS, lambda: run("import_study", url, STUDY, FIRST))


BENCHMARK = Benchmark(
    "import",
    "800 CT slices into the DICOM database of the stand-in for Slicer",
    prepare,
    (Target(TIME, SLOWER, at_most=1.2),),
)
ELSEWHERE = Benchmark(
    "import-elsewhere",
    "the same from a server elsewhere, by a line of 1 Gbit/s",
    prepare_elsewhere,
    BENCHMARK.targets,
)
