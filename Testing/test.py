"""All tests: ``python3 Testing/test.py [--require-all] [pytest arguments]``.

Sets up its own environment (:mod:`environment`). Without pytest's arguments the library's tests also run under the
oldest other Python of this machine from 3.9 on, with the pydicom 2.4 of Slicer 5.8. What a machine lacks is skipped
with a line that says how to get it. ``--require-all`` leaves nothing out: each such skip is a failure, and the newest
Python has its turn too. As root on Debian the missing packages are installed first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

import debian
import standin
from environment import REQUIREMENTS, ROOT, Environment

SERVERS = ("orthanc", "orthanc-dicomweb", "nginx-light", "maven")
DEBIAN_PACKAGES = (*SERVERS, *standin.DEBIAN_PACKAGES)
LIBRARY_TESTS = "Testing/library"
REQUIRE_ALL = "--require-all"


def main(arguments: List[str]) -> int:
    Environment(REQUIREMENTS / "test.txt").enter()
    debian.install_missing(DEBIAN_PACKAGES)
    status = run_pytest(sys.executable, arguments)
    if not arguments or arguments == [REQUIRE_ALL]:
        for version, python in further_interpreters(newest_too=bool(arguments)).items():
            print(f"\nThe library's tests under Python {version}:", flush=True)
            interpreter = Environment(REQUIREMENTS / "library.txt", python).prepare()
            status = run_pytest(str(interpreter), [LIBRARY_TESTS, *arguments]) or status
    return status


def run_pytest(python: str, arguments: List[str]) -> int:
    processes = (os.cpu_count() or 1) + 1  # a test often waits, for a server or another process
    command = [python, "-m", "pytest", f"--numprocesses={processes}", "--dist=loadgroup", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def further_interpreters(newest_too: bool) -> Dict[str, str]:
    """The oldest and the newest Python of this machine from 3.9 to 3.13, by version, apart from the running one."""
    found = {}
    for minor in range(9, 14):
        name = f"python3.{minor}"
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
        candidates = [shutil.which(name), *pyenv.glob(f"3.{minor}.*/bin/python")]
        usable = [str(python) for python in candidates if python and is_version(str(python), minor)]
        if usable and minor != sys.version_info.minor:
            found[f"3.{minor}"] = usable[0]
    newest = list(found)[1:][-1:] if newest_too else []
    return {version: found[version] for version in list(found)[:1] + newest}


def is_version(python: str, minor: int) -> bool:
    """A name in PATH can be pyenv's shim of a Python that is not active."""
    question = f"import sys, venv; sys.exit(sys.version_info[:2] != (3, {minor}))"
    return subprocess.run([python, "-c", question], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
