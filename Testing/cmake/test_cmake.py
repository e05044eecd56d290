"""The extension's CMake files parse, and ship every file."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from cmake import file_lists

ROOT = Path(__file__).resolve().parents[2]
HOW_TO_GET = "CMake is not here: 'apt-get install cmake' (Debian, Ubuntu) or 'pip install cmake' brings it"


def test_every_file_of_the_module_is_listed():
    told = file_lists.differences()
    assert not told, "python3 Testing/cmake/file_lists.py does this:\n" + "\n".join(told)


@pytest.fixture(scope="module")
def configured(tmp_path_factory):
    """What a configure run against the stub of a Slicer says."""
    if not shutil.which("cmake"):
        pytest.skip(HOW_TO_GET)
    stub = ROOT / "Testing" / "cmake" / "stub"
    build = tmp_path_factory.mktemp("build")
    command = ["cmake", "-S", str(ROOT), "-B", str(build), f"-DSlicer_DIR={stub}", "-DBUILD_TESTING=ON", "-Wno-dev"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_extension_configures_and_packages(configured):
    assert "-- packaged" in configured


def test_the_module_file_and_every_package_of_it_ship(configured):
    for name in ("DICOMWebNodes.py", "DICOMWebNodesLib/errors/__init__.py", "Resources/Icons/DICOMWebNodes.png"):
        assert f"-- ships {name}\n" in configured


def test_each_url_stands_on_a_line_of_its_own():
    lines = [line for line in (ROOT / "CMakeLists.txt").read_text().splitlines() if "URL" in line]
    assert all(line.count("https://") == 1 and " " not in line.split('"')[1] for line in lines)


def test_the_icon_is_a_png_of_128_by_128():
    head = (ROOT / "DICOMWebNodes.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (128, 128)
