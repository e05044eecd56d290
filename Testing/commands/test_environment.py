"""The environments that the commands make for themselves."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from environment import ROOT, Environment

pytestmark = pytest.mark.xdist_group("environment")  # one is made for several tests

SCRIPT = """
import sys
sys.path.insert(0, {testing!r})
from pathlib import Path
from environment import Environment
Environment(Path({requirements!r}), home=Path({home!r})).enter()
print(sys.prefix, sys.argv[1:])
"""


def fresh(folder: Path) -> Environment:
    """For requirements that ask for nothing, in a folder whose name is not simple."""
    requirements = folder / "nothing.txt"
    requirements.write_text("# nothing is needed\n")
    return environment_of(requirements)


def environment_of(requirements: Path) -> Environment:
    return Environment(requirements, home=requirements.parent / "home with spaces")


def fabricate(environment: Environment) -> Path:
    """What looks like a complete environment, without the time that one takes."""
    for file in ("bin/python", "Scripts/python.exe", "complete"):
        (environment.folder / file).parent.mkdir(parents=True, exist_ok=True)
        (environment.folder / file).touch()
    return environment.folder


@dataclass(frozen=True)
class Made:
    """An environment, and what was in its place before."""

    environment: Environment
    interpreter: Path
    remainder: Path  # of an installation that was interrupted
    former: Path  # the environment for other pins


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    (folder / "pins.txt").touch()
    requirements = folder / "pinned.txt"
    requirements.write_text("-c pins.txt\n")
    environment = environment_of(requirements)
    former = fabricate(environment)
    (folder / "pins.txt").write_text("# a new version\n")
    remainder = environment.folder / "half an installation"
    remainder.parent.mkdir()
    remainder.touch()
    return Made(environment, environment.prepare(), remainder, former)


def test_a_command_runs_again_inside_its_environment_with_its_arguments(made: Made, tmp_path: Path) -> None:
    environment = made.environment
    names = {"testing": ROOT / "Testing", "requirements": environment.requirements, "home": environment.home}
    script = tmp_path / "a command.py"
    script.write_text(SCRIPT.format(**{name: str(path) for name, path in names.items()}))
    result = subprocess.run(
        [sys.executable, str(script), "one", "two words"], capture_output=True, text=True, check=True
    )
    assert f"{environment.folder} ['one', 'two words']" in result.stdout


def test_an_interrupted_installation_starts_anew(made: Made) -> None:
    assert made.interpreter.exists()
    assert not made.remainder.exists()


def test_other_pins_make_another_environment_and_remove_the_former(made: Made) -> None:
    assert made.environment.folder != made.former
    assert made.environment.folder.exists()
    assert not made.former.exists()


def test_a_complete_environment_is_used_again(tmp_path: Path) -> None:
    environment = fresh(tmp_path)
    folder = fabricate(environment)
    assert environment.prepare().parent.parent == folder
    assert sorted(path.name for path in folder.iterdir()) == ["Scripts", "bin", "complete"]


def test_an_installation_that_fails_says_so_and_is_not_taken_for_complete(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = fresh(tmp_path)
    environment.requirements.write_text("./there is no such package\n")
    with pytest.raises(SystemExit, match="This failed, for the reason above"):
        environment.prepare()
    assert not (environment.folder / "complete").exists()
    assert "no such package" in capfd.readouterr().err
