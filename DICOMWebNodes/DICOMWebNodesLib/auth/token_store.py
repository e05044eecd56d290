"""The tokens of signed-in methods, shared by all threads and, where the secrets are, by all processes."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Dict, Iterator, Optional

from ..storage.file_lock import FileLock
from ..storage.folders import settings_folder
from .secret_store import SecretStore
from .token import Token

_PATIENCE = 120.0  # seconds; a renewal in another process may have to wait for a slow provider


class TokenStore:
    """One token a method, by its uid. ``locks``: the folder of the lock files. Raises SecretUnavailable."""

    def __init__(self, secrets: SecretStore, locks: Optional[Path] = None) -> None:
        self._secrets = secrets
        self._locks_folder = locks or settings_folder() / "locks"
        self._locks: Dict[str, FileLock] = {}
        self._mutex = threading.Lock()

    def load(self, uid: str) -> Optional[Token]:
        stored = self._secrets.get(token_key(uid))
        return Token.from_json(stored) if stored else None

    def save(self, uid: str, token: Token) -> None:
        self._secrets.set(token_key(uid), token.to_json())

    def forget(self, uid: str) -> None:
        self._secrets.delete(token_key(uid))

    @contextlib.contextmanager
    def exclusive(self, uid: str) -> Iterator[None]:
        """While inside, nobody else, in whatever thread or process, renews or replaces this token.

        Raises StoreUnavailable when it takes too long to get in.
        """
        with self._mutex:
            lock = self._locks.setdefault(uid, FileLock(self._locks_folder / f"token-{uid}.lock", timeout=_PATIENCE))
        with lock:
            yield


def token_key(uid: str) -> str:
    return f"{uid}/token"
