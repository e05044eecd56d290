"""The test command: under which other Pythons it tests the library."""

from __future__ import annotations

import importlib
import sys

import pytest

command = importlib.import_module("test")  # Testing/test.py, not Python's own tests


@pytest.mark.parametrize(("newest_too", "most"), [(False, 1), (True, 2)])
def test_the_oldest_other_python_is_taken_and_the_newest_when_nothing_is_left_out(newest_too, most) -> None:
    found = command.further_interpreters(newest_too)
    assert len(found) <= most
    assert f"3.{sys.version_info.minor}" not in found
    assert list(found) == sorted(found, key=lambda version: int(version.partition(".")[2]))


def test_a_python_is_taken_for_what_it_is_not_for_what_it_is_called() -> None:
    assert command.is_version(sys.executable, sys.version_info.minor)
    assert not command.is_version(sys.executable, sys.version_info.minor + 1)
