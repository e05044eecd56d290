"""Secrets in one file that only its owner can read, for whoever has no keyring and says yes to a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, Mapping, Optional

from ..errors import SecretUnavailable, StoreUnavailable
from ..storage.file_lock import FileLock
from ..storage.files import read_settings, set_aside, write_atomically
from ..storage.folders import settings_folder
from ..text import Text
from .file_access import FileAccess, file_access
from .secret_store import SecretStore


class FileSecrets(SecretStore):
    """One JSON file with mode 0600 in a folder with mode 0700, for whoever chose this by :meth:`create`.

    On Windows both have an access list with their owner alone.
    """

    def __init__(self, path: Optional[Path] = None, access: Optional[FileAccess] = None) -> None:
        self.path = path or settings_folder() / "secrets" / "secrets.json"
        self._access = access or file_access()
        self.place = Text("{path}, which only you can read", path=self.path)
        self._lock = FileLock(self.path.with_suffix(".lock"))

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def create(self) -> None:
        """Make the folder and an empty file; what is there already stays. Raises SecretUnavailable."""
        folder = self.path.parent
        try:
            self._access.close_folder(folder)
        except OSError as error:
            raise SecretUnavailable(
                Text(
                    "{folder} cannot be kept from other users ({reason})", folder=folder, reason=error.strerror or error
                ),
                next_step="Keep secrets in the system's keyring, or in the memory.",
            ) from error
        with self._lock:
            self._write(self._read())

    def remove(self) -> None:
        """Forget all secrets, and that a file was chosen."""
        with self._lock:
            self.path.unlink(missing_ok=True)

    def get(self, key: str) -> str:
        with self._lock:
            return self._read().get(key, "")

    def set(self, key: str, secret: str) -> None:
        with self._lock:
            self._write({**self._read(), key: secret})

    def delete(self, key: str) -> None:
        with self._lock:
            secrets = self._read()
            if secrets.pop(key, None) is not None:
                self._write(secrets)

    def _read(self) -> Dict[str, str]:
        try:
            self._check_access()
            content = read_settings(self.path)
        except StoreUnavailable as error:
            raise SecretUnavailable(error.cause, next_step=error.next_step) from error
        if content is None:
            return {}
        try:
            return {str(key): str(secret) for key, secret in json.loads(content).items()}
        except (ValueError, AttributeError, RecursionError):
            aside = set_aside(self.path)
            raise SecretUnavailable(
                Text("the file of secrets was damaged and is now {aside}", aside=aside),
                next_step="Sign in and give passwords again.",
            ) from None

    def _check_access(self) -> None:
        try:
            openness = self._access.openness(self.path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise SecretUnavailable(
                Text("{path} does not tell who can read it: {reason}", path=self.path, reason=error.strerror or error),
                next_step="Check the path and the rights on it.",
            ) from error
        if openness is not None:
            raise SecretUnavailable(
                Text("{path} {problem}, with the secrets in it", path=self.path, problem=openness.what),
                next_step=Text("{cure}, and change the passwords and tokens that were in it.", cure=openness.cure),
            )

    def _write(self, secrets: Mapping[str, str]) -> None:
        try:
            content = json.dumps(secrets, indent=1, sort_keys=True).encode()
            write_atomically(self.path, content, opener=self._access.open_new)
        except StoreUnavailable as error:
            raise SecretUnavailable(error.cause, next_step=error.next_step) from error
