"""A search with 100,000 studies: what it costs beside decoding its JSON, without a network, in processor time."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, Dict, Iterator, Sequence

from ..benchmark import ADDED_PEAK, OURS, TIME, Benchmark, Contender, Setting, Target
from ..measure import run_client

STUDIES, PAGE = 100_000, 100
JSON = "json.loads"
READING = f"{OURS}, five columns read"
FEWER = f"{OURS}, a tenth"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    with setting.folder() as folder:
        many, few = Path(folder, "many"), Path(folder, "few")
        count = setting.scaled(STUDIES)
        write_pages(many, count)
        write_pages(few, count // 10)
        yield (
            Contender(JSON, lambda: run_client("json_loads", many)),
            Contender(OURS, lambda: run_client("ours_search", many, PAGE)),
            Contender(READING, lambda: run_client("ours_search_and_read", many, PAGE)),
            Contender(FEWER, lambda: run_client("ours_search", few, PAGE)),
        )


def write_pages(file: Path, studies: int) -> None:
    with file.open("w") as pages:
        for start in range(0, studies, PAGE):
            page = [study(number) for number in range(start, min(start + PAGE, studies))]
            pages.write(json.dumps(page) + "\n")


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


BENCHMARK = Benchmark(
    "search-rows",
    "QIDO-RS, 100,000 studies in pages of 100, to typed rows (processor time)",
    prepare,
    (
        Target(TIME, JSON, at_most=1.5),
        Target(TIME, JSON, who=READING),
        Target(ADDED_PEAK, FEWER, at_most=3),
    ),
)
