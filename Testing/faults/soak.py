"""Much for long, with faults: ``python3 Testing/faults/soak.py``.

A server in a process of its own does a seeded fault to 5 % of its answers. Four processes retrieve 10,000 instances in
100 series from it into one folder, half of them as series and half as single instances, each again until its share is
complete. Then every file is compared with the origin's, and what came more often than it had to is counted.

Exit status 0: nothing was lost, nothing was fetched twice that had arrived, and no process needed much memory for it.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Sequence

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "DICOMWebNodes"), str(HERE.parent)]

STUDY = "1.2.826.0.1.99.2"
SPAWN = multiprocessing.get_context("spawn")
MOST_RUNS = 50
MOST_MEMORY_MB = 96  # of one process, of which Python and what it has imported are half
# What a server that gives series, and one that gives single instances only, is recognised as.
PROFILES = ("generic", "static-dicomweb")


@dataclass(frozen=True)
class Load:
    """``share`` of the answers are faulty. ``size``: bytes of pixel data of an instance."""

    series: int = 100
    instances: int = 10_000
    processes: int = 4
    share: float = 0.05
    size: int = 20_000
    seed: int = 1

    def series_uids(self) -> List[str]:
        return [f"{STUDY}.{number}" for number in range(1, self.series + 1)]


def main(arguments: Sequence[str]) -> int:
    load = Load(**vars(_parser().parse_args(arguments)))
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        account = soak(load, Path(folder))
    print(json.dumps(account, indent=2))
    return 0 if is_clean(account) else 1


def is_clean(account: Dict[str, Any]) -> bool:
    wrong = account["lost"] or account["damaged"] or account["left_over"] or account["fetched_twice_without_need"]
    return not wrong and account["peak_memory_mb"] <= MOST_MEMORY_MB


def soak(load: Load, folder: Path) -> Dict[str, Any]:
    """The account of it all, as JSON values."""
    origin, output = folder / "origin", folder / "output"
    files = write_origin(load, origin)
    ours, theirs = SPAWN.Pipe()
    server = SPAWN.Process(target=serve, args=(origin, load, theirs), daemon=True)
    server.start()
    url = ours.recv()
    began = time.monotonic()
    with SPAWN.Pool(load.processes) as pool:
        shares = [(url, output, load.series_uids()[each :: load.processes], each) for each in range(load.processes)]
        runs = [run for runs in pool.starmap(retrieve_until_complete, shares) for run in runs]
    seconds = time.monotonic() - began
    ours.send("stop")
    faults, requests = ours.recv()
    server.join()
    arrived = {path.name: path for path in output.rglob("*.dcm")}
    stored, again = sum(run["stored"] for run in runs), sum(run["fetched_again"] for run in runs)
    received = sum(run["bytes"] for run in runs)
    needed = sum(path.stat().st_size for path in files)
    return {
        "seconds": round(seconds, 1),
        "instances": len(files),
        "lost": sum(path.name not in arrived for path in files),
        "damaged": sum(path.read_bytes() != arrived[path.name].read_bytes() for path in files if path.name in arrived),
        "left_over": sum(path.suffix == ".part" for path in output.rglob("*")),
        "requests": requests,
        "faults": sum(faults.values()),
        "fault_kinds": dict(sorted(faults.items())),
        "runs": len(runs),
        "named_as_missing": sum(run["missing"] for run in runs),
        "reasons": dict(sum((collections.Counter(run["reasons"]) for run in runs), collections.Counter())),
        # What a server sends twice in one answer, nobody asked for twice.
        "fetched_twice_without_need": stored - len(files) + max(0, again - faults.get("repeated_part", 0)),
        "received_beyond_need": f"{received / needed - 1:.2%}",
        "peak_memory_mb": max(run["peak_memory_mb"] for run in runs),
    }


def write_origin(load: Load, folder: Path) -> List[Path]:
    """Instances that differ in their UIDs, which all have the same length."""
    from fakes.part10_files import part10

    folder.mkdir()
    template = part10(STUDY, f"{STUDY}.999", f"{STUDY}.999.999999", payload=load.size)
    files = []
    for number in range(load.instances):
        series = f"{STUDY}.{number % load.series + 1}"
        content = template.replace(f"{STUDY}.999.999999".encode(), f"{series}.{number}".encode().ljust(27, b"\0"))
        content = content.replace(f"{STUDY}.999".encode(), series.encode().ljust(20, b"\0"))
        files.append(folder / f"{series}.{number}.dcm")
        files[-1].write_bytes(content)
    return files


def serve(origin: Path, load: Load, pipe: Any) -> None:
    from fakes.faults import ALL, Faults, deep_json, huge_json
    from fakes.origin_server import OriginServer

    faults = Faults(load.seed, [*ALL, deep_json, huge_json], share=load.share, anywhere=True)
    with OriginServer(sorted(origin.iterdir()), fault=faults) as server:
        pipe.send(server.url)
        pipe.recv()
        pipe.send((faults.done, len(server.exchanges)))


def retrieve_until_complete(url: str, output: Path, series: Sequence[str], number: int) -> List[Dict[str, Any]]:
    """Retrieve these series again and again; what each run came to."""
    from DICOMWebNodesLib.dicomweb.resource import Resource
    from DICOMWebNodesLib.nodes.node import Node
    from DICOMWebNodesLib.workspace import Workspace

    node = Node("Soak", url, read_timeout=0.7, profile=PROFILES[number % len(PROFILES)])
    runs: List[Dict[str, Any]] = []
    with Workspace() as workspace:
        while len(runs) < MOST_RUNS:
            summary = workspace.retrieve(node, [Resource(STUDY, uid) for uid in series], output)
            reasons = collections.Counter(failure.reason for failure in summary.failed)
            runs.append({**summary.as_dict(), "reasons": dict(reasons), "peak_memory_mb": peak_memory_mb()})
            if summary.complete:
                break
    return runs


def peak_memory_mb() -> int:
    """Of this process alone; what getrusage(2) says begins with the memory of the process that started it."""
    from fuzz.run import peak_memory

    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else ()
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return kilobytes[0] >> 10 if kilobytes else peak_memory() >> 20


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in vars(Load()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=f"default: {default}")
    return parser


if __name__ == "__main__":
    from environment import REQUIREMENTS, Environment

    Environment(REQUIREMENTS / "test.txt").enter()
    sys.exit(main(sys.argv[1:]))
