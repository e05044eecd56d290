"""Cancelling does not wait for the server: not for bytes that do not come, not for its answer, not for a pause."""

import functools
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from DICOMWebNodesLib.auth.oauth_credential import OAuthCredential
from DICOMWebNodesLib.auth.token_source import AskedSource
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import Cancelled
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer, Response
from fakes.part10_files import part10

STUDY = Resource("1.2.3")
LIBRARY = Path(__file__).parents[2] / "DICOMWebNodes"
# A shell lets what it starts in the background ignore SIGINT.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "import runpy; runpy.run_module('DICOMWebNodesLib', run_name='__main__')"
)


@pytest.fixture
def origin_files(tmp_path):
    path = tmp_path / "1.dcm"
    path.write_bytes(part10("1.2.3", "1.2.3.1", "1.2.3.1.1", payload=100_000))
    return [path]


class Stuck:
    """The point at which a server stops: its ``reached`` is set, and it waits until the test is over."""

    def __init__(self, where):
        self._where = where
        self.reached, self.over = threading.Event(), threading.Event()

    def __call__(self, request, response):
        if "multipart/related" not in response.content_type:
            return response
        if self._where == "before the answer":
            self._wait()
        if self._where == "in a pause that it asked for":
            self.reached.set()
            return Response.of_text(503, "later", {"Retry-After": "100"})
        body = b"".join(response.body)
        return Response(200, self._pieces(body), len(body), response.content_type)

    def _pieces(self, body):
        yield body[:50_000]
        self._wait()

    def _wait(self):
        self.reached.set()
        self.over.wait(60)


WHERE = ["before the answer", "in the middle of the body", "in a pause that it asked for"]
AT_ONCE, LATEST = 1.0, 20.0  # seconds


def once_of_four_times(seconds_to_end):
    """Whether it ends at once, at least when this machine has nothing else to do."""
    return any(seconds_to_end() < AT_ONCE for _ in range(4))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a process")
@pytest.mark.parametrize("where", WHERE)
def test_ctrl_c_waits_for_nobody_either(where, tmp_path, origin_files):
    def seconds_to_end():
        stuck = Stuck(where)
        with OriginServer(origin_files, fault=stuck) as server:
            output = str(tmp_path / "output")
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "retrieve", server.url, "1.2.3", "--output", output],
                cwd=LIBRARY,
                env={"DICOMWEBNODES_HOME": str(tmp_path), "PATH": ""},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            assert stuck.reached.wait(20)
            since = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=LATEST)
            seconds = time.monotonic() - since
            stuck.over.set()
        assert process.returncode == 130
        assert b"start it again and it resumes" in said
        assert not list(tmp_path.rglob("*.part"))
        return seconds

    assert once_of_four_times(seconds_to_end)


@pytest.mark.parametrize("where", WHERE)
def test_a_cancelled_transfer_ends_at_once_and_accounts_for_everything(where, tmp_path, origin_files):
    patient = functools.partial(Pacer, patience=1000)

    def seconds_to_end():
        stuck, control, summaries = Stuck(where), Control(), []

        def retrieve(url):
            with Workspace(make_pacer=patient) as workspace:
                node = Node("Stuck", url, read_timeout=50)
                summaries.append(workspace.retrieve(node, [STUDY], tmp_path / "output", control=control))

        with OriginServer(origin_files, fault=stuck) as server:
            transfer = threading.Thread(target=retrieve, args=[server.url])
            transfer.start()
            assert stuck.reached.wait(20)
            since = time.monotonic()
            control.cancel()
            transfer.join(LATEST)
            seconds = time.monotonic() - since
            stuck.over.set()
        assert summaries[0].cancelled
        assert summaries[0].stored == 0
        # The series, and what else the study holds where the server was still being asked for it.
        assert summaries[0].missing in (1, 2)
        assert not list((tmp_path / "output").rglob("*.part"))
        return seconds

    assert once_of_four_times(seconds_to_end)


def test_a_cancelled_store_does_not_wait_for_a_token(origin_files):
    reached, over, ends, control = threading.Event(), threading.Event(), [], Control()

    def provider():
        reached.set()
        over.wait(60)
        raise Cancelled("the test is over")

    def store(url):
        with Workspace(credentials=lambda node: OAuthCredential(AskedSource(provider))) as workspace:
            with pytest.raises(Cancelled, match="it was cancelled"):
                workspace.store(Node("Guarded", url), origin_files, control=control)
            ends.append(control)

    with OriginServer([]) as server:
        storing = threading.Thread(target=store, args=[server.url])
        storing.start()
        assert reached.wait(20)
        control.cancel()
        storing.join(LATEST)
        ended = bool(ends)
        over.set()
    assert ended
