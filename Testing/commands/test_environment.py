"""The environments that the commands make for themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT, Environment

SCRIPT = """
import sys
sys.path.insert(0, {testing!r})
from pathlib import Path
from environment import Environment
Environment(Path({requirements!r}), home=Path({home!r})).enter()
print(sys.prefix, sys.argv[1:])
"""


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    file = tmp_path / "nothing.txt"
    file.write_text("# nothing is needed\n")
    return file


def environment_of(requirements: Path) -> Environment:
    return Environment(requirements, home=requirements.parent / "home with spaces")


def test_a_command_runs_again_inside_its_environment_with_its_arguments(requirements: Path) -> None:
    environment = environment_of(requirements)
    script = requirements.parent / "a command.py"
    script.write_text(
        SCRIPT.format(testing=str(ROOT / "Testing"), requirements=str(requirements), home=str(environment.home))
    )
    result = subprocess.run(
        [sys.executable, str(script), "one", "two words"], capture_output=True, text=True, check=True
    )
    assert f"{environment.folder} ['one', 'two words']" in result.stdout


def fabricate(environment: Environment) -> Path:
    """What looks like a complete environment, without the time that one takes."""
    for file in ("bin/python", "Scripts/python.exe", "complete"):
        (environment.folder / file).parent.mkdir(parents=True, exist_ok=True)
        (environment.folder / file).touch()
    return environment.folder


def test_a_complete_environment_is_used_again(requirements: Path) -> None:
    environment = environment_of(requirements)
    folder = fabricate(environment)
    assert environment.prepare().parent.parent == folder
    assert sorted(path.name for path in folder.iterdir()) == ["Scripts", "bin", "complete"]


def test_an_interrupted_installation_starts_anew(requirements: Path) -> None:
    environment = environment_of(requirements)
    environment.folder.mkdir(parents=True)
    remainder = environment.folder / "half an installation"
    remainder.touch()
    interpreter = environment.prepare()
    assert interpreter.exists()
    assert not remainder.exists()


def test_an_installation_that_fails_says_so_and_is_not_taken_for_complete(
    requirements: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    requirements.write_text("./there is no such package\n")
    environment = environment_of(requirements)
    with pytest.raises(SystemExit, match="This failed, for the reason above"):
        environment.prepare()
    assert not (environment.folder / "complete").exists()
    assert "no such package" in capfd.readouterr().err


def test_other_pins_make_another_environment_and_remove_the_former(requirements: Path) -> None:
    pins = requirements.parent / "pins.txt"
    pins.touch()
    requirements.write_text("-c pins.txt\n")
    environment = environment_of(requirements)
    former = fabricate(environment)
    pins.write_text("# a new version\n")
    environment.prepare()
    assert environment.folder != former
    assert environment.folder.exists()
    assert not former.exists()
