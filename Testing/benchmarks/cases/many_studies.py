"""Hundreds of studies that are next to nothing, 50 ms away: what counts is how many requests are under way."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, Sequence

from ..benchmark import TIME, Benchmark, Contender, Setting, Target
from ..retrieving import curl_in_parallel, ours
from ..servers import far_away, orthanc_with
from ..studies import small_studies
from .single_instances import CURLS_CONNECTIONS

STUDIES, EACH, BYTES = 400, 2, 2_000
PARALLEL = f"curl --parallel, {CURLS_CONNECTIONS} connections from the start, told all series"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    with setting.folder() as folder:
        series = small_studies(Path(folder), setting.scaled(STUDIES), EACH, BYTES)
        with orthanc_with(sorted(Path(folder).iterdir())) as server, far_away(server.dicomweb_url) as url:
            yield (
                curl_in_parallel(
                    setting,
                    url,
                    [f"studies/{study}/series/{uid}" for study, uid in series],
                    CURLS_CONNECTIONS,
                    PARALLEL,
                ),
                ours(setting, url, EACH * len(series), studies=[study for study, _ in series]),
            )


BENCHMARK = Benchmark(
    "many-studies",
    "400 studies of 2 instances of 2 KB, 50 ms of round trip",
    prepare,
    (Target(TIME, PARALLEL),),
)
