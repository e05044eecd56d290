"""Where secrets live: each place keeps them, tells when it does not open, and shows them to nobody else."""

import json
import os
import stat
import subprocess
import sys

import pytest
from canary import canary
from DICOMWebNodesLib.auth.file_access import Modes, Openness
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.auth.keyring_secrets import WINDOWS_LONGEST, KeyringSecrets, _is_real
from DICOMWebNodesLib.auth.open_secrets import open_secret_store
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from DICOMWebNodesLib.errors import SecretUnavailable
from hypothesis import given
from hypothesis import strategies as st

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has lists, see test_file_access.py")


class Backend:
    """A keyring backend as keyring defines it; ``longest`` is what one entry takes, as on Windows."""

    name = "Test keyring"
    priority = 5

    def __init__(self, longest=None):
        self.entries = {}
        self.longest = longest
        self.broken = False

    def _check(self):
        if self.broken:
            raise RuntimeError(f"locked: {canary('keyring-internals')}")

    def get_password(self, service, name):
        self._check()
        assert service == "DICOMWebNodes"
        return self.entries.get(name)

    def set_password(self, service, name, password):
        self._check()
        if self.longest is not None and len(password.encode("utf-16-le")) > self.longest:
            raise OSError("CredWrite: the stub received bad data")
        self.entries[name] = password

    def delete_password(self, service, name):
        self._check()
        if name not in self.entries:
            raise KeyError(name)
        del self.entries[name]


def in_file(tmp_path):
    store = FileSecrets(tmp_path / "secrets" / "secrets.json")
    store.create()
    return store


@pytest.fixture(params=["memory", "file", "keyring", "Windows keyring"])
def store(request, tmp_path):
    made = {
        "memory": lambda: MemorySecrets(),
        "file": lambda: in_file(tmp_path),
        "keyring": lambda: KeyringSecrets(Backend()),
        "Windows keyring": lambda: KeyringSecrets(Backend(2560), longest=WINDOWS_LONGEST),
    }
    return made[request.param]()


def test_a_secret_is_kept_until_it_is_deleted(store):
    secret = canary()
    assert store.get("a") == ""
    store.set("a", secret)
    store.set("b", canary())
    assert store.get("a") == secret
    store.delete("a")
    assert store.get("a") == ""
    assert store.get("b")


def test_a_secret_is_replaced(store):
    for secret in (canary(), canary() * 200, canary()):
        store.set("a", secret)
        assert store.get("a") == secret


def test_to_delete_what_is_not_there_is_no_error(store):
    store.delete("a")


@pytest.mark.parametrize("length", [1279, 1280, 1281, 2560, 2561, 10_000])
def test_long_secrets_are_kept_whole(store, length):
    secret = (canary() * 300)[:length]
    store.set("a", secret)
    assert store.get("a") == secret


def test_its_repr_tells_the_place_and_no_secret(store):
    secret = canary()
    store.set("a", secret)
    assert secret not in repr(store)
    assert repr(store.place) in repr(store)


# --- the keyring ----------------------------------------------------------------------------------------------------


def test_the_pieces_of_a_long_secret_go_when_it_goes():
    backend = Backend(2560)
    store = KeyringSecrets(backend, longest=WINDOWS_LONGEST)
    store.set("a", canary() * 200)
    assert len(backend.entries) > 2
    store.set("a", canary() * 400)
    store.set("a", canary())
    assert list(backend.entries) == ["a"]
    store.set("a", canary() * 200)
    store.delete("a")
    assert backend.entries == {}


def test_half_a_secret_is_none():
    backend = Backend(2560)
    store = KeyringSecrets(backend, longest=WINDOWS_LONGEST)
    store.set("a", canary() * 200)
    del backend.entries[next(name for name in backend.entries if name.endswith(".1"))]
    assert store.get("a") == ""


def test_a_program_that_dies_while_it_writes_leaves_the_old_secret():
    backend = Backend(2560)
    store = KeyringSecrets(backend, longest=WINDOWS_LONGEST)
    old = canary() * 100
    store.set("a", old)
    backend.longest = 2  # the first piece already fails
    with pytest.raises(SecretUnavailable):
        store.set("a", canary() * 200)
    assert store.get("a") == old


def test_a_keyring_that_does_not_open_is_told_with_what_to_do():
    backend = Backend()
    backend.broken = True
    with pytest.raises(SecretUnavailable, match=r"keyring \(Test keyring\) does not open .*Unlock") as raised:
        KeyringSecrets(backend).get("a")
    assert "internals" not in str(raised.value)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=50))
def test_any_secret_survives_being_cut(secret):
    store = KeyringSecrets(Backend(longest=64), longest=32)
    store.set("a", secret)
    assert store.get("a") == secret


def priority(value, *backends):
    backend = Backend()
    backend.priority = value
    if backends:
        backend.backends = backends
    return backend


@pytest.mark.parametrize(
    ("backend", "real"),
    [
        (priority(5), True),
        (priority(1), True),
        (priority(0.5), False),  # keyrings.alt: a file in plain text
        (priority(0), False),  # fail
        (priority(-1), False),  # null
        (priority(10, priority(0)), False),  # a chain of nothing real
        (priority(10, priority(0), priority(5)), True),
    ],
)
def test_only_a_real_keyring_is_used(backend, real):
    assert _is_real(backend) is real


# --- the file -------------------------------------------------------------------------------------------------------


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


# --- which one ------------------------------------------------------------------------------------------------------


def test_the_keyring_is_used_where_there_is_one(tmp_path):
    assert isinstance(open_secret_store(tmp_path, Backend), KeyringSecrets)


def test_a_file_is_used_once_somebody_has_chosen_it(tmp_path):
    in_file(tmp_path)
    assert isinstance(open_secret_store(tmp_path, Backend), FileSecrets)


def test_without_either_secrets_end_with_the_program(tmp_path):
    store = open_secret_store(tmp_path, find_keyring=lambda: None)
    assert isinstance(store, MemorySecrets)
    assert not store.lasts
    assert not list(tmp_path.iterdir())
