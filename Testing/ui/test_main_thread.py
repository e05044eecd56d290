"""The main thread is never held for more than 50 ms by what this module does."""

from __future__ import annotations

import gc
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes.origin_server_process import OriginServerProcess
from fakes.part10_files import part10
from ui.heartbeat import Heartbeat
from ui.steps import add_node_without_test, search, select_first

HERE = Path(__file__).parent
LIMIT = 0.05  # seconds of computing
WAIT = 0.5  # seconds: nothing is waited for, but on some systems other processes count too
ATTEMPTS = 5  # the best one says what this module does: nothing else makes it faster
STUDY = "1.2.826.0.1"


@contextmanager
def studies_server(count):
    """The URL of a server in another process: its Python would hold up ours."""
    command = [sys.executable, str(HERE / "studies_server.py"), str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def check(what, attempt, record_property, capsys):
    """Attempt it until it holds; report the shortest of the longest holds."""
    best = None
    for _ in range(ATTEMPTS):
        heartbeat = attempt()
        best = heartbeat if best is None or heartbeat.longest < best.longest else best
        if best.longest <= LIMIT and best.longest_wait <= WAIT:
            break
    record_property(what, best.longest)
    with capsys.disabled():
        print(
            f"\n{what}: the main thread was held for at most {1000 * best.longest:.0f} ms, "
            f"{1000 * best.longest_wait:.0f} ms with what else ran on this machine; "
            f"the garbage collector took {1000 * best.longest_collection:.0f} ms"
        )
    assert best.longest <= LIMIT
    assert best.longest_wait <= WAIT


def test_a_search_with_10000_results(panel, until, record_property, capsys):
    with studies_server(10_000) as url:
        add_node_without_test(panel, until, "Large", url)

        def attempt():
            with Heartbeat() as heartbeat:
                view = search(panel, until, "Large")
            assert view.results.studies == 10_000
            return heartbeat

        check("search with 10,000 results", attempt, record_property, capsys)


def objects():
    """How many objects Python's garbage collector goes through, without those that PySide6 keeps for items."""
    gc.collect()
    return sum(not str(type(each).__module__).startswith(("PySide6", "Shiboken")) for each in gc.get_objects())


def test_what_a_search_finds_makes_the_garbage_collector_no_work(panel, until):
    """It goes through everything that there is, Slicer's objects too, once their number has grown by a quarter."""
    count = 1000
    with studies_server(count) as url:
        add_node_without_test(panel, until, "Large", url)
        before = objects()
        assert search(panel, until, "Large").results.studies == count
    assert objects() - before < 0.5 * count, "and what is made once, by whichever search comes first"


@pytest.fixture(scope="session")
def many_files(tmp_path_factory):
    """2,000 instances of four series."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(2000):
        uid = f"{STUDY}.{number % 4}"
        (folder / f"{number}.dcm").write_bytes(part10(STUDY, uid, f"{uid}.{number}", payload=2000))
    return folder


def test_an_import_of_2000_instances(panel, until, many_files, database, record_property, capsys):
    with OriginServerProcess([many_files]) as server:
        add_node_without_test(panel, until, "Lab", server.url)
        view = search(panel, until, "Lab")
        select_first(view)

        def attempt():
            for series in database.seriesForStudy(STUDY):
                database.removeSeries(series)
            with Heartbeat() as heartbeat:
                view.ui.importButton.click()
                job = panel.transfers_panel.rows[-1].job
                until(lambda: job.isOver and view.is_settled)
            assert job.value.complete
            assert job.value.imported == 2000
            return heartbeat

        check("import of 2,000 instances", attempt, record_property, capsys)
