"""Where secrets live: each place keeps them and shows them to nobody else, and one of them is chosen."""

import pytest
from canary import canary
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.auth.keyring_secrets import WINDOWS_LONGEST, KeyringSecrets
from DICOMWebNodesLib.auth.open_secrets import open_secret_store
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from library.auth.secret_places import Backend, in_file


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
