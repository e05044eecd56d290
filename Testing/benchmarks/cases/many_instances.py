"""10,000 instances of 20 KB in 100 series, and a tenth of them, from a real Orthanc over loopback."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Iterator, Sequence

from ..benchmark import CURL, OURS, PEAK, SPEED, TIME, Benchmark, Contender, Setting, Target
from ..retrieving import ITER_STUDY, RETRIEVE_STUDY, curl, iter_study, ours, retrieve_study
from ..servers import orthanc_with
from ..studies import SmallInstances

SERIES = EACH = 100
BYTES = 20_000
FEWER = f"{OURS}, a tenth"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    series = max(10, setting.scaled(SERIES))
    many, few = SmallInstances(series, EACH, BYTES), SmallInstances(series // 10, EACH, BYTES)
    with contextlib.ExitStack() as opened:
        folders = [Path(opened.enter_context(setting.folder())) for _ in range(2)]
        servers = [
            opened.enter_context(orthanc_with(study.write(folder))) for study, folder in zip((many, few), folders)
        ]
        (url, url_of_few), count, few_count = (
            (server.dicomweb_url for server in servers),
            series * EACH,
            series // 10 * EACH,
        )
        whole = (
            curl(setting, url),
            ours(setting, url, count),
            retrieve_study(url, count, rounds=2),
            iter_study(url, count, rounds=2),
        )
        fewer = ours(setting, url_of_few, few_count, name=FEWER)
        yield (*(replace(each, units=count) for each in whole), replace(fewer, units=few_count))


BENCHMARK = Benchmark(
    "many-instances",
    "10,000 instances of 20 KB in 100 series, Orthanc on loopback",
    prepare,
    (
        Target(SPEED, RETRIEVE_STUDY, at_least=5),
        Target(SPEED, ITER_STUDY, at_least=5),
        Target(TIME, FEWER, at_most=1.1),
        Target(TIME, CURL),
        Target(PEAK),
    ),
)
