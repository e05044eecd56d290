"""Where secrets are kept: passwords, client secrets, static tokens, secret headers, and what a sign-in gave."""

from __future__ import annotations

from typing import Dict


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
