"""The benchmarks, in the order of the table."""

from __future__ import annotations

from typing import Tuple

from ..benchmark import Benchmark
from . import (
    ct_slices,
    elsewhere,
    growth,
    importing,
    large_instance,
    many_instances,
    many_studies,
    previews,
    round_trips,
    search_rows,
    single_instances,
    start,
    store_slices,
)

BENCHMARKS: Tuple[Benchmark, ...] = (
    ct_slices.BENCHMARK,
    elsewhere.BENCHMARK,
    large_instance.BENCHMARK,
    many_instances.BENCHMARK,
    many_studies.BENCHMARK,
    round_trips.BENCHMARK,
    single_instances.BENCHMARK,
    search_rows.BENCHMARK,
    store_slices.BENCHMARK,
    start.BENCHMARK,
    previews.BENCHMARK,
    importing.BENCHMARK,
    importing.ELSEWHERE,
    growth.BENCHMARK,
)
