"""Which place secrets are kept in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Optional

from ..storage import settings_folder
from .file_secrets import FileSecrets
from .keyring_secrets import WINDOWS_LONGEST, KeyringSecrets, system_keyring
from .secret_store import MemorySecrets, SecretStore


def open_secret_store(
    folder: Optional[Path] = None, find_keyring: Callable[[], Optional[Any]] = system_keyring
) -> SecretStore:
    """The file where a person chose it, else the system's keyring where there is a real one, else the memory."""
    file = file_of_secrets(folder or settings_folder())
    if file.exists:
        return file
    backend = find_keyring()
    if backend is None:
        return MemorySecrets()
    is_windows = type(backend).__module__.endswith(".Windows")
    return KeyringSecrets(backend, longest=WINDOWS_LONGEST if is_windows else None)


def file_of_secrets(folder: Path) -> FileSecrets:
    """The file in the settings folder, whether it exists or not."""
    return FileSecrets(folder / "secrets" / "secrets.json")
