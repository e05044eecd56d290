"""The module is left, reloaded, closed, quit or killed in the middle of an import: nothing hangs, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import standin
from fakes.origin_server import OriginServer
from fakes.part10_files import part10
from fakes.stall import Stall

if standin.missing():
    pytest.skip(standin.missing(), allow_module_level=True)

PROGRAM = Path(__file__).with_name("interrupted_module.py")
STUDY = "1.2.826.0.1"
ALL = 40
PATIENCE = 60  # seconds, for a machine that does much else: what hangs, hangs for ever


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    for number in range(ALL):
        (folder / f"{number}.dcm").write_bytes(part10(STUDY, f"{STUDY}.1", f"{STUDY}.1.{number}"))
    return sorted(folder.iterdir())


@pytest.fixture
def server(files):
    stall = Stall()
    with OriginServer(files, fault=stall) as server:
        server.stall = stall
        yield server
        stall.go_on.set()


class Interrupted:
    """The program, and what it tells."""

    def __init__(self, how, url, folder):
        command = [sys.executable, str(PROGRAM), how, url, STUDY, str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def told(self):
        """What Slicer itself says, as when it reloads a module, is passed over."""
        return json.loads(next(line for line in self.process.stdout if line.startswith("{")))

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@pytest.fixture
def interrupt(server, tmp_path):
    """``interrupt(how)`` starts it, and returns when the import is in its middle."""
    started = []

    def interrupt(how):
        started.append(Interrupted(how, server.url, tmp_path))
        return started[-1]

    yield interrupt
    for each in started:
        each.process.kill()
        each.process.communicate()


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def check_that_it_is_offered_and_resumes(interrupt, server):
    server.stall.go_on.set()
    restarted = interrupt("resume")
    assert restarted.told() == {"offered": ["Jane"]}
    end = restarted.told()
    assert end["complete"]
    assert end["imported"] + end["there"] == ALL
    assert end["unfinished"] == 0


def test_quitting_in_the_middle_of_an_import_takes_no_time_and_a_restart_offers_to_resume(interrupt, server):
    program = interrupt("quit")
    worker = program.told()["worker"]
    assert program.told()["seconds"] < PATIENCE, "the import, which never ends, is not waited for"
    assert program.process.wait(PATIENCE) == 0
    assert not is_running(worker)
    check_that_it_is_offered_and_resumes(interrupt, server)


def test_a_script_that_waits_for_an_import_does_not_keep_the_application_from_quitting(interrupt, server):
    program = interrupt("quit-while-a-script-waits")
    program.told()
    assert program.told() == {"raised": "the application was closed"}
    assert program.process.wait(PATIENCE) == 0
    check_that_it_is_offered_and_resumes(interrupt, server)


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_an_application_that_is_killed_takes_its_worker_along_and_a_restart_offers_to_resume(interrupt, server):
    program = interrupt("kill")
    worker = program.told()["worker"]
    assert program.process.wait(PATIENCE) == -9
    until = time.monotonic() + PATIENCE
    while is_running(worker):
        assert time.monotonic() < until, "the worker outlives its parent"
        time.sleep(0.01)
    check_that_it_is_offered_and_resumes(interrupt, server)


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_a_second_slicer_leaves_alone_what_a_living_one_imports_and_is_offered_what_a_killed_one_left(
    interrupt, server
):
    first = interrupt("hold")
    first.told()
    second = interrupt("look")
    assert second.told() == {"offered": 0}
    assert "another Slicer that has this DICOM database open is at it already" in second.told()["error"]
    first.process.kill()
    first.process.wait(PATIENCE)
    server.stall.go_on.set()
    second.go_on()
    end = second.told()
    assert (end["complete"], end["imported"] + end["there"], end["unfinished"]) == (True, ALL, 0)


def test_a_reload_in_the_middle_of_an_import_offers_to_resume_it(interrupt, server):
    program = interrupt("reload")
    program.told()
    assert program.told() == {"title": "Jane", "offered": "Jane"}
    server.stall.go_on.set()
    program.go_on()
    end = program.told()
    assert (end["complete"], end["imported"] + end["there"], end["unfinished"]) == (True, ALL, 0)


def test_leaving_the_module_and_closing_the_scene_do_not_disturb_an_import(interrupt, server):
    program = interrupt("close-scene")
    program.told()
    assert program.told() == {"left": True}
    server.stall.go_on.set()
    program.go_on()
    assert program.told() == {"complete": True, "imported": ALL, "there": 0, "unfinished": 0}


def test_a_worker_that_dies_in_the_middle_of_an_import_is_told_and_retry_fetches_the_rest(interrupt, server):
    program = interrupt("kill-worker")
    program.told()
    told = program.told()
    assert (told["code"], told["state"]) == ("worker-failed", "failed")
    assert "the worker process" in told["error"]
    assert told["reason"].lower() == told["error"].lower()
    server.stall.go_on.set()
    program.go_on()
    end = program.told()
    assert (end["complete"], end["unfinished"]) == (True, 0)
    assert end["there"] > 0
    assert end["imported"] + end["there"] == ALL
