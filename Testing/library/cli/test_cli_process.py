"""The command line as a process of its own, against a server that answers: what only real streams and signals show."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import DICOMWebNodesLib
import pytest
import trustme
from fakes.origin_server import OriginServer
from fakes.part10_files import part10
from fakes.scripted_server import ScriptedServer, json_reply
from terminal import press_ctrl_c, text_of

STUDY = "1.2.3"
QUICK, SLOW = "1.2.3.1", "1.2.3.2"
SECONDS = 60


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    paths = []
    for series, count in ((QUICK, 3), (SLOW, 5)):
        for number in range(1, count + 1):
            path = folder / f"{series}.{number}.dcm"
            path.write_bytes(part10(STUDY, series, f"{series}.{number}"))
            paths.append(path)
    return paths


@pytest.fixture
def server(files):
    with OriginServer(files) as server:
        yield server


def stored(folder):
    return sorted(path.name for path in folder.rglob("*.dcm"))


def test_a_search_is_piped_into_a_retrieve(run, server, tmp_path):
    code, found, _ = run("search", "series", server.url, "--json")
    assert code == 0
    code, out, err = run("retrieve", server.url, "-", "--output", tmp_path / "data", stdin=found.encode())
    assert code == 0, err
    assert out.startswith("8 instances retrieved")
    assert len(stored(tmp_path / "data")) == 8


def test_a_folder_is_stored_and_found_again(run, files):
    with OriginServer() as server:
        code, out, err = run("store", server.url, files[0].parent, "--json")
        assert code == 0, err
        assert json.loads(out)["stored"] == 8
        code, out, _ = run("search", "studies", server.url, "--json")
        assert json.loads(out)[0]["NumberOfStudyRelatedInstances"] == 8


def test_ctrl_c_in_a_transfer_leaves_what_arrived_and_it_resumes(start, run, files, tmp_path):
    released = threading.Event()

    def hang_in_the_slow_series(request, response):
        if request.path.endswith(f"/series/{SLOW}") and not released.is_set():
            return replace(response, body=held(response.body), length=None)
        return response

    def held(body):
        pieces = iter(body)
        yield next(pieces)
        released.wait(SECONDS)
        yield from pieces

    with OriginServer(files, fault=hang_in_the_slow_series) as server:
        argv = ("retrieve", server.url, STUDY, "--output", tmp_path / "data")
        try:
            process = start(*argv)
            for line in process.stderr:
                if text_of(line) == f"{STUDY}/{QUICK}: 3 retrieved\n":
                    break
            press_ctrl_c(process)
            out, err = process.communicate(timeout=SECONDS)
        finally:
            released.set()
        assert process.returncode == 130
        assert text_of(err).endswith("cancelled; start it again and it resumes\n")
        assert b"Traceback" not in err
        before = stored(tmp_path / "data")
        assert {f"{QUICK}.{number}.dcm" for number in (1, 2, 3)} <= set(before)
        assert not list((tmp_path / "data").rglob("*.part"))

        code, out, _ = run(*argv)
        assert code == 0
        assert f"{len(before)} there already" in out
        assert len(stored(tmp_path / "data")) == 8


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX; run it on Linux or macOS")
def test_a_reader_that_has_seen_enough_ends_it_quietly(start, server):
    process = start("search", "instances", server.url, "--csv")
    process.stdout.close()
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 141
    assert b"Traceback" not in err
    assert b"Broken" not in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full, a disk that is always full")
@pytest.mark.parametrize("command", ["--help", "search"])
def test_an_output_that_cannot_be_written_is_said_in_one_line(run, server, command):
    argv = ("search", "studies", server.url, "--csv") if command == "search" else (command,)
    with open("/dev/full", "w") as full:
        code, _, err = run(*argv, stdout=full)
    assert code == 1
    assert err.startswith("error: the output cannot be written (No space left on device). Free some space")
    assert "Traceback" not in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full, a disk that is always full")
def test_what_cannot_be_told_stops_no_transfer(run, server, tmp_path):
    with open("/dev/full", "w") as full:
        code, out, _ = run("retrieve", server.url, STUDY, "--output", tmp_path / "data", stderr=full)
        assert (code, out.split()[0]) == (0, "8")
        assert run("search", "studies", "Nowhere", stderr=full)[0] == 2


def test_a_certificate_that_nobody_is_to_check_is_no_warning_of_another_library(run):
    """urllib3's, with a path of this computer, in the middle of what a script may read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("elsewhere.example.org").configure_cert(context)
    with ScriptedServer(lambda request: json_reply([]), tls=context) as server:
        assert run("nodes", "add", "Ward", server.url, "--no-verify")[0] == 0
        assert run("search", "studies", "Ward")[::2] == (0, "no studies\n")


@pytest.mark.skipif(os.name != "posix", reason="the shell of POSIX closes streams; run it on Linux or macOS")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_no_reason_to_stop(tmp_path, closed):
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(DICOMWebNodesLib.__file__).resolve().parents[1]),
        "DICOMWEBNODES_HOME": str(tmp_path),
    }
    for command, code in (("nodes list", 0), ("retrieve https://host/ - --output data", 2)):
        ran = subprocess.run(
            ["sh", "-c", f'"$0" -m DICOMWebNodesLib {command} {closed}', sys.executable],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert (ran.returncode, "Traceback" in ran.stderr, "unexpected" in ran.stderr) == (code, False, False)


def test_names_survive_a_locale_that_cannot_write_them(run, start, tmp_path):
    run("nodes", "add", "Liège 山田", "http://localhost/")
    environ = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    code, out, _ = run("nodes", "list", environ=environ.items())
    assert code == 0
    assert "Liège 山田" in out


def test_what_is_not_needed_is_not_imported(tmp_path):
    program = (
        "import sys\n"
        "from DICOMWebNodesLib.cli.main import main\n"
        "assert main(['nodes', 'list']) == 0\n"
        "heavy = {'requests', 'urllib3', 'pydicom', 'numpy', 'oauthlib', 'keyring', 'tqdm', 'asyncio', 'http.client',\n"
        "         'ssl', 'socket', 'concurrent.futures', 'logging', 'slicer', 'qt'}\n"
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(DICOMWebNodesLib.__file__).resolve().parents[1]),
        "DICOMWEBNODES_HOME": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (ran.returncode, ran.stderr.split()) == (0, [])
