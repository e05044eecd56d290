"""The lists of files in DICOMWebNodes/CMakeLists.txt, compared with the disk; run as a program it writes them anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List

MODULE = Path(__file__).resolve().parents[2] / "DICOMWebNodes"
CMAKE_LISTS = MODULE / "CMakeLists.txt"
_LIST = r"(?<=set\({name}\n)(.*?)(?=  \)\n)"


def on_disk() -> Dict[str, List[str]]:
    """What has to ship, by list."""
    scripts = (path for path in MODULE.rglob("*.py"))
    # py.typed is what tells scripts' type checkers that the library is typed (PEP 561).
    typed = MODULE / "DICOMWebNodesLib" / "py.typed"
    resources = (path for path in (*(MODULE / "Resources").rglob("*"), typed) if path.is_file())
    found = {"MODULE_PYTHON_SCRIPTS": scripts, "MODULE_PYTHON_RESOURCES": resources}
    return {name: sorted(path.relative_to(MODULE).as_posix() for path in paths) for name, paths in found.items()}


def listed() -> Dict[str, List[str]]:
    """What does ship, by list."""
    text = CMAKE_LISTS.read_text(encoding="utf-8")
    return {name: re.search(_LIST.format(name=name), text, re.DOTALL)[0].split() for name in on_disk()}


def differences() -> List[str]:
    """What to do about the lists, a line each."""
    listed_now = listed()
    lines = []
    for name, files in on_disk().items():
        lines += [f"add to {name}:       {file}" for file in files if file not in listed_now[name]]
        lines += [f"remove from {name}:  {file}" for file in listed_now[name] if file not in files]
    return lines


def write() -> None:
    text = CMAKE_LISTS.read_text(encoding="utf-8")
    for name, files in on_disk().items():
        lines = "".join(f"  {file}\n" for file in files)
        text = re.sub(_LIST.format(name=name), lambda _, lines=lines: lines, text, count=1, flags=re.DOTALL)
    CMAKE_LISTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
