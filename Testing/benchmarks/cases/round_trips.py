"""The 800 slices as 8 series, 50 ms away."""

from __future__ import annotations

import contextlib
from typing import Iterator, Sequence

from ..benchmark import TIME, Benchmark, Contender, Setting, Target
from ..retrieving import curl_in_parallel, ours
from ..servers import far_away, orthanc_with
from ..studies import STUDY, ct_study, series_uid

SLICES, SERIES = 800, 8
PARALLEL = "curl --parallel"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    files = ct_study(setting.cache, SERIES * setting.scaled(SLICES // SERIES), series=SERIES)
    with orthanc_with(files) as server, far_away(server.dicomweb_url) as url:
        yield (
            curl_in_parallel(
                setting,
                url,
                [f"studies/{STUDY}/series/{series_uid(index)}" for index in range(SERIES)],
                SERIES,
                PARALLEL,
            ),
            ours(setting, url, len(files)),
        )


BENCHMARK = Benchmark(
    "round-trips",
    "8 series of 100 slices behind 50 ms of round trip",
    prepare,
    (Target(TIME, PARALLEL, at_most=1.2),),
)
