"""The authentication methods of this user, in one file that several programs may change at the same time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Callable, Iterable, Optional, Tuple, TypeVar

from ..errors import AuthMethodInUse, AuthMethodNotFound, InvalidAuthMethod
from ..nodes.node import Node
from ..storage.folders import settings_folder
from ..storage.settings_file import DamagedFile, SettingsFile
from ..text import Text, choice_of
from .document import Document, Entry, format_document, parse_document
from .method import AuthMethod

FILE_NAME = "auth.json"
_Result = TypeVar("_Result")


class AuthMethodStore:
    """Methods in their order, names unique without regard to case. Any method raises StoreUnavailable.

    When a damaged file was found, ``set_aside`` says where it is now.
    """

    def __init__(self, path: Optional[Path] = None) -> None:
        self.path = path or settings_folder() / FILE_NAME
        self._file = SettingsFile(
            self.path, parse_document, format_document, empty=Document(), holds=Text("authentication methods")
        )

    @property
    def set_aside(self) -> Optional[DamagedFile]:
        return self._file.set_aside

    def methods(self) -> Tuple[AuthMethod, ...]:
        return tuple(entry.method for entry in self._file.read().entries if entry.method)

    def get(self, name_or_uid: str) -> AuthMethod:
        """Raises AuthMethodNotFound."""
        return _find(self.methods(), name_or_uid)

    def unusable(self) -> Tuple[Tuple[str, str], ...]:
        """Names and reasons of the methods in the file that this version cannot use; they stay in the file."""
        entries = self._file.read().entries
        return tuple((str(_field(entry.raw, "name")), entry.reason) for entry in entries if not entry.method)

    def add(self, method: AuthMethod) -> None:
        """Append a method. Raises InvalidAuthMethod when its name or its uid is taken."""

        def append(document: Document) -> Tuple[Document, None]:
            _check_free(method, document)
            if any(_field(entry.raw, "uid") == method.uid for entry in document.entries):
                raise InvalidAuthMethod(
                    Text("there is a method with the uid '{uid}' already", uid=method.uid), field="uid"
                )
            return replace(document, entries=(*document.entries, Entry(method))), None

        self._file.change(append)

    def update(self, name_or_uid: str, change: Callable[[AuthMethod], AuthMethod]) -> AuthMethod:
        """Replace a method by what ``change`` makes of it, under the lock; it keeps its uid.

        Raises AuthMethodNotFound, InvalidAuthMethod when the new name is taken, and what ``change`` raises.
        """

        def put(document: Document) -> Tuple[Document, AuthMethod]:
            before = _find(_methods(document), name_or_uid)
            after = replace(change(before), uid=before.uid)
            _check_free(after, document)
            entries = tuple(
                replace(entry, method=after) if entry.method == before else entry for entry in document.entries
            )
            return replace(document, entries=entries), after

        return self._file.change(put)

    def remove(self, name_or_uid: str, nodes: Iterable[Node]) -> AuthMethod:
        """Remove a method that none of ``nodes`` uses. Raises AuthMethodNotFound, AuthMethodInUse."""

        def without(document: Document) -> Tuple[Document, AuthMethod]:
            method = _find(_methods(document), name_or_uid)
            users = [node.name for node in nodes if node.authentication == method.uid]
            if users:
                names = ", ".join(f"'{name}'" for name in users)
                raise AuthMethodInUse(Text("'{name}' is the authentication of {names}", name=method.name, names=names))
            entries = tuple(entry for entry in document.entries if entry.method != method)
            return replace(document, entries=entries), method

        return self._file.change(without)


def _methods(document: Document) -> Tuple[AuthMethod, ...]:
    return tuple(entry.method for entry in document.entries if entry.method)


def _find(methods: Iterable[AuthMethod], name_or_uid: str) -> AuthMethod:
    wanted = " ".join(name_or_uid.split()).casefold()
    known = list(methods)
    for method in known:
        if method.uid == name_or_uid or method.name.casefold() == wanted:
            return method
    cause = Text("there is no authentication method '{name_or_uid}'", name_or_uid=name_or_uid)
    raise AuthMethodNotFound(cause, next_step=choice_of([method.name for method in known]))


def _check_free(method: AuthMethod, document: Document) -> None:
    for entry in document.entries:
        other = entry.method
        if other and other.uid != method.uid and other.name.casefold() == method.name.casefold():
            raise InvalidAuthMethod(
                Text("there is a method named '{name}' already", name=other.name),
                field="name",
                next_step="Choose another name.",
            )


def _field(raw: object, name: str) -> object:
    return raw.get(name, "") if isinstance(raw, dict) else ""
