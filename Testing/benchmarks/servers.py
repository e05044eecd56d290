"""Whom the contenders ask, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Iterable, Iterator, Optional
from urllib.parse import urlsplit

from fakes.origin_server_process import OriginServerProcess
from orthanc import Orthanc

from .recorded_server import RecordedServer
from .studies import STUDY, series_uid

HERE = Path(__file__).resolve().parent
ROUND_TRIP = 0.05  # seconds
GIGABIT = 125_000_000  # bytes per second
_CA_FILES = ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
_MEMORY = Path("/dev/shm")  # the servers' disk is not what is measured, and shares none with the contenders there


@contextlib.contextmanager
def orthanc_with(files: Iterable[Path]) -> Iterator[Orthanc]:
    with empty_orthanc() as server:
        with ThreadPoolExecutor(4) as several:
            list(several.map(lambda file: server.add([file]), files))
        yield server


def empty_orthanc() -> Orthanc:
    return Orthanc(parent=_memory())


def _memory() -> Optional[Path]:
    return _MEMORY if _MEMORY.is_dir() else None


@contextlib.contextmanager
def origin_server(folder: Path) -> Iterator[str]:
    """The embedded one, for the files of a folder; gives its URL."""
    with OriginServerProcess([folder]) as server:
        yield server.url


@contextlib.contextmanager
def synthetic_server(series: int, each: int, size: int, *more: str) -> Iterator[str]:
    with _printing(HERE / "synthetic_server.py", series, each, size, *more) as url:
        yield url


@contextlib.contextmanager
def far_away(url: str, round_trip: float = ROUND_TRIP) -> Iterator[str]:
    """The same server, so many seconds of round trip away; gives its URL there."""
    parts = urlsplit(url)
    with _printing(HERE / "delaying_proxy.py", parts.hostname, parts.port, round_trip) as port:
        yield parts._replace(netloc=f"127.0.0.1:{port}").geturl()


@contextlib.contextmanager
def elsewhere(url: str, *more: str, bytes_per_second: int = 0, has_tls: bool = False) -> Iterator[str]:
    """The same study of one series, and ``more`` paths of series, from a server that needs no processor of ours; while
    it is there, its certificate is one that curl and requests believe."""
    series = (f"/studies/{STUDY}/series/{series_uid(0)}", *more)
    searches = [path.rpartition("/")[0] for path in series]
    retrieves = [f"/studies/{STUDY}", *series]
    with RecordedServer(
        url,
        searches=searches,
        retrieves=retrieves,
        bytes_per_second=bytes_per_second,
        has_tls=has_tls,
        parent=_memory(),
    ) as server:
        if has_tls:
            os.environ.update(dict.fromkeys(_CA_FILES, str(server.ca_file)))
        try:
            yield server.dicomweb_url
        finally:
            if has_tls:
                for name in _CA_FILES:
                    del os.environ[name]


@contextlib.contextmanager
def in_chunks(url: str, size: int) -> Iterator[str]:
    """The same, with chunked answers, each chunk of so many bytes."""
    with TemporaryDirectory(prefix="chunking-", dir=_memory()) as folder:
        with _printing(HERE / "chunking_server.py", url, size, folder) as there:
            yield there


class Client:
    """An Orthanc that is client of another one, by its own DICOMweb client's routes."""

    def __init__(self, orthanc: Orthanc, server_url: str) -> None:
        self._orthanc = orthanc
        self._ask(
            "PUT", "/dicom-web/servers/there", {"Url": f"{server_url}/", "HasWadoRsUniversalTransferSyntax": True}
        )

    def retrieve(self, study_instance_uid: str) -> int:
        """How many instances came."""
        wanted = {"Resources": [{"Study": study_instance_uid}]}
        return int(self._ask("POST", "/dicom-web/servers/there/retrieve", wanted)["ReceivedInstancesCount"])

    def store_all(self) -> int:
        """How many instances went."""
        everything = {"Resources": self._ask("GET", "/studies")}
        return int(self._ask("POST", "/dicom-web/servers/there/stow", everything)["InstancesCount"])

    def _ask(self, method: str, path: str, content: Any = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._orthanc.port}{path}", body, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=600) as answer:
            return json.load(answer)


@contextlib.contextmanager
def _printing(script: Path, *arguments: object) -> Iterator[str]:
    """A process that says in its first line where it is."""
    command = [sys.executable, str(script), *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            where = process.stdout.readline().strip()
            if not where:
                raise SystemExit(f"{script.name} did not start")
            yield where
        finally:
            process.kill()
