"""oauthlib: offered when OAuth is used, and never missed otherwise."""

import os
import subprocess
import sys

import pytest
from DICOMWebNodesHost.requirements import FILE, ensureOAuth
from DICOMWebNodesLib.errors import AuthenticationError


class Packages:
    def __init__(self, there=False, agrees=True, works=True):
        self.there = there
        self.agrees = agrees
        self.works = works
        self.asked = 0

    def is_there(self):
        return self.there

    def install(self):
        self.asked += 1
        if not self.works:
            raise OSError("no network")
        self.there = self.agrees


def test_what_is_there_is_not_asked_for():
    packages = Packages(there=True)
    ensureOAuth(packages.is_there, packages.install)
    assert packages.asked == 0


def test_what_is_missing_is_installed_when_the_person_agrees():
    packages = Packages()
    ensureOAuth(packages.is_there, packages.install)
    assert packages.there


@pytest.mark.parametrize(
    ("packages", "words"), [(Packages(agrees=False), "is not installed"), (Packages(works=False), "no network")]
)
def test_what_stays_missing_is_told_with_what_to_do(packages, words):
    with pytest.raises(AuthenticationError, match=words) as missing:
        ensureOAuth(packages.is_there, packages.install)
    assert "pip_install" in missing.value.next_step


def test_the_list_of_requirements_names_oauthlib_only():
    lines = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
    assert [line.split(">")[0] for line in lines] == ["oauthlib"]


def test_the_packaging_of_newer_slicers_is_found_though_nobody_has_imported_it(tmp_path):
    """In a process of its own, with a package slicer that has such a module."""
    (tmp_path / "slicer").mkdir()
    (tmp_path / "slicer" / "__init__.py").touch()
    (tmp_path / "slicer" / "packaging.py").write_text(
        "def load_requirements(path):\n    return [line for line in open(path) if not line.startswith('#')]\n"
        "def pip_ensure(requirements, requester):\n    print(requester, *requirements)\n"
    )
    program = "from DICOMWebNodesHost.requirements import _install; _install()"
    path = os.pathsep.join([str(tmp_path), str(FILE.parents[1])])
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.startswith("DICOMWebNodes oauthlib")
