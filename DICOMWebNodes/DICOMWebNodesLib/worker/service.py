"""What the methods work on: nodes, authentication and a workspace, each made when it is first needed."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping, Optional, Sequence, Tuple

from ..errors import InvalidValue
from ..last_errors import LastErrors
from ..logs import LEVELS, set_level
from ..nodes.store import FILE_NAME, NodeStore
from ..text import Text
from .methods import Method
from .opened_manifests import PREFIX, OpenedManifests

if TYPE_CHECKING:
    from ..auth.authentication import Authentication
    from ..auth.secret_store import MovableSecrets
    from ..dicomweb.resource import Resource
    from ..dicomweb.wado_uri import Addressing
    from ..nodes.node import Node
    from ..pictures.cache import PreviewCache
    from ..workspace import Workspace
    from .methods import NodeReference


DEFAULT_CONNECTIONS = 16
DEFAULT_PREVIEWS = 64_000_000  # bytes
MOST_CONNECTIONS = 32


class Service:
    """The library behind the worker's methods. ``folder`` is that of the settings; ``cache``: for previews, if any."""

    def __init__(self, folder: Path, cache: Optional[Path] = None) -> None:
        self.folder = folder
        self._cache = cache
        self.manifests = OpenedManifests()
        self.nodes = NodeStore(folder / FILE_NAME)
        self.last_errors = LastErrors(folder)
        self._previews: Tuple[Optional[Path], int] = cache, DEFAULT_PREVIEWS
        self.connections = DEFAULT_CONNECTIONS
        self._importing = threading.Lock()  # Python gives one of two threads that import at once an unfinished module
        self._lock = threading.Lock()  # of the workspace; never held while anything is waited for
        self._workspace: Optional[Workspace] = None
        self._opening = threading.Lock()  # of what follows: a key ring may ask a person first
        self._secrets: Optional[MovableSecrets] = None
        self._authentication: Optional[Authentication] = None

    def configure(
        self,
        _: None,
        *,
        log_level: str = "",
        connections: int = 0,
        preview_bytes: Optional[int] = None,
        preview_folder: str = "",
    ) -> None:
        """How to work from now on; "", 0 and null: as before, but "" as a folder is the one of this service.

        ``connections``: requests of one transfer side by side; ``preview_bytes``: how much disk space previews may
        take, 0 for none. Raises InvalidValue.
        """
        if log_level:
            if log_level not in LEVELS:
                raise InvalidValue(Text("the log level is {log_level!r}", log_level=log_level), field="log_level")
            set_level(log_level)
        if connections:
            self.connections = checked_connections(connections)
        if preview_bytes is not None:
            with self._lock:
                self._previews = Path(preview_folder) if preview_folder else self._cache, preview_bytes
                if self._workspace is not None:
                    self._workspace.previews = self.previews

    @property
    def previews(self) -> Optional[PreviewCache]:
        """Where previews are kept; None: nowhere."""
        from ..pictures.cache import PreviewCache

        folder, limit = self._previews
        return PreviewCache(folder, limit) if folder is not None and limit > 0 else None

    def methods(self) -> Dict[str, Method]:
        from . import (
            auth_methods,
            image_methods,
            manifest_methods,
            node_methods,
            own_methods,
            provider_methods,
            search_methods,
            transfer_methods,
        )

        modules = (
            *(node_methods, auth_methods, provider_methods),
            *(search_methods, image_methods, manifest_methods, transfer_methods, own_methods),
        )
        return {name: method for module in modules for name, method in module.methods(self).items()}

    def warm_up(self) -> None:
        """Import what the first search and the first import need, while the person is still choosing a node."""
        with contextlib.suppress(Exception):  # the first request that needs it tells why not
            _ = self.workspace
            with self._importing:
                from ..auth import authentication  # noqa: F401

    @property
    def authentication(self) -> Authentication:
        with self._opening:
            return self._opened_authentication()

    @property
    def workspace(self) -> Workspace:
        with self._lock:
            if self._workspace is None:
                with self._importing:
                    from ..workspace import Workspace

                self._workspace = Workspace(
                    self.nodes, lambda node: self.authentication.credential_for(node), previews=self.previews
                )
            return self._workspace

    def workspace_once(self, typed: Mapping[str, str], proxy_password: str = "") -> Workspace:
        """For a node that is being edited, with the values ``typed`` for its secret headers and the password for its
        proxy; nothing of it stays."""
        from ..workspace import Workspace

        authentication = self.authentication
        return Workspace(self.nodes, lambda node: authentication.credential_for(node, typed, proxy_password))

    @property
    def has_file_of_secrets(self) -> bool:
        from ..auth.open_secrets import file_of_secrets

        return file_of_secrets(self.folder).exists

    def keep_secrets_in_file(self, yes: bool) -> None:
        """Move them there, or to where they are kept without it. Raises SecretUnavailable."""
        from ..auth.open_secrets import move_secrets

        with self._opening:
            move_secrets(self._opened_secrets(), self._opened_authentication().keys(), self.folder, yes)

    def wanted(self, reference: NodeReference, resources: Sequence[Resource]) -> Tuple[List[Resource], Addressing]:
        """What is to be retrieved of ``resources``, and how it is addressed: a manifest may name single instances."""
        from ..dicomweb.wado_uri import Addressing

        if not (isinstance(reference, str) and reference.startswith(PREFIX)):
            return list(resources), Addressing()
        addressing = self.manifests.get(reference).part.addressing
        return self.manifests.within(reference, resources), addressing

    def node(self, reference: NodeReference) -> Node:
        """Raises NodeNotFound, InvalidNode, InvalidURL."""
        if isinstance(reference, dict):
            from .values import node_from_dict

            return node_from_dict(reference)
        if reference.startswith(PREFIX):
            return self.manifests.get(reference).node
        if reference.lower().startswith(("http://", "https://")):
            return self.nodes.node_from_url(reference)
        return self.nodes.get(reference)

    @property
    def secrets(self) -> MovableSecrets:
        """Where this worker keeps secrets."""
        with self._opening:
            return self._opened_secrets()

    def _opened_secrets(self) -> MovableSecrets:
        if self._secrets is None:
            with self._importing:
                from ..auth.open_secrets import open_secret_store
                from ..auth.secret_store import MovableSecrets

            self._secrets = MovableSecrets(open_secret_store(self.folder))
        return self._secrets

    def _opened_authentication(self) -> Authentication:
        if self._authentication is None:
            with self._importing:
                from ..auth.authentication import Authentication

            self._authentication = Authentication(self.folder, secrets=self._opened_secrets(), nodes=self.nodes.nodes)
        return self._authentication


def checked_connections(number: int) -> int:
    """Raises InvalidValue."""
    if not 1 <= number <= MOST_CONNECTIONS:
        raise InvalidValue(
            Text("{number} connections", number=number),
            field="connections",
            next_step=Text("Give 1 to {most_connections}.", most_connections=MOST_CONNECTIONS),
        )
    return number
