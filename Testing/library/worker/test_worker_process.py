"""The worker as a process: its streams, its start, its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from DICOMWebNodesLib.errors import WorkerFailed

PACKAGE_FOLDER = Path(__file__).resolve().parents[3] / "DICOMWebNodes"
# A shell lets what it starts in the background ignore SIGINT.
HEARD_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from DICOMWebNodesLib.cli.main import main
sys.exit(main(["worker"]))
"""
HELLO = b'{"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1}}\n'


@pytest.fixture
def launch(tmp_path):
    started = []

    def launch(*command: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "DICOMWebNodesLib", "worker"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=PACKAGE_FOLDER,
            env={**os.environ, "DICOMWEBNODES_HOME": str(tmp_path)},
        )
        started.append(process)
        return process

    yield launch
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(OSError):
                stream.close()


def say(process, line):
    process.stdin.write(line)
    process.stdin.flush()


def test_it_ends_when_its_standard_input_is_closed(launch):
    process = launch()
    out, err = process.communicate(HELLO, timeout=20)
    assert json.loads(out)["result"]["protocol"] == 1
    assert (process.returncode, err) == (0, b"")


def test_it_ends_when_it_is_never_asked_anything(launch):
    process = launch()
    process.communicate(b"", timeout=20)
    assert process.returncode == 0


def test_a_stray_print_does_not_reach_the_protocol(launch):
    program = """
import os, sys, threading, time
from pathlib import Path
from DICOMWebNodesLib.worker.process import serve

def noise():
    while sys.stdout is not sys.stderr:
        time.sleep(0.001)
    print("stray", flush=True)
    os.write(1, b"stray")
    os.system("echo stray")
    noisy.set()

noisy = threading.Event()
threading.Thread(target=noise, daemon=True).start()
serve(Path(os.environ["DICOMWEBNODES_HOME"]))
"""
    process = launch("-c", program)
    stray = b""
    while stray.count(b"stray") < 3:
        stray += process.stderr.read1()
    out, _ = process.communicate(HELLO, timeout=20)
    assert json.loads(out)["result"]["protocol"] == 1


def test_a_flood_of_garbage_gets_errors_and_does_no_harm(launch):
    process = launch()
    garbage = b"garbage\n\xff\xff\n[]\n" * 3000 + b"x" * 3_000_000 + b"\n"
    out, _ = process.communicate(garbage + HELLO, timeout=60)
    codes = [json.loads(line).get("error", {}).get("code") for line in out.splitlines()]
    assert len(codes) == 9002
    assert set(codes[:-1]) == {-32700, -32600}
    assert codes[-1] is None


def test_messages_are_utf8_whatever_the_locale(launch):
    process = launch()
    request = {"jsonrpc": "2.0", "id": 1, "method": "nodes.get", "params": {"node": "Größe 数"}}
    say(process, json.dumps(request, ensure_ascii=False).encode() + b"\n")
    assert "Größe 数" in json.loads(process.stdout.readline())["error"]["message"]


def test_in_the_middle_of_a_transfer_it_ends_within_a_second_of_its_parent(launch, tmp_path, stalling_server):
    process = launch()
    params = {"node": stalling_server.url, "resources": ["1.2.826.0.1"], "output": str(tmp_path / "files")}
    request = {"jsonrpc": "2.0", "id": 2, "method": "retrieve", "params": params}
    say(process, json.dumps(request).encode() + b"\n")
    assert stalling_server.stall.has_stalled.wait(20)
    process.stdin.close()
    process.wait(20)  # far less than the server would let it wait
    assert not list((tmp_path / "files").rglob("*.part"))


def test_it_ends_without_its_parent_while_nobody_reads_what_it_says(launch):
    process = launch()
    ask = b'{"jsonrpc": "2.0", "id": %d, "method": "nodes.list"}\n'
    say(process, b"".join(ask % number for number in range(400)))
    process.stdout.readline()  # it has begun to answer, and the pipe takes less than all of it
    process.stdin.close()
    assert process.wait(20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a process")
def test_ctrl_c_in_the_terminal_of_its_parent_does_not_end_it(launch):
    process = launch("-c", HEARD_CTRL_C)
    say(process, HELLO)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    say(process, HELLO)
    assert json.loads(process.stdout.readline())["id"] == 1


def test_it_answers_before_anything_heavy_is_imported(launch):
    program = (
        "import sys; import DICOMWebNodesLib.worker.process, DICOMWebNodesLib.cli.main;"
        "print({'requests', 'pydicom', 'oauthlib', 'numpy', 'asyncio'} & set(sys.modules))"
    )
    out, err = launch("-c", program).communicate(timeout=60)
    assert out.strip() == b"set()", err


def test_a_worker_that_is_killed_fails_its_jobs_and_a_transfer_resumes(worker, stalling_server, tmp_path):
    params = {"node": stalling_server.url, "resources": ["1.2.826.0.1"], "output": str(tmp_path / "files")}
    job = worker.start("retrieve", params)
    worker.client.process()
    while not (stalling_server.stall.has_stalled.is_set() and list((tmp_path / "files").rglob("*.dcm"))):
        worker.step()
    worker.process.kill()
    with pytest.raises(WorkerFailed, match="resumes where it was"):
        worker.wait(job)
    arrived = len(list((tmp_path / "files").rglob("*.dcm")))
    stalling_server.stall.go_on.set()
    summary = worker.ask("retrieve", params)

    assert summary["complete"]
    assert summary["already_there"] >= arrived > 0
    assert summary["stored"] + summary["already_there"] == 40
