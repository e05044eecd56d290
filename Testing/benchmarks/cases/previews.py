"""The 800 CT slices five times by the worker, while somebody looks through previews that are made here, and without."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, Sequence

from ..benchmark import OURS, TIME, Benchmark, Comparison, Contender, Setting, Target
from ..measure import Run, run_client
from ..servers import orthanc_with, synthetic_server
from ..studies import COLUMNS, ROWS, ct_study

SLICES = 800
SERIES = 100  # whose rows the server writes at each question
ALONE = "DICOMWebNodes, nothing else"
PICTURES = Comparison("pictures meanwhile", "", lambda run, _: run.told["pictures"])
_SCRIPT = Path(__file__).resolve().parents[1] / "worker_clients.py"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    files = ct_study(setting.cache, setting.scaled(SLICES))
    with orthanc_with(files) as server, synthetic_server(SERIES, 1, ROWS * COLUMNS * 2) as without_pictures:

        def run(name: str, *arguments: str) -> Run:
            with setting.folder() as folder:
                measured = run_client(name, server.dicomweb_url, folder, *arguments, script=_SCRIPT)
            assert measured.told["instances"] == len(files)
            return measured

        yield (
            Contender(ALONE, lambda: run("retrieve"), rounds=5),
            Contender(OURS, lambda: run("retrieve_and_scroll", without_pictures), rounds=5),
        )


BENCHMARK = Benchmark(
    "previews",
    "800 CT slices, 420 MB, five times, while previews of another server's series are made here",
    prepare,
    (Target(TIME, ALONE, at_most=1.1), Target(PICTURES)),
)
