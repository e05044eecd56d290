"""A transfer whose process is killed: nothing stands under a name that it does not deserve, and it resumes."""

import dataclasses
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fakes.origin_server import ConnectionCut, OriginServer
from fakes.part10_files import part10

LIBRARY = Path(__file__).parents[2] / "DICOMWebNodes"
SERIES = ("1.2.3", "1.2.3.1")
PAYLOAD, PIECE = 200_000, 16_384
LARGE = 3_000_000  # more than one read brings, so that a file is begun
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def write_origin(folder, payload, count):
    for number in range(count):
        content = part10(*SERIES, f"1.2.3.1.{number}", payload=payload)
        folder.joinpath(f"{number}.dcm").write_bytes(content)
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def origin_files(tmp_path_factory):
    return write_origin(tmp_path_factory.mktemp("origin"), PAYLOAD, 20)


@pytest.fixture(scope="module")
def large_files(tmp_path_factory):
    return write_origin(tmp_path_factory.mktemp("large"), LARGE, 4)


class Counting:
    """Sends what is retrieved in small pieces, and calls ``then`` when so many bytes of it have been sent in all."""

    def __init__(self, at, then):
        self._left, self._then = at, then

    def __call__(self, request, response):
        if "multipart/related" not in response.content_type:
            return response
        body = b"".join(response.body)
        return dataclasses.replace(response, body=self._pieces(body), length=len(body))

    def _pieces(self, body):
        while body:
            size = min(PIECE, self._left or PIECE)
            yield body[:size]
            body = body[size:]
            if self._left:
                self._left -= size
                if self._left <= 0:
                    self._left = 0
                    self._then()


class Hold:
    """Where the server stops until it is told to go on."""

    def __init__(self):
        self.reached, self.go = threading.Event(), threading.Event()

    def __call__(self):
        self.reached.set()
        self.go.wait(60)


def command(server, output, settings):
    program = [sys.executable, "-m", "DICOMWebNodesLib", "retrieve", server.url, SERIES[0], "--output", str(output)]
    return subprocess.Popen(
        program, cwd=LIBRARY, env={"DICOMWEBNODES_HOME": str(settings), "PATH": ""}, stdout=subprocess.DEVNULL
    )


def contents(folder, suffix):
    return [path.read_bytes() for path in folder.rglob(f"*{suffix}")]


def wait_until_it_is_in_the_middle_of(number, output, process):
    """Of the file with this number; how far a process is cannot be told otherwise."""
    moment = threading.Event()
    while len(list(output.rglob("*.dcm"))) < number or not list(output.rglob("*.part")):
        assert process.poll() is None
        moment.wait(0.01)


@pytest.mark.parametrize("seed", range(2))
def test_a_transfer_that_is_killed_again_and_again_has_only_whole_files_and_resumes(seed, tmp_path, origin_files):
    rng, output = random.Random(seed), tmp_path / "output"
    whole = {path.read_bytes() for path in origin_files}
    running = []

    def kill():
        running[-1].kill()
        running[-1].wait()
        raise ConnectionCut

    for _ in range(3):
        with OriginServer(origin_files, fault=Counting(rng.randrange(1, 6 * PAYLOAD), kill)) as server:
            running.append(command(server, output, tmp_path))
            running[-1].wait(60)
        assert set(contents(output, ".dcm")) <= whole
    arrived = len(contents(output, ".dcm"))
    with OriginServer(origin_files) as server:
        assert command(server, output, tmp_path).wait(60) == 0
        asked = [each for each in server.exchanges if "/instances/" in each.request.path]
    assert set(contents(output, ".dcm")) == whole
    assert not contents(output, ".part")
    assert len(asked) == (20 - arrived if arrived else 0)


def test_what_was_on_its_way_when_it_was_killed_is_removed_and_comes_again(tmp_path, large_files):
    hold, output = Hold(), tmp_path / "output"
    with OriginServer(large_files, fault=Counting(2 * LARGE + LARGE // 2, hold)) as server:
        process = command(server, output, tmp_path)
        assert hold.reached.wait(60)
        wait_until_it_is_in_the_middle_of(2, output, process)
        process.kill()
        process.wait()
        hold.go.set()
    assert contents(output, ".part")
    with OriginServer(large_files) as server:
        assert command(server, output, tmp_path).wait(60) == 0
    assert set(contents(output, ".dcm")) == {path.read_bytes() for path in large_files}
    assert not contents(output, ".part")


@pytest.mark.parametrize("is_killed", [False, True], ids=["goes on", "is killed"])
def test_of_two_processes_in_one_folder_one_waits_in_the_middle_of_a_file_and(is_killed, tmp_path, large_files):
    """... and leaves nothing undone and nothing behind, nor does the other."""
    output = tmp_path / "output"
    first, other = Hold(), Hold()
    number = random.Random(is_killed).randrange(3)
    with OriginServer(large_files, fault=Counting(number * LARGE + LARGE // 2, first)) as server:
        process = command(server, output, tmp_path)
        assert first.reached.wait(60)
        wait_until_it_is_in_the_middle_of(number, output, process)
        with OriginServer(large_files, fault=Counting(LARGE // 2, other)) as same:
            beside = command(same, output, tmp_path)
            assert other.reached.wait(60)
            if is_killed:
                process.kill()
                process.wait()
            other.go.set()
            assert beside.wait(60) == 0
        assert set(contents(output, ".dcm")) == {path.read_bytes() for path in large_files}
        first.go.set()
        assert process.wait(60) == 0 or is_killed
    assert set(contents(output, ".dcm")) == {path.read_bytes() for path in large_files}
    assert not contents(output, ".part")
