"""How close a retrieve comes to curl: ``python3 Testing/benchmarks/retrieve_study.py [--rounds N] [--slices N]``.

A study of 800 CT slices (400 MB) on a real Orthanc over loopback, in turns: ``curl -o``, this library to verified
files on disk, and dicomweb-client's ``retrieve_study`` to memory. Then, for the memory, 2 GB from an embedded server,
as one instance and as many. Sets up its own environment; the slices stay in ``.cache/``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Dict, List

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from environment import REQUIREMENTS, ROOT, Environment

GIGABYTE = 1_000_000_000
MULTIPART = 'multipart/related; type="application/dicom"; transfer-syntax=*'
MUST_RATIO, MUST_MEGABYTES = 1.5, 64


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slices", type=int, default=800)
    options = parser.parse_args()
    Environment(REQUIREMENTS / "benchmark.txt").enter()

    import orthanc
    from slices import ct_study

    if not (orthanc.is_installed() and shutil.which("curl")):
        sys.exit(f"{orthanc.HOW_TO_GET}; curl is needed too.")
    files = ct_study(ROOT / ".cache" / "benchmarks" / f"ct-{options.slices}", options.slices)
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} CT slices, {size / 1e6:.0f} MB, from Orthanc over loopback, {options.rounds} rounds in turns")
    with orthanc.Orthanc() as server:
        server.add(files)
        fast = against_curl(server.dicomweb_url, options.rounds)
    lean = memory_of_2_gb()
    return 0 if fast and lean else 1


def against_curl(url: str, rounds: int) -> bool:
    from measure import MEGABYTE, Run, ratios, run_client, run_curl, summary
    from slices import STUDY

    runs: Dict[str, List[Run]] = {"curl -o": [], "DICOMWebNodes": [], "dicomweb-client": []}
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            runs["curl -o"].append(run_curl(f"{url}/studies/{STUDY}", MULTIPART, Path(folder, "study")))
        with TemporaryDirectory() as folder:
            runs["DICOMWebNodes"].append(run_client("ours", url, STUDY, folder))
        runs["dicomweb-client"].append(run_client("dicomweb-client", url, STUDY))
    print(f"{'':16}  {'median (fastest to slowest)':28}  x curl   peak memory")
    for name, measured in runs.items():
        ratio = statistics.median(ratios(measured, runs["curl -o"]))
        peak = max(run.peak for run in measured) / MEGABYTE
        memory = f"{peak:8.0f} MB" if peak else ""
        print(f"{name:16}  {summary(measured):28}  {ratio:5.2f}  {memory}")
    ours = statistics.median(ratios(runs["DICOMWebNodes"], runs["curl -o"]))
    return verdict(f"{ours:.2f} x curl", ours <= MUST_RATIO, f"at most {MUST_RATIO}")


def memory_of_2_gb() -> bool:
    from fakes.origin_server import OriginServer
    from measure import MEGABYTE, run_client
    from slices import STUDY, sparse_study

    good = True
    for count in (1, 4000):
        with TemporaryDirectory() as folder:
            files = sparse_study(Path(folder, "served"), count, 2 * GIGABYTE // count)
            with OriginServer(files) as server:
                run = run_client("ours", server.url, STUDY, str(Path(folder, "retrieved")))
        peak = run.peak / MEGABYTE
        told = f"2 GB in {count} instance{'s' if count > 1 else ''}: {run.seconds:.1f} s, peak memory {peak:.0f} MB"
        good = verdict(told, peak < MUST_MEGABYTES, f"under {MUST_MEGABYTES} MB") and good
    return good


def verdict(measured: str, good: bool, must: str) -> bool:
    print(f"{measured}: {'good' if good else 'NOT GOOD'} ({must})")
    return good


if __name__ == "__main__":
    sys.exit(main())
