"""A transfer whose process is killed: nothing stands under a name that it does not deserve, and it resumes."""

import dataclasses
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fakes.origin_server import OriginServer
from fakes.part10_files import part10

LIBRARY = Path(__file__).parents[2] / "DICOMWebNodes"
SERIES = ("1.2.3", "1.2.3.1")


@pytest.fixture(scope="module")
def origin_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("origin")
    files = []
    for number in range(20):
        files.append(folder / f"{number}.dcm")
        files[-1].write_bytes(part10(*SERIES, f"1.2.3.1.{number}", payload=200_000))
    return files


class HoldsBack:
    """Sends a multipart body up to a byte, says so, and nothing more until it is let go."""

    def __init__(self, at):
        self._at = at
        self.reached, self.go = threading.Event(), threading.Event()

    def __call__(self, request, response):
        if "multipart/related" not in response.content_type:
            return response
        body = b"".join(response.body)

        def pieces():
            yield body[: self._at]
            self.reached.set()
            self.go.wait(60)

        return dataclasses.replace(response, body=pieces(), length=len(body))


def command(server, output, settings):
    program = [sys.executable, "-m", "DICOMWebNodesLib", "retrieve", server.url, SERIES[0], "--output", str(output)]
    return subprocess.Popen(
        program, cwd=LIBRARY, env={"DICOMWEBNODES_HOME": str(settings), "PATH": ""}, stdout=subprocess.DEVNULL
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("seed", range(3))
def test_a_killed_transfer_leaves_only_whole_files_and_resumes(seed, tmp_path, origin_files):
    hold = HoldsBack(random.Random(seed).randrange(20 * 200_000))
    output = tmp_path / "output"
    with OriginServer(origin_files, fault=hold) as server:
        process = command(server, output, tmp_path)
        assert hold.reached.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        hold.go.set()
    contents = {path.read_bytes() for path in origin_files}
    arrived = list(output.rglob("*.dcm"))
    assert {path.read_bytes() for path in arrived} <= contents
    with OriginServer(origin_files) as server:
        assert command(server, output, tmp_path).wait(60) == 0
        asked = [each for each in server.exchanges if "/instances/" in each.request.path]
    assert {path.read_bytes() for path in output.rglob("*.dcm")} == contents
    assert not list(output.rglob("*.part"))
    assert len(asked) == (20 - len(arrived) if arrived else 0)
