"""The benchmarks' own arithmetic, and their delay: what they say must not be an accident of how they measure."""

from __future__ import annotations

import asyncio
import time

import pytest
from benchmarks.benchmark import PEAK, SPEED, TIME, Contender, Target
from benchmarks.cases import search_rows
from benchmarks.delaying_proxy import listen
from benchmarks.figures import alternate, figure, noise
from benchmarks.measure import Run
from benchmarks.paged_session import PagedSession
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.query import Query


def runs(*seconds, peak=0):
    return [Run(each, peak=peak) for each in seconds]


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target(TIME, "curl", at_most=1.2, who="ours"), 1.5, False),
        (Target(TIME, "curl", at_most=1.5, who="ours"), 1.5, True),
        (Target(SPEED, "slow", at_least=5, who="ours"), 4.0, False),
        (Target(SPEED, "slow", at_least=4, who="ours"), 4.0, True),
        (Target(PEAK, at_most=64, who="ours"), 65.0, False),
        (Target(TIME, "curl", who="ours"), 1.5, True),
    ],
)
def test_a_figure_is_the_median_of_ratios_within_a_round(target, value, met):
    measured = {
        "curl": runs(1.0, 2.0, 1.0),
        "ours": [*runs(1.5, 2.0), Run(3.0, peak=65_000_000)],
        "slow": runs(6.0, 8.0),  # took part in two rounds only
    }
    assert figure(target, measured).value == value
    assert figure(target, measured).met is met


def test_contenders_take_turns_and_every_second_round_runs_backwards():
    order = []
    contenders = [
        Contender(name, lambda name=name: order.append(name) or Run(10.0), units=units, rounds=rounds)
        for name, units, rounds in (("first", 1, 9), ("second", 10, 9), ("slow", 1, 1))
    ]
    measured = alternate(contenders, 2)
    assert order == ["first", "second", "slow", "second", "first"]
    assert [run.seconds for run in measured["second"]] == [1.0, 1.0]


def test_noise_is_what_the_rounds_of_one_contender_differ_by():
    assert noise(runs(1.0, 1.1, 0.9)) == pytest.approx(0.2)


def test_the_far_away_server_is_a_round_trip_away_for_each_request_and_two_for_a_connection():
    asyncio.run(talk_to_a_server_far_away())


async def talk_to_a_server_far_away():
    async def answer(reader, writer):
        while asked := await reader.readline():
            writer.write(asked * 100_000)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    proxy = await listen("127.0.0.1", server.sockets[0].getsockname()[1], 0.1)
    started = time.monotonic()
    reader, writer = await asyncio.open_connection(*proxy.sockets[0].getsockname())
    for round_trips in (2, 3):
        writer.write(b"what?\n")
        assert await reader.readexactly(600_000) == b"what?\n" * 100_000
        assert time.monotonic() - started >= round_trips * 0.1
    writer.close()
    proxy.close()
    server.close()


def test_the_pages_of_the_search_benchmark_are_searched_as_any_server_is(tmp_path):
    pages = tmp_path / "pages"
    search_rows.write_pages(pages, 250)
    with pages.open("rb") as lines:
        found = QidoRS(PagedSession(lines, search_rows.PAGE)).search(Query.studies())
        assert len({row.study_instance_uid for row in found}) == 250
