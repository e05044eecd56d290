"""How fast multipart bodies are read: ``python3 Testing/benchmarks/multipart_speed.py``.

Each line compares the parser with a plain pass over the same chunks in the same run, measured alternately, the best
of several rounds: once a copy in memory, once a write to a file. The last lines are for parts so small that only
the cost of a part counts.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, Callable, List

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DICOMWebNodes"))

from DICOMWebNodesLib.dicomweb.multipart import MultipartParser
from DICOMWebNodesLib.dicomweb.multipart_events import Payload

ROUNDS = 7
LONG = b"a3f9c1d2-e4b5-9687-7869-5a4b3c2d1e0f"
SHORT = b"boundary"


def body_of(count: int, size: int, boundary: bytes, *, with_length: bool) -> bytes:
    length = b"Content-Length: %d\r\n" % size if with_length else b""
    head = b"--" + boundary + b"\r\nContent-Type: application/dicom\r\n" + length + b"\r\n"
    payload = os.urandom(size)
    return b"".join(head + payload + b"\r\n" for _ in range(count)) + b"--" + boundary + b"--\r\n"


def cut(body: bytes, size: int) -> List[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def parse(chunks: List[bytes], boundary: bytes, write: Callable[[memoryview], object]) -> None:
    parser = MultipartParser(boundary)
    for chunk in chunks:
        for event in parser.feed(chunk):
            if type(event) is Payload:
                write(event.data)
    parser.close()


def copy(chunks: List[bytes]) -> None:
    for chunk in chunks:
        bytearray(chunk)


def save(chunks: List[bytes], file: BinaryIO) -> None:
    for chunk in chunks:
        file.write(chunk)


def seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def best(*works: Callable[[], None]) -> List[float]:
    """The shortest time of each, measured alternately so that the machine's noise meets all of them."""
    rounds = [[seconds(work) for work in works] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds)]


def rewound(file: BinaryIO, work: Callable[[], None]) -> Callable[[], None]:
    def again() -> None:
        file.seek(0)
        work()

    return again


def large_parts() -> None:
    print(f"{'200 parts of 512 KiB':44}{'parser':>12}{'x copy':>9}{'x write':>9}")
    for boundary in (LONG, SHORT):
        for with_length in (False, True):
            body = body_of(200, 512 * 1024, boundary, with_length=with_length)
            for size in (64, 256, 1024):
                measure_large(body, boundary, size, with_length=with_length)


def measure_large(body: bytes, boundary: bytes, size: int, *, with_length: bool) -> None:
    chunks = cut(body, size * 1024)
    with tempfile.TemporaryFile(buffering=0) as file:
        save(chunks, file)  # its blocks are there from now on, for both sides
        parsing, copying, parsing_to_file, saving = best(
            lambda: parse(chunks, boundary, len),
            lambda: copy(chunks),
            rewound(file, lambda: parse(chunks, boundary, file.write)),
            rewound(file, lambda: save(chunks, file)),
        )
    what = f"{size} KiB chunks, boundary of {len(boundary)}, {'with' if with_length else 'no'} length"
    speed = f"{len(body) / parsing / 1e9:.1f} GB/s"
    print(f"{what:44}{speed:>12}{parsing / copying:>9.2f}{parsing_to_file / saving:>9.2f}")


def small_parts() -> None:
    for count in (10_000, 100_000, 1_000_000):
        chunks = cut(body_of(count, 20, LONG, with_length=True), 256 * 1024)
        took = seconds(lambda chunks=chunks: parse(chunks, LONG, len))
        print(f"{f'{count:,} parts of 20 bytes':44}{took / count * 1e6:>8.1f} µs a part")


def single_bytes() -> None:
    body = body_of(4, 100_000, LONG, with_length=True)
    took = seconds(lambda: parse(cut(body, 1), LONG, len))
    print(f"{'chunks of one byte':44}{took / len(body) * 1e6:>8.1f} µs a byte")


if __name__ == "__main__":
    large_parts()
    small_parts()
    single_bytes()
