"""The scan for secrets finds what it is there to find, wherever a test may leave it."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from canary import MARK, canaries_in, canary, canary_bytes, watch
from secret_scan import secrets_in

TESTING = Path(__file__).resolve().parents[1]


def run(tmp_path, body, *options):
    """A test of its own process, with the body given."""
    lines = "\n".join(f"    {line}" for line in body)
    (tmp_path / "test_leak.py").write_text(
        f"import base64, logging, sys\nfrom canary import canary, watch\n\ndef test_it(tmp_path):\n{lines}\n"
    )
    options = (f"--override-ini=pythonpath={TESTING}", f"--basetemp={tmp_path / 'kept-by-other-programs'}", *options)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(tmp_path)]
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['secret_scan']\n")
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "leak",
    [
        "(tmp_path / 'log.txt').write_text(f'token={canary()}')",
        "(tmp_path / canary()).touch()",
        "(tmp_path / 'x').write_bytes(base64.b64encode(f'ada:{canary()}'.encode()))",
        "print(canary())",
        "print(canary(), file=sys.stderr)",
        "logging.getLogger('urllib3').debug('sent %s', canary())",
        "print(watch('eyJhbGciOiJSUzI1NiJ9.made.elsewhere'))",
    ],
)
def test_a_secret_that_is_left_behind_fails_the_test(tmp_path, leak):
    ended = run(tmp_path, [leak])
    assert ended.returncode == 1
    assert "secrets were written" in ended.stdout


@pytest.mark.parametrize(
    "body",
    [
        "assert canary()",
        "(tmp_path / 'secrets.json').write_text(canary())",
        "folder = tmp_path / 'kept-by-other-programs'; folder.mkdir(); (folder / 'x').write_text(canary())",
    ],
)
def test_a_secret_where_it_belongs_fails_nothing(tmp_path, body):
    ended = run(tmp_path, [body])
    assert ended.returncode == 0, ended.stdout


def test_a_secret_in_a_folder_of_the_whole_session_fails_the_run(tmp_path):
    (tmp_path / "conftest.py").touch()
    body = ["from pathlib import Path", "(tmp_path.parent / 'shared.log').write_text(canary())"]
    ended = run(tmp_path, body)
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
