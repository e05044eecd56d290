"""The test command: under which other Pythons it tests the library."""

from __future__ import annotations

import importlib
import sys

command = importlib.import_module("test")  # Testing/test.py, not Python's own tests


def test_at_most_the_oldest_and_the_newest_other_python_are_taken() -> None:
    assert hasattr(command, "further_interpreters"), command.__file__
    found = command.further_interpreters()
    assert len(found) <= 2
    assert f"3.{sys.version_info.minor}" not in found
    assert list(found) == sorted(found, key=lambda version: int(version.partition(".")[2]))


def test_a_python_is_taken_for_what_it_is_not_for_what_it_is_called() -> None:
    assert command.is_version(sys.executable, sys.version_info.minor)
    assert not command.is_version(sys.executable, sys.version_info.minor + 1)
