"""Which place secrets are kept in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Iterable, Optional

from ..errors import SecretUnavailable
from ..storage.folders import settings_folder
from .file_secrets import FileSecrets
from .keyring_secrets import WINDOWS_LONGEST, KeyringSecrets, system_keyring
from .secret_store import MemorySecrets, MovableSecrets, SecretStore


def open_secret_store(
    folder: Optional[Path] = None, find_keyring: Callable[[], Optional[Any]] = system_keyring
) -> SecretStore:
    """The file where a person chose it, else the system's keyring where there is a real one, else the memory."""
    file = file_of_secrets(folder or settings_folder())
    return file if file.exists else _without_file(find_keyring)


def _without_file(find_keyring: Callable[[], Optional[Any]] = system_keyring) -> SecretStore:
    backend = find_keyring()
    if backend is None:
        return MemorySecrets()
    is_windows = type(backend).__module__.endswith(".Windows")
    return KeyringSecrets(backend, longest=WINDOWS_LONGEST if is_windows else None)


def move_secrets(secrets: MovableSecrets, keys: Iterable[str], folder: Path, to_file: bool) -> None:
    """Move what is kept under ``keys`` into the file in the settings folder, or out of it.

    Raises SecretUnavailable; then it is where it was.
    """
    file = file_of_secrets(folder)
    if file.exists is to_file:
        return
    if to_file:
        file.create()
    try:
        secrets.move_to(file if to_file else _without_file(), keys)
    except SecretUnavailable:
        if to_file:
            file.remove()
        raise
    if not to_file:
        file.remove()


def file_of_secrets(folder: Path) -> FileSecrets:
    """The file in the settings folder, whether it exists or not."""
    return FileSecrets(folder / "secrets" / "secrets.json")
