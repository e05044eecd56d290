"""The scan for secrets finds what it is there to find, wherever a test may leave it."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from canary import MARK, canaries_in, canary, canary_bytes, watch
from secret_files import secrets_in

TESTING = Path(__file__).resolve().parents[1]


HEAD = """
import base64, logging, os, subprocess, sys
from canary import canary, watch


def in_a_process(program, folder):
    environment = {**os.environ, "SECRET": canary(), "FOLDER": str(folder)}
    subprocess.run([sys.executable, "-c", f"import logging, os, sys; {program}"], env=environment)
"""
LEAKS = (
    "(tmp_path / 'log.txt').write_text(f'token={canary()}')",
    "(tmp_path / canary()).touch()",
    "(tmp_path / 'x').write_bytes(base64.b64encode(f'ada:{canary()}'.encode()))",
    "print(canary())",
    "print(canary(), file=sys.stderr)",
    "logging.getLogger('urllib3').debug('sent %s', canary())",
    "print(watch('eyJhbGciOiJSUzI1NiJ9.made.elsewhere'))",
    "in_a_process('print(os.environ[\"SECRET\"])', tmp_path)",
    "in_a_process('print(os.environ[\"SECRET\"], file=sys.stderr)', tmp_path)",
    "in_a_process('logging.warning(os.environ[\"SECRET\"])', tmp_path)",
    'in_a_process(\'open(os.environ["FOLDER"] + "/x", "w").write(os.environ["SECRET"])\', tmp_path)',
)
WHERE_IT_BELONGS = (
    "assert canary()",
    "(tmp_path / 'secrets.json').write_text(canary())",
    "folder = tmp_path / 'kept-by-other-programs'; folder.mkdir(); (folder / 'x').write_text(canary())",
)


def run(tmp_path, bodies, *options):
    """A test for each body, in processes of their own."""
    tests = (f"def test_{number}(tmp_path):\n    {body}\n" for number, body in enumerate(bodies))
    (tmp_path / "test_leak.py").write_text("\n\n".join((HEAD, *tests)))
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['secret_scan']\n")
    options = (f"--override-ini=pythonpath={TESTING}", f"--basetemp={tmp_path / 'kept-by-other-programs'}", *options)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(tmp_path)]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("processes", [(), ("-n2",)], ids=["here", "in parallel"])
def test_a_secret_that_is_left_behind_fails_its_test_or_the_whole_run(tmp_path, processes):
    """The last one lies in a folder that belongs to no test."""
    ended = run(tmp_path, (*LEAKS, "(tmp_path.parent / 'shared.log').write_text(canary())"), *processes)
    assert ended.returncode == 1
    assert {f"test_leak.py::test_{number}" for number in range(len(LEAKS))} == set(
        re.findall(r"^(?:FAILED|ERROR) .*(test_leak\.py::test_\d+)", ended.stdout, re.MULTILINE)
    )
    assert ended.stdout.count("secrets were written") >= len(LEAKS)
    assert "shared.log" in ended.stdout


def test_a_secret_where_it_belongs_fails_nothing(tmp_path):
    ended = run(tmp_path, WHERE_IT_BELONGS)
    assert ended.returncode == 0, ended.stdout


def test_a_secret_in_a_folder_of_the_whole_session_is_enough_to_fail_the_run(tmp_path):
    ended = run(tmp_path, ["(tmp_path.parent / 'shared.log').write_text(canary())"])
    assert ended.returncode == 1
    assert "shared.log" in ended.stdout


@pytest.mark.parametrize("offset", range(4))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_canary_is_found_in_base64_wherever_it_begins(encode, offset):
    assert canaries_in(encode(b"x" * offset + canary().encode() + b"yz"))


def test_a_canary_is_found_in_what_is_made_of_random_bytes():
    assert canaries_in(base64.urlsafe_b64encode(canary_bytes(32)).rstrip(b"="))


@pytest.mark.parametrize("offset", range(3))
def test_a_watched_secret_is_found_in_all_its_forms(offset):
    secret = watch(f"p/ss+word {offset} of a real server")
    for form in (secret.encode(), quote(secret, safe="").encode(), base64.b64encode(b"u" * offset + secret.encode())):
        assert canaries_in(b"before " + form + b" after")


def test_nothing_is_found_where_there_is_nothing(tmp_path):
    (tmp_path / "x").write_bytes(MARK[:-1])
    assert not secrets_in(tmp_path)


def test_a_secret_that_is_too_short_to_be_looked_for_is_refused():
    with pytest.raises(ValueError, match="that short"):
        watch("1234")
