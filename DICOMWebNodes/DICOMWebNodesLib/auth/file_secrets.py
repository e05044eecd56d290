"""Secrets in one file that only its owner can read, for whoever has no keyring and says yes to a file."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, Mapping, Optional, Sequence

from ..errors import SecretUnavailable, StoreUnavailable
from ..storage import FileLock, read_settings, set_aside, settings_folder, write_atomically
from .secret_store import SecretStore


class FileSecrets(SecretStore):
    """One JSON file with mode 0600 in a folder with mode 0700, for whoever chose this by :meth:`create`.

    On Windows the folder is restricted to its owner instead (``icacls``), and the file inherits that.
    """

    def __init__(self, path: Optional[Path] = None) -> None:
        self.path = path or settings_folder() / "secrets" / "secrets.json"
        self.place = f"{self.path}, which only you can read"
        self._lock = FileLock(self.path.with_suffix(".lock"))

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def create(self, restrict: Optional[Callable[[Path], None]] = None) -> None:
        """Make the folder and an empty file; what is there already stays."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        (restrict or restrict_to_owner)(self.path.parent)
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
            self._check_mode()
            content = read_settings(self.path)
        except StoreUnavailable as error:
            raise SecretUnavailable(error.cause, next_step=error.next_step) from error
        if content is None:
            return {}
        try:
            return {str(key): str(secret) for key, secret in json.loads(content).items()}
        except (ValueError, AttributeError):
            aside = set_aside(self.path)
            raise SecretUnavailable(
                f"the file of secrets was damaged and is now {aside}", next_step="Sign in and give passwords again."
            ) from None

    def _check_mode(self) -> None:
        if sys.platform == "win32" or not self.path.exists():
            return
        mode = stat.S_IMODE(self.path.stat().st_mode)
        if mode & 0o077:
            raise SecretUnavailable(
                f"{self.path} has mode {mode:o}: other users of this computer can read the secrets in it",
                next_step=f"Run 'chmod 600 {self.path}', and change the passwords and tokens that were in it.",
            )

    def _write(self, secrets: Mapping[str, str]) -> None:
        try:
            write_atomically(self.path, json.dumps(secrets, indent=1, sort_keys=True).encode(), mode=0o600)
        except StoreUnavailable as error:
            raise SecretUnavailable(error.cause, next_step=error.next_step) from error


def restrict_to_owner(
    folder: Path,
    platform: str = sys.platform,
    run: Callable[[Sequence[str]], object] = lambda command: subprocess.run(command, check=True, capture_output=True),
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Let nobody else into ``folder``. Raises SecretUnavailable when that cannot be done."""
    try:
        if platform != "win32":
            folder.chmod(0o700)
            return
        owner = "\\".join(filter(None, (environ.get("USERDOMAIN"), environ["USERNAME"])))
        # Without inherited rights, and with all rights, inherited by what is inside, for its owner alone.
        run(["icacls", str(folder), "/inheritance:r", "/grant:r", f"{owner}:(OI)(CI)F"])
    except (OSError, KeyError, subprocess.SubprocessError) as error:
        raise SecretUnavailable(
            f"{folder} cannot be kept from other users ({type(error).__name__})",
            next_step="Keep secrets in the system's keyring, or in the memory.",
        ) from error
