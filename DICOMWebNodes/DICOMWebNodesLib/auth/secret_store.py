"""Where secrets are kept: passwords, client secrets, static tokens, secret headers, and what a sign-in gave."""

from __future__ import annotations

import contextlib
import threading
from typing import Dict, Iterable

from ..errors import SecretUnavailable
from ..text import Text


class SecretStore:
    """Secrets by key. ``place`` completes "is kept in ..."; ``lasts`` tells whether another process sees them.

    All methods raise SecretUnavailable when the place does not open.
    """

    place: str = ""
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

    place: str = Text("memory, until this program ends")
    lasts = False

    def __init__(self) -> None:
        self._secrets: Dict[str, str] = {}

    def get(self, key: str) -> str:
        return self._secrets.get(key, "")

    def set(self, key: str, secret: str) -> None:
        self._secrets[key] = secret

    def delete(self, key: str) -> None:
        self._secrets.pop(key, None)


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

    def move_to(self, store: SecretStore, keys: Iterable[str]) -> None:
        """What is kept under ``keys`` goes along, and leaves the former place; what others keep there stays.

        Raises SecretUnavailable; then everything is where it was. A former place that does not let go of something
        keeps it: from then on nobody looks there, and what was moved must not be lost for that.
        """
        with self._lock:
            former, moved = self._store, {key: self._store.get(key) for key in keys}
            for key, secret in moved.items():
                if secret:
                    store.set(key, secret)
            self._store = store
            for key in moved:
                with contextlib.suppress(SecretUnavailable):
                    former.delete(key)

    def get(self, key: str) -> str:
        with self._lock:
            return self._store.get(key)

    def set(self, key: str, secret: str) -> None:
        with self._lock:
            self._store.set(key, secret)

    def delete(self, key: str) -> None:
        with self._lock:
            self._store.delete(key)
