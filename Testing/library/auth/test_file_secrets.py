"""Secrets in a file: for its owner alone, and for several programs at once."""

import json
import os
import stat
import subprocess
import sys

import pytest
from canary import canary
from DICOMWebNodesLib.auth.file_access import Modes, Openness
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.errors import SecretUnavailable
from library.auth.secret_places import in_file

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has lists, see test_file_access.py")


@posix_only
def test_the_file_and_its_folder_are_for_the_owner_alone(tmp_path):
    store = in_file(tmp_path)
    store.set("a", canary())
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


@posix_only
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_not_used(tmp_path, mode):
    store = in_file(tmp_path)
    store.set("a", canary())
    store.path.chmod(mode)
    with pytest.raises(SecretUnavailable, match=rf"mode {mode:o}: other users.*chmod 600.*change the passwords"):
        store.get("a")
    with pytest.raises(SecretUnavailable):
        store.set("b", canary())


@posix_only
def test_the_folder_is_closed_even_when_it_was_open_before(tmp_path):
    (tmp_path / "secrets").mkdir(mode=0o755)
    in_file(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


@pytest.mark.parametrize("content", ["{", "[]", "[" * 100_000], ids=lambda each: each[:2])
def test_a_damaged_file_is_set_aside_and_told(tmp_path, content):
    store = in_file(tmp_path)
    store.path.write_text(content)
    with pytest.raises(SecretUnavailable, match=r"was damaged and is now .*secrets\.json\.damaged-"):
        store.get("a")
    store.set("a", canary())
    assert store.get("a")


def test_making_it_again_keeps_what_is_in_it(tmp_path):
    secret = canary()
    in_file(tmp_path).set("a", secret)
    assert in_file(tmp_path).get("a") == secret


def test_removing_it_removes_everything(tmp_path):
    store = in_file(tmp_path)
    store.set("a", canary())
    store.remove()
    assert not store.exists
    store.remove()


def test_two_programs_write_without_losing_anything(tmp_path):
    store = in_file(tmp_path)
    program = (
        "import sys; from pathlib import Path; from DICOMWebNodesLib.auth.file_secrets import FileSecrets\n"
        "store = FileSecrets(Path(sys.argv[1]))\n"
        "for number in range(20): store.set(f'{sys.argv[2]}{number}', sys.argv[2])\n"
    )
    library = str(next(path for path in sys.path if path.endswith("DICOMWebNodes")))
    environment = {**os.environ, "PYTHONPATH": library}
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(store.path), name], env=environment) for name in "abc"
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(json.loads(store.path.read_text())) == 60


class Unclosable(Modes):
    """A disk without modes and lists."""

    def close_folder(self, folder):
        raise PermissionError("it can be opened by Everyone")


class Open(Modes):
    """Where others may open every file."""

    def openness(self, path):
        return Openness("can be opened by eve", "Run 'close it'")


def test_a_folder_that_cannot_be_closed_is_no_place_for_secrets(tmp_path):
    store = FileSecrets(tmp_path / "secrets" / "secrets.json", Unclosable())
    with pytest.raises(SecretUnavailable, match=r"cannot be kept from other users \(it can be opened by Everyone\)"):
        store.create()
    assert not store.exists


def test_a_file_that_others_can_open_is_refused_with_what_to_do(tmp_path):
    store = FileSecrets(tmp_path / "secrets.json", Open())
    for use in (lambda: store.get("a"), lambda: store.set("a", canary()), lambda: store.delete("a")):
        with pytest.raises(SecretUnavailable, match=r"can be opened by eve.*Run 'close it', and change the passwords"):
            use()
