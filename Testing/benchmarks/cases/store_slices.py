"""The 800 CT slices sent to an Orthanc that is empty each time."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Callable, Iterator, Sequence

from ..benchmark import OURS, PEAK, SPEED, TIME, Benchmark, Contender, Setting, Target
from ..measure import Run, run_client, run_command
from ..servers import Client, empty_orthanc, orthanc_with
from ..studies import ct_study

SLICES = 800
CURL = "curl, one multipart file"
STORE_INSTANCES = "dicomweb-client store_instances"
ORTHANC = "Orthanc to Orthanc"
_BOUNDARY = "benchmark-boundary-0123456789"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    files = ct_study(setting.cache, setting.scaled(SLICES))
    folder = files[0].parent
    with setting.folder() as scratch, orthanc_with(files) as origin:
        body = Path(scratch, "body")
        write_multipart(body, files)

        def between_orthancs(url: str) -> Run:
            client = Client(origin, url)
            started = time.perf_counter()
            client.store_all()
            return Run(time.perf_counter() - started)

        yield (
            into_an_empty_one(CURL, lambda url: post(url, body), len(files)),
            into_an_empty_one(OURS, lambda url: run_client("ours_store", url, folder), len(files)),
            into_an_empty_one(STORE_INSTANCES, lambda url: run_client("store_instances", url, folder), len(files), 3),
            into_an_empty_one(ORTHANC, between_orthancs, len(files), 3),
        )


def into_an_empty_one(name: str, store: Callable[[str], Run], expected: int, rounds: int = 5) -> Contender:
    def run() -> Run:
        with empty_orthanc() as there:
            measured = store(there.dicomweb_url)
            if there.count_instances() != expected:
                raise SystemExit(f"{name} stored {there.count_instances()} of {expected} instances")
            return measured

    return Contender(name, run, rounds=rounds)


def post(url: str, body: Path) -> Run:
    content_type = f'Content-Type: multipart/related; type="application/dicom"; boundary={_BOUNDARY}'
    command = ("curl", "--no-progress-meter", "--fail", "--header", content_type, "--header", "Expect:")
    accept = ("--header", "Accept: application/dicom+json", "--output", "/dev/null")
    # --data-binary would read all of it into memory first; --upload-file streams
    return run_command(*command, *accept, "--request", "POST", "--upload-file", str(body), f"{url}/studies")


def write_multipart(body: Path, files: Sequence[Path]) -> None:
    with body.open("wb") as target:
        for file in files:
            target.write(f"--{_BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode())
            target.write(file.read_bytes())
            target.write(b"\r\n")
        target.write(f"--{_BOUNDARY}--\r\n".encode())


BENCHMARK = Benchmark(
    "store-slices",
    "STOW-RS, 800 CT slices, 420 MB, Orthanc on loopback",
    prepare,
    (
        Target(TIME, CURL, at_most=1.2),
        Target(SPEED, STORE_INSTANCES),
        Target(SPEED, ORTHANC),
        Target(PEAK, at_most=64),
    ),
)
