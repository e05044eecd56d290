"""A series of which the server sends nothing is cancelled at once, while the others go on."""

from __future__ import annotations

import threading
import time

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.transfer.events import SeriesDone
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer, Response
from fakes.part10_files import part10

STUDY = "1.2.1"
SILENT, OTHER = Resource(STUDY, f"{STUDY}.1"), Resource(STUDY, f"{STUDY}.2")
AT_ONCE = 1.0  # seconds


class Silence:
    """A fault: of one series nothing more comes, after ``part`` of the answer (0: not even its header)."""

    def __init__(self, part: float) -> None:
        self._part = part
        self.is_silent, self.may_end = threading.Event(), threading.Event()

    def __call__(self, request, response):
        if f"series/{SILENT.series_instance_uid}" not in request.path or "multipart" not in response.content_type:
            return response
        if not self._part:
            self._wait()
            return response
        whole = b"".join(response.body)
        return Response(response.status, self._pieces(whole), None, response.content_type, response.headers)

    def _pieces(self, whole):
        yield whole[: int(len(whole) * self._part)]
        self._wait()

    def _wait(self):
        self.is_silent.set()
        self.may_end.wait(60)


@pytest.fixture(params=[0, 0.5], ids=["no answer", "half an answer"])
def silence(request):
    silence = Silence(request.param)
    yield silence
    silence.may_end.set()


@pytest.fixture
def server(silence, tmp_path):
    files = []
    for series in (SILENT, OTHER):
        for number in range(4):
            files.append(tmp_path / f"{series.series_instance_uid}.{number}.dcm")
            files[-1].write_bytes(part10(STUDY, series.series_instance_uid, files[-1].stem))
    with OriginServer(files, fault=silence) as server:
        yield server


class Retrieve(threading.Thread):
    """Of the whole study, in a thread of its own."""

    def __init__(self, url, folder):
        super().__init__(daemon=True)
        self.control, self.done_at = Control(), {}
        self._url, self._folder = url, folder

    def run(self):
        with Workspace(NodeStore(self._folder / "nodes.json")) as workspace:
            self.summary = workspace.retrieve(
                self._url, [Resource(STUDY)], self._folder / "files", listener=self._hear, control=self.control
            )

    def _hear(self, event):
        if isinstance(event, SeriesDone):
            self.done_at[event.resource] = time.monotonic()


def test_a_silent_series_that_is_cancelled_is_over_at_once_and_the_others_are_whole(server, silence, tmp_path):
    retrieve = Retrieve(server.url, tmp_path)
    retrieve.start()
    assert silence.is_silent.wait(20)
    cancelled_at = time.monotonic()
    retrieve.control.cancel(SILENT)
    retrieve.join(20)
    assert retrieve.done_at[SILENT] - cancelled_at < AT_ONCE
    summary = retrieve.summary
    assert {failure.resource for failure in summary.failed} == {SILENT}
    assert {failure.code for failure in summary.failed} == {"cancelled"}
    assert len(list((tmp_path / "files").rglob(f"{OTHER.series_instance_uid}.*.dcm"))) == 4
    assert not summary.cancelled


def test_a_silent_transfer_that_is_cancelled_is_over_at_once(server, silence, tmp_path):
    retrieve = Retrieve(server.url, tmp_path)
    retrieve.start()
    assert silence.is_silent.wait(20)
    cancelled_at = time.monotonic()
    retrieve.control.cancel()
    retrieve.join(20)
    assert time.monotonic() - cancelled_at < AT_ONCE
    assert retrieve.summary.cancelled
