"""What signs the requests of a node, kept as long as what it is made of."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ..errors import DICOMWebNodesError
from ..nodes.headers import is_secret_name
from ..nodes.node import Node
from .credentials import Credential, HeaderAuth
from .method import AuthMethod
from .node_credential import NodeCredential
from .node_secrets import NodeSecrets, key_of
from .plain_http import check_plain_http
from .proxy_credential import ProxyCredential
from .signers import Signers


class NodeSigning:
    """``method_and_secret`` gives both of the uid of an authentication method. Safe to use from several threads."""

    def __init__(
        self, of_nodes: NodeSecrets, signers: Signers, method_and_secret: Callable[[str], Tuple[AuthMethod, str]]
    ) -> None:
        self._of_nodes = of_nodes
        self._signers = signers
        self._method_and_secret = method_and_secret
        self._lock = threading.Lock()
        self._made: Dict[str, Tuple[Any, Credential]] = {}  # by the uid of a method, or key_of

    def credential_for(
        self, node: Node, typed: Optional[Mapping[str, str]] = None, proxy_password: str = ""
    ) -> Optional[Credential]:
        """What signs the node's requests, and what its proxy is told; None when nothing is.

        ``typed``: values of secret headers in the place of those that are kept, and ``proxy_password``, of a node that
        somebody is editing. Raises PlainHTTPRefused, AuthMethodNotFound, SecretUnavailable, PackageMissing. Whether
        somebody is signed in shows when a request is signed: SignInRequired is raised then.
        """
        return self.through_proxy(node, self._signer_for(node, typed), proxy_password)

    def through_proxy(self, node: Node, signer: Optional[Credential], proxy_password: str = "") -> Optional[Credential]:
        """``signer``, with what the node's proxy is told; the password that is kept, unless there is another one."""
        if not node.proxy_user:
            return signer
        return ProxyCredential(node.proxy_user, lambda: proxy_password or self._of_nodes.proxy_password(node), signer)

    def forget(self, key: str) -> None:
        """``key``: the uid of a method, or :func:`.node_secrets.key_of` a node."""
        with self._lock:
            self._made.pop(key, None)

    def _signer_for(self, node: Node, typed: Optional[Mapping[str, str]]) -> Optional[Credential]:
        has_secret_header = bool(node.secret_headers) or any(is_secret_name(name) for name, _ in node.headers)
        if node.authentication or has_secret_header:
            check_plain_http(node)
        if not node.authentication and not node.secret_headers:
            return None
        try:
            self._parts(node, typed, anew=True)
        except DICOMWebNodesError as error:
            raise error.about(node=node.name) from error.__cause__
        return NodeCredential(node.name, lambda anew: self._parts(node, typed, anew))

    def _parts(self, node: Node, typed: Optional[Mapping[str, str]], anew: bool) -> Sequence[Credential]:
        parts: List[Credential] = []
        if node.secret_headers and typed:
            kept = {name: self._of_nodes.header(node, name) for name in node.secret_headers if name not in typed}
            parts.append(HeaderAuth({**kept, **typed}))
        elif node.secret_headers:
            parts.append(self._kept(key_of(node), anew, lambda: self._headers_of(node), HeaderAuth))
        if node.authentication:  # last: it may sign what is above
            uid = node.authentication
            parts.append(self._kept(uid, anew, lambda: self._method_and_secret(uid), self._make_signer))
        return parts

    def _kept(self, key: str, anew: bool, read: Callable[[], Any], make: Callable[[Any], Credential]) -> Credential:
        """The credential made before; ``anew``: unless what it is made of has changed in the stores since."""
        with self._lock:
            known = self._made.get(key)
        if known is not None and not anew:
            return known[1]
        material = read()
        if known is not None and known[0] == material:
            return known[1]
        made = make(material)
        with self._lock:
            self._made[key] = (material, made)
        return made

    def _make_signer(self, material: Tuple[AuthMethod, str]) -> Credential:
        return self._signers.make(*material)

    def _headers_of(self, node: Node) -> Dict[str, str]:
        return {name: self._of_nodes.header(node, name) for name in node.secret_headers}
