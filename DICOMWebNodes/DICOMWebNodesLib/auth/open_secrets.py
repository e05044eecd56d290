"""Which place secrets are kept in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Optional

from ..errors import SecretUnavailable
from ..storage import settings_folder
from .file_secrets import FileSecrets
from .keyring_secrets import WINDOWS_LONGEST, KeyringSecrets, system_keyring
from .secret_store import MemorySecrets, SecretStore

if TYPE_CHECKING:
    from .authentication import Authentication


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


def move_secrets(authentication: Authentication, folder: Path, to_file: bool) -> Authentication:
    """Move all secrets into the file or out of it; returns what finds them in their new place.

    Raises SecretUnavailable; then they are where they were.
    """
    file = file_of_secrets(folder)
    if file.exists is to_file:
        return authentication
    if to_file:
        file.create()
    target: SecretStore = file if to_file else _without_file()
    try:
        moved = authentication.moved_to(target)
    except SecretUnavailable:
        if to_file:
            file.remove()
        raise
    if to_file:
        authentication.forget_secrets()
    else:
        file.remove()
    return moved


def file_of_secrets(folder: Path) -> FileSecrets:
    """The file in the settings folder, whether it exists or not."""
    return FileSecrets(folder / "secrets" / "secrets.json")
