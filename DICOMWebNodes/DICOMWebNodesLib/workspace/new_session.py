"""A new session with a node: with its server's profile, what signs, and what is known of the server already."""

from __future__ import annotations

import threading
from typing import Callable, Dict, Optional

from ..auth.credentials import Credential
from ..dicomweb.findings import Findings
from ..dicomweb.findings_store import FILE_NAME, FindingsStore
from ..dicomweb.pacer import Pacer
from ..dicomweb.profile import profile_for
from ..dicomweb.session import Session
from ..dicomweb.token_bucket import TokenBucket
from ..nodes.node import Node
from ..nodes.store import NodeStore


class NewSession:
    """``credentials`` gives what signs a node's requests. All sessions with one URL share its server's rate limit."""

    def __init__(self, nodes: NodeStore, credentials: Callable[[Node], Optional[Credential]]) -> None:
        self._credentials = credentials
        self._findings = FindingsStore(nodes.path.with_name(FILE_NAME))
        self._buckets: Dict[str, TokenBucket] = {}
        self._lock = threading.Lock()

    def __call__(self, node: Node, pacer: Pacer) -> Session:
        """Raises what ``credentials`` does."""
        profile = profile_for(node)
        with self._lock:
            bucket = self._buckets.setdefault(node.url, profile.bucket())
        credential = self._credentials(node)
        return Session(node, credential, profile=profile, pacer=pacer, findings=self.known_of(node), bucket=bucket)

    def known_of(self, node: Node) -> Findings:
        """What was found out about the node's server, by other programs too; a warm session is to know it as well."""
        return self._findings.of(node.url)
