"""How fast and how lean the library is: ``python3 Testing/benchmarks/run.py [NAME ...]``.

Against curl, dicomweb-client and Orthanc's own client, measured in turns; the figures are ratios. Sets up its own
environment; wants curl and Orthanc. Never part of the tests. ``--scale 0.1`` is for a quick try.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from environment import REQUIREMENTS, ROOT, Environment

OUTPUT = ROOT / "output" / "benchmarks.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; all without one")
    parser.add_argument("--list", action="store_true", help="only show the names")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the real size (default: 1)")
    parser.add_argument("--rounds", type=int, default=0, help="so many of each contender at most")
    parser.add_argument("--output", type=Path, default=OUTPUT, help=f"where the JSON goes (default: {OUTPUT})")
    parser.add_argument("--write", action="store_true", help="bring RESULTS.md and its picture up to date")
    options = parser.parse_args()
    Environment(REQUIREMENTS / "benchmark.txt").enter()

    import orthanc

    from benchmarks.cases import BENCHMARKS

    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    if options.list:
        print("\n".join(f"{name:18}{benchmark.title}" for name, benchmark in known.items()))
        return 0
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(known)}")
    if not (orthanc.is_installed() and shutil.which("curl")):
        sys.exit(f"{orthanc.HOW_TO_GET}; curl is needed too.")
    chosen = [known[name] for name in options.names or known]
    results = carry_out(chosen, options)
    if options.write:
        from benchmarks.results_page import write

        write(results)
    good = all(figure["met"] for result in results.values() for figure in result["figures"])
    return 0 if good else 1


def carry_out(chosen, options) -> dict:
    """Run them, and keep each in the JSON as soon as it is there, beside what earlier runs left of others."""
    from benchmarks.cases import BENCHMARKS
    from benchmarks.report import machine, table

    kept = json.loads(options.output.read_text())["results"] if options.output.exists() else {}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="benchmarks-", dir=options.output.parent) as scratch:
        for benchmark in chosen:
            print(f"{benchmark.name} ...", file=sys.stderr, flush=True)
            kept[benchmark.name] = measure(benchmark, options, Path(scratch))
            kept = {each.name: kept[each.name] for each in BENCHMARKS if each.name in kept}
            options.output.write_text(json.dumps({"machine": machine(), "results": kept}, indent=1))
    print(table({benchmark.name: kept[benchmark.name] for benchmark in chosen}))
    return kept


def measure(benchmark, options, scratch: Path) -> dict:
    from benchmarks.benchmark import Setting
    from benchmarks.figures import alternate
    from benchmarks.measure import time_of_a_new_file
    from benchmarks.report import Result

    before = os.getloadavg()[0]
    setting = Setting(ROOT / ".cache" / "benchmarks", scratch, options.scale)
    with setting.folder() as folder:
        new_file = time_of_a_new_file(Path(folder))
    with benchmark.prepare(setting) as contenders:
        contenders[0].run()  # once for nothing: caches, and servers that wake up
        runs = alternate(contenders, options.rounds or max(each.rounds for each in contenders))
    loads = (before, os.getloadavg()[0])
    return Result(benchmark, runs, loads, new_file, time.strftime("%Y-%m-%d %H:%M")).as_dict()


if __name__ == "__main__":
    sys.exit(main())
