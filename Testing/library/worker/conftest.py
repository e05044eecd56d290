"""A worker process, with settings of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Mapping, Optional

import pytest
from DICOMWebNodesLib.worker.pipes import PipeClient
from fakes.origin_server import OriginServer
from fakes.part10_files import part10
from fakes.stall import Stall

from .conversation import Conversation

PACKAGE_FOLDER = Path(__file__).resolve().parents[3] / "DICOMWebNodes"


class Worker(PipeClient):
    """Gathers what is told."""

    def __init__(
        self,
        home: Path,
        packages: Optional[Path] = None,
        environ: Optional[Mapping[str, str]] = None,
        **options,
    ) -> None:
        """``packages``: a folder in the place of site-packages."""
        python = [sys.executable] if packages is None else [sys.executable, "-S"]
        path = {} if packages is None else {"PYTHONPATH": str(packages)}
        super().__init__(
            [*python, "-m", "DICOMWebNodesLib", "worker"],
            cwd=str(PACKAGE_FOLDER),
            environ={**os.environ, "DICOMWEBNODES_HOME": str(home), **path, **(environ or {})},
            **options,
        )
        self.home = home
        self.told = []

    def start(self, method, params=None, **options):
        return self.client.call(
            method, params or {}, told=lambda name, value: self.told.append((name, value)), **options
        )

    def ask(self, method, params=None, **options):
        """The result; what was told on the way is in ``told``."""
        self.told.clear()
        return self.wait(self.start(method, params, **options))

    def all_told(self, wanted):
        """The items of that name, of all pages."""
        return [item for name, value in self.told if name == wanted for item in value]

    @property
    def items(self):
        return self.all_told("items")


@pytest.fixture
def worker(tmp_path):
    with Worker(tmp_path / "settings") as worker:
        yield worker


STUDY = "1.2.826.0.1"


def series_uid(series):
    return f"{STUDY}.{series}"


def instance_uid(series, number):
    return f"{STUDY}.{series}.{number}"


@pytest.fixture(scope="session")
def study_files(tmp_path_factory):
    """One study with two series of twenty instances each."""
    folder = tmp_path_factory.mktemp("study")
    files = []
    for series in (1, 2):
        for number in range(1, 21):
            files.append(folder / f"{series}-{number}.dcm")
            files[-1].write_bytes(part10(STUDY, series_uid(series), instance_uid(series, number)))
    return files


@pytest.fixture
def origin_server(study_files):
    with OriginServer(study_files) as server:
        yield server


@pytest.fixture
def stalling_server(study_files):
    stall = Stall()
    with OriginServer(study_files, fault=stall) as server:
        server.stall = stall
        yield server
        stall.go_on.set()


class SilentServer:
    """Hears one request, answers nothing, and notes when whoever asked has gone."""

    def __init__(self) -> None:
        self.is_asked, self.was_left = threading.Event(), threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/dicom-web"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self._socket.accept()
            with connection:
                while b"\r\n\r\n" not in connection.recv(65536):
                    pass
                self.is_asked.set()
                while connection.recv(65536):
                    pass
                self.was_left.set()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def silent_server():
    server = SilentServer()
    yield server
    server.close()


@pytest.fixture
def conversation():
    conversation = Conversation()
    yield conversation
    conversation.open.set()
