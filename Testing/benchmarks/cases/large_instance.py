"""One multi-frame instance of 2 GB; from the embedded origin server, as Orthanc reads all of it into memory first."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, Sequence

from ..benchmark import CURL, PEAK, TIME, Benchmark, Contender, Setting, Target
from ..retrieving import curl, ours
from ..servers import origin_server
from ..studies import large_instance

BYTES = 2_000_000_000


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    with setting.folder() as folder:
        large_instance(Path(folder), setting.scaled(BYTES))
        with origin_server(Path(folder)) as url:
            yield curl(setting, url), ours(setting, url, 1)


BENCHMARK = Benchmark(
    "large-instance",
    "one multi-frame instance of 2 GB, embedded origin server",
    prepare,
    (Target(TIME, CURL, at_most=1.15), Target(PEAK, at_most=64)),
)
