"""What a search costs beside decoding its JSON: ``python3 Testing/benchmarks/search_rows.py``.

100,000 studies in pages, without a network: the library against ``json.loads`` of the same pages, in processor time,
measured alternately, the best of several rounds; and the most memory that was in use while they passed by.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DICOMWebNodes"))

from DICOMWebNodesLib.dicomweb.profile import Profile
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.nodes.node import Node

STUDIES = 100_000
ROUNDS = 5
TARGET = 1.5


def study(number: int) -> Dict[str, Any]:
    """As Orthanc describes one."""

    def element(vr: str, *values: Any) -> Dict[str, Any]:
        return {"vr": vr, "Value": list(values)} if values else {"vr": vr}

    uid = f"1.2.840.113619.2.5.1762583153.215519.978957063.{number}"
    return {
        "00080005": element("CS", "ISO_IR 192"),
        "00080020": element("DA", "20240131"),
        "00080030": element("TM", "115747"),
        "00080050": element("SH"),
        "00080061": element("CS", "CT"),
        "00080090": element("PN"),
        "00081190": element("UR", f"https://pacs.example.org/dicom-web/studies/{uid}"),
        "00100010": element("PN", {"Alphabetic": f"Smith^John{number}"}),
        "00100020": element("LO", f"id{number}"),
        "00100030": element("DA"),
        "00100040": element("CS", "O"),
        "0020000D": element("UI", uid),
        "00200010": element("SH", "S1"),
        "00201206": element("IS", 1),
        "00201208": element("IS", 120),
    }


class Pages:
    """Stands in for a session: gives ``pages`` one after the other, and an empty one at the end."""

    def __init__(self, pages: List[bytes], size: int) -> None:
        self.node = Node("Benchmark", "http://localhost/pages", page_size=size)
        self.profile = Profile("benchmark", "Benchmark")
        self.headers: Dict[str, str] = {}
        self._pages = iter([*pages, b"[]"])

    @contextlib.contextmanager
    def request(self, *_: Any, **__: Any) -> Iterator[Pages]:
        yield self

    def json(self, limit: int) -> Any:
        return json.loads(next(self._pages))


def decode(pages: List[bytes]) -> None:
    for page in pages:
        json.loads(page)


def search(pages: List[bytes], size: int) -> None:
    found = sum(1 for _ in QidoRS(Pages(pages, size)).search(Query.studies()))
    assert found == STUDIES


def seconds(work: Callable[..., None], *arguments: Any) -> float:
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def peak(work: Callable[..., None], *arguments: Any) -> int:
    tracemalloc.start()
    try:
        work(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> int:
    worst = 0.0
    for size in (100, 1000, 5000):
        pages = [
            json.dumps([study(number) for number in range(start, start + size)]).encode()
            for start in range(0, STUDIES, size)
        ]
        rounds = [(seconds(decode, pages), seconds(search, pages, size)) for _ in range(ROUNDS)]
        decoding, searching = (min(times) for times in zip(*rounds))
        memory = peak(search, pages, size) / 1e6
        worst = max(worst, searching / decoding)
        print(
            f"pages of {size:5}: json.loads {decoding:.2f} s, search {searching:.2f} s,"
            f" ratio {searching / decoding:.2f} (at most {TARGET}), peak {memory:.0f} MB"
        )
    return 0 if worst <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
