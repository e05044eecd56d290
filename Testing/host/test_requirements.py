"""oauthlib: offered when OAuth is used, and never missed otherwise."""

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
