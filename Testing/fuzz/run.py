"""Feed what reads the bytes of others with damaged input: ``python3 Testing/fuzz/run.py [seconds] [names]``.

Every target (a module in ``targets/``) is given mutated files of its corpus for its share of the time, 60 seconds in
all unless said otherwise. Allowed are the errors of DICOMWebNodesLib.errors and nothing else; each target checks
further that what it reads is right. Memory and the time for one input have limits. The first input that breaks a
rule is kept, and ``--replay FILE`` tries it again.

    python3 Testing/fuzz/run.py 600 multipart       ten minutes for one target
    python3 Testing/fuzz/run.py --seed 7            the same inputs every time
    python3 Testing/fuzz/run.py --replay output/fuzz/multipart-7-1234 multipart

Exit status 0: nothing found. 1: something found.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import random
import sys
import time
import traceback
from pathlib import Path
from typing import Callable, List, Optional, Protocol, Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FINDINGS = ROOT / "output" / "fuzz"
MEMORY_LIMIT = 64 * 1024 * 1024  # bytes that the process may grow by
INPUT_LIMIT = 20.0  # seconds for one input, then it hangs
sys.path[:0] = [str(ROOT / "DICOMWebNodes"), str(HERE.parent)]

from DICOMWebNodesLib.errors import DICOMWebNodesError  # noqa: E402
from fuzz.mutations import mutated  # noqa: E402

try:
    import resource
except ImportError:  # Windows: memory is not looked at there
    resource = None  # type: ignore[assignment]


class Target(Protocol):
    """``check`` raises whatever is wrong; it makes its own choices with the random numbers that it is given.

    A target may have a ``mutated`` of its own, where damaged bytes would only be refused by another reader.
    """

    @staticmethod
    def check(data: bytes, rng: random.Random) -> None: ...


def main(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
    seconds, *names = options.what if options.what[:1] and is_number(options.what[0]) else [60.0, *options.what]
    names = names or target_names()
    if options.replay is not None:
        return 0 if all(replay(name, options.replay.read_bytes()) for name in names) else 1
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    share = float(seconds) / len(names)
    print(f"seed {seed}, {share:.0f} s for each target")
    results = [fuzz(name, load(name), corpus(name), seed, share) for name in names]
    return 0 if all(results) else 1


def parser() -> argparse.ArgumentParser:
    described = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    described.add_argument(
        "what", nargs="*", help=f"seconds, 60 by default, and names, by default all of {', '.join(target_names())}"
    )
    described.add_argument("--seed", type=int)
    described.add_argument("--replay", type=Path, metavar="FILE")
    return described


def is_number(word: str) -> bool:
    try:
        return float(word) > 0
    except ValueError:
        return False


def target_names() -> List[str]:
    return sorted(path.stem for path in (HERE / "targets").glob("[a-z]*.py"))


def load(name: str) -> Target:
    return importlib.import_module(f"fuzz.targets.{name}")  # type: ignore[return-value]


def corpus(name: str) -> List[bytes]:
    return [path.read_bytes() for path in sorted((HERE / "corpus" / name).iterdir())]


def fuzz(name: str, target: Target, seeds: List[bytes], seed: int, seconds: float, keep: Path = FINDINGS) -> bool:
    """Whether nothing was found in the time. The corpus itself comes first, as it is."""
    mutate: Callable[[List[bytes], random.Random], bytes] = getattr(target, "mutated", mutated)
    ends = time.monotonic() + seconds
    peak = peak_memory()
    count = 0
    while count < len(seeds) or time.monotonic() < ends:
        rng = random.Random(f"{seed} {name} {count}")
        data = seeds[count] if count < len(seeds) else mutate(seeds, rng)
        problem = broken_rule(target, data, rng)
        if not problem and peak_memory() - peak > MEMORY_LIMIT:
            problem = f"memory grew by more than {MEMORY_LIMIT:,} bytes"
        if problem:
            keep.mkdir(parents=True, exist_ok=True)
            file = keep / f"{name}-{seed}-{count}"
            file.write_bytes(data)
            print(f"{name}: input {count} breaks a rule, kept in {file}\n{problem}")
            return False
        count += 1
    print(f"{name}: {count:,} inputs, nothing found")
    return True


def replay(name: str, data: bytes) -> bool:
    """Try one input with many random choices of the target."""
    target = load(name)
    for attempt in range(200):
        problem = broken_rule(target, data, random.Random(attempt))
        if problem:
            print(f"{name}: still breaks a rule\n{problem}")
            return False
    print(f"{name}: nothing found")
    return True


def broken_rule(target: Target, data: bytes, rng: random.Random) -> Optional[str]:
    # a loop without an end says where it is
    faulthandler.dump_traceback_later(INPUT_LIMIT, exit=True, file=sys.__stderr__)
    try:
        target.check(data, rng)
    except DICOMWebNodesError:
        return None
    except Exception:
        return traceback.format_exc()
    finally:
        faulthandler.cancel_dump_traceback_later()
    return None


def peak_memory() -> int:
    """Bytes that the process has held at most; 0 where that cannot be known."""
    if resource is None:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    from environment import REQUIREMENTS, Environment

    Environment(REQUIREMENTS / "test.txt").enter()
    sys.exit(main(sys.argv[1:]))
