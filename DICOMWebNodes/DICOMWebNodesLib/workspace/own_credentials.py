"""What signs the requests of nodes whose methods and secrets are kept beside them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Optional

from ..auth.credentials import Credential
from ..nodes.node import Node
from ..nodes.store import NodeStore

if TYPE_CHECKING:
    from ..auth.authentication import Authentication


class OwnCredentials:
    """Signs as each node says. Opens no keyring before the first node that signs anything. Safe from any thread."""

    def __init__(self, nodes: NodeStore) -> None:
        self._nodes = nodes
        self._authentication: Optional[Authentication] = None
        self._lock = threading.Lock()

    def __call__(self, node: Node) -> Optional[Credential]:
        """Raises as :meth:`..auth.authentication.Authentication.credential_for`."""
        if not (node.authentication or node.secret_headers or node.headers or node.proxy_user):
            return None
        return self._opened().credential_for(node)

    def _opened(self) -> Authentication:
        from ..auth.authentication import Authentication

        with self._lock:
            if self._authentication is None:
                self._authentication = Authentication(self._nodes.path.parent, nodes=self._nodes.nodes)
            return self._authentication
