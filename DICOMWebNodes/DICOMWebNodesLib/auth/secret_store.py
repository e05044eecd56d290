"""Where secrets are kept: passwords, client secrets, static tokens, secret headers, and what a sign-in gave."""

from __future__ import annotations

import threading
from typing import Dict, Tuple


class SecretStore:
    """Secrets by key. ``place`` completes "is kept in ..."; ``lasts`` tells whether another process sees them.

    All methods raise SecretUnavailable when the place does not open.
    """

    place = ""
    lasts = True

    def get(self, key: str) -> str:
        """The secret; "" when there is none."""
        raise NotImplementedError

    def set(self, key: str, secret: str) -> None:
        raise NotImplementedError

    def delete(self, key: str) -> None:
        """Forget it; nothing happens when there is none."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.place!r})"


class MemorySecrets(SecretStore):
    """Until this process ends."""

    place = "memory, until this program ends"
    lasts = False

    def __init__(self) -> None:
        self._secrets: Dict[str, str] = {}

    def get(self, key: str) -> str:
        return self._secrets.get(key, "")

    def set(self, key: str, secret: str) -> None:
        self._secrets[key] = secret

    def delete(self, key: str) -> None:
        self._secrets.pop(key, None)

    def items(self) -> Tuple[Tuple[str, str], ...]:
        return tuple(self._secrets.items())


class MovableSecrets(SecretStore):
    """A store that can be exchanged for another one while it is in use, when a person chooses where to keep secrets."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._lock = threading.Lock()

    @property
    def place(self) -> str:  # type: ignore[override]
        return self._store.place

    @property
    def lasts(self) -> bool:  # type: ignore[override]
        return self._store.lasts

    def move_to(self, store: SecretStore) -> None:
        """What the memory holds goes along."""
        with self._lock:
            for key, secret in self._store.items() if isinstance(self._store, MemorySecrets) else ():
                store.set(key, secret)
            self._store = store

    def get(self, key: str) -> str:
        with self._lock:
            return self._store.get(key)

    def set(self, key: str, secret: str) -> None:
        with self._lock:
            self._store.set(key, secret)

    def delete(self, key: str) -> None:
        with self._lock:
            self._store.delete(key)
