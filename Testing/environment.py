"""Virtual environments for the commands of this folder: made when first needed, reused the next time.

An environment lives under ``.venv/`` in the clone. Its name has the Python it is for and a hash of the pinned
requirements, so that a change of pins makes a new one; the stamp that it is complete is written last, so that an
interrupted installation starts anew. Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "Testing" / "requirements"

DESCRIBE = "import sys, sysconfig; print('py%d.%d-%s' % (*sys.version_info[:2], sysconfig.get_platform()))"
PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"


@dataclass(frozen=True)
class Environment:
    """The environment that the requirements file ``requirements`` describes, for the interpreter ``python``."""

    requirements: Path
    python: str = sys.executable
    home: Path = ROOT / ".venv"

    @property
    def folder(self) -> Path:
        tag = _run([self.python, "-c", DESCRIBE], capture=True).strip()
        content = b"".join(file.read_bytes() for file in _with_includes(self.requirements))
        return self.home / f"{tag}-{self.requirements.stem}-{hashlib.sha256(content).hexdigest()[:8]}"

    def prepare(self) -> Path:
        """Make the environment unless it is there; returns its interpreter. Two at once wait for each other."""
        folder = self.folder
        interpreter = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        stamp = folder / "complete"
        with _locked(self.home / "lock"):
            if not (stamp.exists() and interpreter.exists()):
                print(f"Installing what is needed into {folder} (once; this can take some minutes) ...", flush=True)
                self._remove_outdated(folder)
                self._create(folder, interpreter)
                stamp.touch()
        return interpreter

    def _create(self, folder: Path, interpreter: Path) -> None:
        quietly = ["--quiet", "--disable-pip-version-check"]
        if _has_module(self.python, "ensurepip"):
            _run([self.python, "-m", "venv", str(folder)])
        else:  # Debian's python3 without python3-venv: this interpreter's pip installs one into the environment
            _run([self.python, "-m", "venv", "--without-pip", str(folder)])
            where = _run([str(interpreter), "-c", PACKAGES], capture=True).strip()
            _run([self.python, "-m", "pip", "install", *quietly, "--target", where, "pip"])
        _run([str(interpreter), "-m", "pip", "install", *quietly, "--only-binary=:all:", "-r", str(self.requirements)])

    def _remove_outdated(self, folder: Path) -> None:
        """What was left half done, and the environments for former pins."""
        for former in self.home.glob(f"{folder.name.rpartition('-')[0]}-*"):
            shutil.rmtree(former, ignore_errors=True)

    def enter(self) -> None:
        """Return when this process runs inside the environment; otherwise run the same command there and exit."""
        if not (3, 10) <= sys.version_info[:2] <= (3, 13):  # what slicer-core has wheels for
            sys.exit(f"Python 3.10 to 3.13 is needed; {sys.executable} is {sys.version.split()[0]}.")
        if Path(sys.prefix).resolve() == self.folder.resolve():
            return
        command = [str(self.prepare()), *sys.argv]
        if os.name == "nt":  # execv does not wait there
            sys.exit(subprocess.call(command))
        os.execv(command[0], command)


def _with_includes(file: Path) -> Iterator[Path]:
    """The requirements file and those that its ``-r`` and ``-c`` lines name."""
    yield file
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(("-r ", "-c ")):
            yield from _with_includes(file.parent / line[3:].strip())


def _has_module(python: str, name: str) -> bool:
    return subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def _run(command: List[str], capture: bool = False) -> str:
    result = subprocess.run(command, stdout=subprocess.PIPE if capture else None, text=True, check=False)
    if result.returncode:
        sys.exit(f"This failed, for the reason above; run the same command again to go on:\n  {' '.join(command)}")
    return result.stdout if capture else ""


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with its process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if os.name == "nt":
            import msvcrt

            while True:
                try:
                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # still held by another after ten seconds
                    continue
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
