"""What a node has of secrets itself: the values of its secret headers, and the password for its proxy."""

from __future__ import annotations

from typing import Iterator, Optional

from ..errors import SecretUnavailable
from ..nodes.node import Node
from ..text import Text
from .credentials import HeaderAuth
from .secret_store import SecretStore


class NodeSecrets:
    """Kept under the node's uid: they stay on this computer when the node is mailed."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets

    def header(self, node: Node, name: str) -> str:
        """Raises SecretUnavailable."""
        return self._known(
            _header_key(node, name), Text("the value of the header '{name}' is not kept here", name=name)
        )

    def set_header(self, node: Node, name: str, value: str) -> None:
        """ "" forgets it. Raises InvalidHeader."""
        HeaderAuth({name: value})
        self._set(_header_key(node, name), value)

    def proxy_password(self, node: Node) -> str:
        """Raises SecretUnavailable."""
        cause = Text(
            "the password of '{user}' for the proxy {proxy} is not kept here", user=node.proxy_user, proxy=node.proxy
        )
        return self._known(_proxy_key(node), cause)

    def set_proxy_password(self, node: Node, password: str) -> None:
        """ "" forgets it."""
        self._set(_proxy_key(node), password)

    def forget(self, before: Node, after: Optional[Node] = None) -> None:
        """What ``before`` had and ``after`` has not, or all of a node that is gone. A password for one proxy is not
        told to another one."""
        kept = {name.lower() for name in after.secret_headers} if after is not None else set()
        for name in before.secret_headers:
            if name.lower() not in kept:
                self._set(_header_key(before, name), "")
        if before.proxy_user and (
            after is None or (before.proxy, before.proxy_user) != (after.proxy, after.proxy_user)
        ):
            self._set(_proxy_key(before), "")

    @staticmethod
    def keys(node: Node) -> Iterator[str]:
        for name in node.secret_headers:
            yield _header_key(node, name)
        if node.proxy_user:
            yield _proxy_key(node)

    def _known(self, key: str, cause: str) -> str:
        value = self._secrets.get(key)
        if not value:
            raise SecretUnavailable(cause, next_step="Edit the node and give it again.")
        return value

    def _set(self, key: str, value: str) -> None:
        self._secrets.set(key, value) if value else self._secrets.delete(key)


def key_of(node: Node) -> str:
    """Of all that is the node's own."""
    return f"node/{node.uid}"  # no method has a slash in its uid


def _header_key(node: Node, name: str) -> str:
    return f"{key_of(node)}/header/{name.lower()}"


def _proxy_key(node: Node) -> str:
    return f"{key_of(node)}/proxy"
