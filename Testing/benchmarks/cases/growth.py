"""The same study with 100, 1,000, 10,000 and 100,000 small instances: time for each of them, and memory.

The server writes them as they are asked for; what does not grow with the count is the library's start, which the
smallest study shows.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Iterator, Sequence

from ..benchmark import ADDED_PEAK, CURL, OURS, TIME, Benchmark, Contender, Setting, Target
from ..retrieving import curl, ours
from ..servers import synthetic_server

EACH, BYTES = 100, 2_000
COUNTS = (100, 1_000, 10_000, 100_000)


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    with contextlib.ExitStack() as opened:
        contenders = []
        for count in COUNTS:
            if count <= max(1_000, setting.scaled(COUNTS[-1])):
                url = opened.enter_context(synthetic_server(count // EACH, EACH, BYTES))
                rounds = 5 if count < COUNTS[-1] else 3
                both = curl(setting, url, name=of(CURL, count)), ours(setting, url, count, name=of(OURS, count))
                contenders += [replace(one, units=count, rounds=rounds) for one in both]
        yield contenders


def of(name: str, count: int) -> str:
    return f"{name}, {count:,}"


BENCHMARK = Benchmark(
    "growth",
    "series of 100 instances of 2 KB, synthetic server, time for each instance",
    prepare,
    (
        Target(TIME, of(OURS, 1_000), who=of(OURS, 10_000), at_most=1.1),
        Target(TIME, of(OURS, 10_000), who=of(OURS, 100_000), at_most=1.1),
        Target(ADDED_PEAK, of(OURS, 1_000), who=of(OURS, 100_000)),
        Target(TIME, of(CURL, 100_000), who=of(OURS, 100_000)),
    ),
)
