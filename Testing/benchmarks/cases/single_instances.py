"""A server that gives single instances only, 50 ms away: what counts is how many requests are under way."""

from __future__ import annotations

import contextlib
from typing import Iterator, Sequence

from ..benchmark import TIME, Benchmark, Comparison, Contender, Setting, Target
from ..measure import Run
from ..retrieving import curl_in_parallel, ours
from ..servers import ROUND_TRIP, far_away, synthetic_server
from ..studies import STUDY, instance_uid, series_uid

SERIES, EACH, BYTES = 4, 500, 50_000
# As many as the library comes to by itself.
CURLS_CONNECTIONS = 16
PARALLEL = f"curl --parallel, {CURLS_CONNECTIONS} connections from the start"
OF_LIMIT = Comparison("time / (instances x round trip / connections)", "x", lambda run, _: over_limit(run))
CONNECTIONS = Comparison("connections", "", lambda run, _: run.told["connections"], max)


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    each = setting.scaled(EACH)
    count = SERIES * each
    all_series = [series_uid(index) for index in range(SERIES)]
    instances = [(uid, instance_uid(uid, index)) for uid in all_series for index in range(each)]
    paths = [f"studies/{STUDY}/series/{series}/instances/{instance}" for series, instance in instances]

    with synthetic_server(SERIES, each, BYTES, "instances") as near, far_away(near) as url:
        yield (
            curl_in_parallel(setting, url, paths, CURLS_CONNECTIONS, PARALLEL),
            ours(setting, url, count, client="ours_with_connections"),
        )


def over_limit(run: Run) -> float:
    return run.seconds / (run.told["instances"] * ROUND_TRIP / run.told["connections"])


BENCHMARK = Benchmark(
    "single-instances",
    "2,000 instances of 50 KB, single requests only, 50 ms of round trip",
    prepare,
    (Target(OF_LIMIT, at_most=1.2), Target(TIME, PARALLEL), Target(CONNECTIONS)),
)
