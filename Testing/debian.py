"""Packages of the system that a command of this folder needs, installed where that is possible: as root on Debian."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Sequence


def install_missing(packages: Sequence[str]) -> None:
    """Elsewhere nothing happens: whoever needs them says what is missing."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    missing = [name for name in packages if not _is_installed(name)]
    if not missing:
        return
    print(f"Installing {', '.join(missing)} ...", flush=True)
    if not _apt_get("install", *missing):
        _apt_get("update")
        _apt_get("install", *missing)


def _is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${Status}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout == "install ok installed"


def _apt_get(*command: str) -> bool:
    """Run apt-get so that it asks nothing and starts no service: the tests start their own."""
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run = ["apt-get", "--yes", "--quiet=2", "--no-install-recommends", *command]
        return subprocess.run(run, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
    finally:
        if ours:
            policy.unlink()
