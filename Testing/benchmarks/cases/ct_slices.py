"""A study of 800 CT slices (420 MB) from a real Orthanc over loopback."""

from __future__ import annotations

import contextlib
from typing import Iterator, Sequence

from ..benchmark import CURL, PEAK, SPEED, TIME, Benchmark, Contender, Setting, Target
from ..retrieving import ITER_STUDY, ORTHANC, RETRIEVE_STUDY, curl, iter_study, orthanc_to_orthanc, ours, retrieve_study
from ..servers import orthanc_with
from ..studies import ct_study

SLICES = 800


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    files = ct_study(setting.cache, setting.scaled(SLICES))
    with orthanc_with(files) as server:
        url, count = server.dicomweb_url, len(files)
        yield (
            curl(setting, url),
            ours(setting, url, count),
            retrieve_study(url, count),
            iter_study(url, count),
            orthanc_to_orthanc(url, count),
        )


BENCHMARK = Benchmark(
    "ct-slices",
    "800 CT slices, 420 MB, Orthanc on loopback, to verified files",
    prepare,
    (
        Target(TIME, CURL, at_most=1.15),
        Target(SPEED, RETRIEVE_STUDY, at_least=5),
        Target(SPEED, ITER_STUDY, at_least=3.5),
        Target(SPEED, ORTHANC),
        Target(PEAK, at_most=64),
        Target(PEAK, who=RETRIEVE_STUDY),
    ),
)
