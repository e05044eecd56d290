"""What Slicer asks of its worker, each time of a new one; the last line of output is the measurement.

``python worker_clients.py NAME ARGUMENT...``
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, Set

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DICOMWebNodes"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from DICOMWebNodesLib.worker.protocol import VERSION

from benchmarks.measure import peak_memory
from benchmarks.studies import STUDY, series_uid

_AT_ONCE = 2  # pictures that the panel asks for side by side
_TIMES = 5  # long enough for pictures to be made meanwhile
_LIBRARY = Path(__file__).resolve().parents[2] / "DICOMWebNodes"


def retrieve(url: str, output: str) -> Dict[str, Any]:
    """A study again and again, and nothing else."""
    with _Worker(output) as worker:
        return worker.retrieve(url, output)


def retrieve_and_scroll(url: str, output: str, other: str) -> Dict[str, Any]:
    """The same while somebody looks through the series of another server, which has no pictures of them."""
    with _Worker(output) as worker:
        return worker.retrieve(url, output, other)


class _Worker:
    """A worker process that has read the nodes; it keeps no pictures."""

    def __init__(self, folder: str) -> None:
        environment = {**os.environ, "DICOMWEBNODES_HOME": str(Path(folder, "settings"))}
        command = [sys.executable, "-m", "DICOMWebNodesLib", "worker"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=_LIBRARY, env=environment)
        self._ids = itertools.count(1)
        self._series = map(series_uid, itertools.count())
        self._pictures: Set[int] = set()
        self._made = 0
        self._call("hello", protocol=VERSION)
        self._call("configure", preview_bytes=0)
        self._until(self._call("nodes.list"))

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    def retrieve(self, url: str, output: str, other: str = "") -> Dict[str, Any]:
        self._other = other
        if other:  # the first picture also imports what it is made with
            self._ask_for_a_picture()
            self._until(self._pictures.pop())
        started = time.perf_counter()
        for _ in range(_AT_ONCE if other else 0):
            self._ask_for_a_picture()
        for number in range(_TIMES):
            folder = str(Path(output, f"instances-{number}"))
            result = self._until(self._call("retrieve", node=url, resources=[STUDY], output=folder))
            assert result["complete"], result
        seconds = time.perf_counter() - started
        peak = peak_memory(self._process.pid)
        return {"seconds": seconds, "peak": peak, "instances": result["stored"], "pictures": self._made}

    def _ask_for_a_picture(self) -> None:
        resource = f"{STUDY}/{next(self._series)}"
        self._pictures.add(self._call("thumbnail", node=self._other, resource=resource))

    def _call(self, method: str, **params: Any) -> int:
        id = next(self._ids)
        line = json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        return id

    def _until(self, id: int) -> Any:
        """The result of a request; whenever a picture has come meanwhile, the next one is asked for."""
        for line in self._process.stdout:
            message = json.loads(line)
            if "id" not in message:
                continue
            assert "error" not in message, message
            if message["id"] == id:
                return message["result"]
            if message["id"] in self._pictures:
                self._pictures.remove(message["id"])
                self._made += 1
                self._ask_for_a_picture()
        raise RuntimeError("the worker process ended")


if __name__ == "__main__":
    measured = globals()[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(measured))
