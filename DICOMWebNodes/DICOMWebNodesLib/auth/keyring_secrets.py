"""Secrets in the system's keyring, through the keyring package where it is installed."""

from __future__ import annotations

import os
from typing import Any, Callable, Optional, Sequence

from ..errors import SecretUnavailable
from ..text import Text
from .secret_store import SecretStore

SERVICE = "DICOMWebNodes"
"""The name under which the system's keyring shows our entries."""

_PIECES = "\x1fpieces:"  # no secret that a header field can carry begins with a control character
# CredWrite takes 2560 bytes (CRED_MAX_CREDENTIAL_BLOB_SIZE), and keyring writes UTF-16.
WINDOWS_LONGEST = 2560 // 2


def _random_name() -> str:
    return os.urandom(4).hex()


class KeyringSecrets(SecretStore):
    """The system's keyring, through the keyring package. ``longest``: characters that one of its entries holds.

    A longer secret is cut into pieces with names of their own; the entry under its key then says which, and is
    written last, so that there is never half a secret.
    """

    def __init__(self, backend: Any, *, longest: Optional[int] = None, token: Callable[[], str] = _random_name) -> None:
        self._backend = backend
        self._longest = longest
        self._token = token
        self.place = Text("the system's keyring ({value})", value=getattr(backend, "name", type(backend).__name__))

    def get(self, key: str) -> str:
        head = self._get(key)
        if not head.startswith(_PIECES):
            return head
        pieces = [self._get(name) for name in _pieces_of(key, head)]
        return "".join(pieces) if all(pieces) else ""

    def set(self, key: str, secret: str) -> None:
        before = self._get(key)
        head = secret
        if self._longest is not None and len(secret) > self._longest:
            size = self._longest
            pieces = [secret[start : start + size] for start in range(0, len(secret), size)]
            head = f"{_PIECES}{self._token()}:{len(pieces)}"
            for name, piece in zip(_pieces_of(key, head), pieces):
                self._call("set_password", SERVICE, name, piece)
        self._call("set_password", SERVICE, key, head)
        self._delete_pieces(key, before)

    def delete(self, key: str) -> None:
        before = self._get(key)
        if before:
            self._call("delete_password", SERVICE, key)
        self._delete_pieces(key, before)

    def _delete_pieces(self, key: str, head: str) -> None:
        for name in _pieces_of(key, head):
            if self._get(name):
                self._call("delete_password", SERVICE, name)

    def _get(self, key: str) -> str:
        return self._call("get_password", SERVICE, key) or ""

    def _call(self, method: str, *arguments: str) -> Any:
        try:
            return getattr(self._backend, method)(*arguments)
        except Exception as error:  # each backend has exceptions of its own
            raise SecretUnavailable(
                Text("{place} does not open ({error})", place=self.place, error=type(error).__name__),
                next_step="Unlock it and try again, or keep secrets in a file: 'auth secrets --file'.",
            ) from None


def _pieces_of(key: str, head: str) -> Sequence[str]:
    if not head.startswith(_PIECES):
        return ()
    token, _, count = head[len(_PIECES) :].partition(":")
    return [f"{key}#{token}.{number}" for number in range(int(count) if count.isdecimal() else 0)]


def system_keyring() -> Optional[Any]:
    """The backend that keyring would use, when it is a real one: not "fail", "null" or a plain text file."""
    try:
        import keyring
    except ImportError:
        return None
    try:
        backend = keyring.get_keyring()
        return backend if _is_real(backend) else None
    except Exception:  # a broken backend is none
        return None


def _is_real(backend: Any) -> bool:
    chained = getattr(backend, "backends", None)  # keyring.backends.chainer uses the best of these
    if chained is not None:
        return any(_is_real(each) for each in chained)
    return float(backend.priority) >= 1  # what keyring calls "recommended"
