"""The 800 CT slices from a server that leaves both processors to the clients."""

from __future__ import annotations

import contextlib
from typing import Iterator, Sequence

from ..benchmark import CURL, PEAK, SPEED, TIME, Benchmark, Contender, Setting, Target
from ..retrieving import ITER_STUDY, RETRIEVE_STUDY, curl, iter_study, ours, retrieve_study
from ..servers import elsewhere, orthanc_with
from ..studies import ct_study
from .ct_slices import SLICES


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    files = ct_study(setting.cache, setting.scaled(SLICES))
    with orthanc_with(files) as server, elsewhere(server.dicomweb_url) as url:
        count = len(files)
        yield curl(setting, url), ours(setting, url, count), retrieve_study(url, count), iter_study(url, count)


BENCHMARK = Benchmark(
    "elsewhere",
    "800 CT slices, 420 MB, Orthanc's answer given by nginx over loopback, to verified files",
    prepare,
    (
        Target(TIME, CURL, at_most=1.15),
        Target(SPEED, RETRIEVE_STUDY, at_least=5),
        Target(SPEED, ITER_STUDY, at_least=3.5),
        Target(PEAK, at_most=64),
    ),
)
