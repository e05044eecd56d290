"""What a command works with: its arguments, the console, the nodes, and a workspace when it needs the network."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Mapping, Optional

from ..nodes.store import FILE_NAME, NodeStore
from ..storage.folders import settings_folder
from .console import Console

if TYPE_CHECKING:
    from ..auth.authentication import Authentication
    from ..auth.credentials import Credential
    from ..auth.secret_store import SecretStore
    from ..nodes.node import Node
    from ..workspace import Workspace

Credentials = Callable[["Node"], Optional["Credential"]]
OpenWorkspace = Callable[[NodeStore, Credentials], "Workspace"]


class Context:
    """One run of a command. The store is read and the network is touched only when they are asked for."""

    def __init__(
        self,
        args: Namespace,
        console: Console,
        environ: Mapping[str, str],
        open_workspace: OpenWorkspace,
        secrets: Optional[SecretStore] = None,
    ) -> None:
        self.args = args
        self.console = console
        self.environ = environ
        self._open_workspace = open_workspace
        self._secrets = secrets
        self._nodes: Optional[NodeStore] = None
        self._authentication: Optional[Authentication] = None

    @property
    def settings_folder(self) -> Path:
        return settings_folder(self.environ)

    @property
    def nodes(self) -> NodeStore:
        if self._nodes is None:
            self._nodes = NodeStore(self.settings_folder / FILE_NAME)
        return self._nodes

    @property
    def authentication(self) -> Authentication:
        """Authentication methods and secrets; opens the system's keyring, if there is one."""
        if self._authentication is None:
            from ..auth.authentication import Authentication

            self._authentication = Authentication(
                self.settings_folder,
                secrets=self._secrets,
                nodes=lambda: self.nodes.nodes(),
                environ=self.environ,
            )
        return self._authentication

    def resolve(self, node: str) -> Node:
        """The node of that name, uid or URL. Raises NodeNotFound, InvalidURL."""
        if node.lower().startswith(("http://", "https://")):
            return self.nodes.node_from_url(node)
        return self.nodes.get(node)

    def workspace(self) -> Workspace:
        """For the node in ``args.node``, signing as the options say; to be used in a ``with``."""
        from .credential_options import credentials_of

        return self.workspace_as(credentials_of(self))

    def workspace_as(self, credentials: Credentials) -> Workspace:
        """With ``credentials`` for each node; to be used in a ``with``."""
        return self._open_workspace(self.nodes, credentials)

    def note_error(self, error: Exception) -> None:
        """Keep it for ``diagnostics``."""
        from ..last_errors import LastErrors

        LastErrors(self.settings_folder).note(error)

    def report_damage(self) -> None:
        """Say that a damaged settings file was set aside, if that happened."""
        nodes = self._nodes.set_aside if self._nodes else None
        methods = self._authentication.methods.set_aside if self._authentication else None
        for damaged in filter(None, (nodes, methods)):
            self.console.warn(str(damaged))
