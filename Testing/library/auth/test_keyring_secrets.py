"""Secrets in the system's keyring: whole or not there, and only in a real one."""

import pytest
from canary import canary
from DICOMWebNodesLib.auth.keyring_secrets import WINDOWS_LONGEST, KeyringSecrets, _is_real
from DICOMWebNodesLib.errors import SecretUnavailable
from hypothesis import given
from hypothesis import strategies as st
from library.auth.secret_places import Backend


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
