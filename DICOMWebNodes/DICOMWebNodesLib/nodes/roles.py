"""Which node is meant, and which one does what is asked: a node that searches may have another one that retrieves."""

from __future__ import annotations

from typing import Optional, Tuple, Union

from ..errors import UnsupportedService
from ..text import Text
from .node import Node
from .service_type import Usage
from .store import NodeStore

NodeName = Union[str, Node]


class Roles:
    """A node is given by name, uid, bare URL or value."""

    def __init__(self, nodes: NodeStore) -> None:
        self._nodes = nodes

    def resolve(self, node: NodeName) -> Node:
        """The node of that name, uid or URL. Raises :class:`~..errors.NodeNotFound`."""
        if isinstance(node, Node):
            return node
        if node.lower().startswith(("http://", "https://")):
            return self._nodes.node_from_url(node)
        return self._nodes.get(node)

    def offering(self, usage: Usage, node: NodeName) -> Node:
        """The same, when it is for that. Raises :class:`~..errors.UnsupportedService` too."""
        resolved = self.resolve(node)
        if not resolved.offers(usage):
            raise UnsupportedService(_cannot(usage, resolved.service_type.value), node=resolved.name)
        return resolved

    def of_retrieve(self, node: NodeName) -> Tuple[Optional[Node], Node]:
        """The node that knows what there is, if there is one, and the one that gives it. Raises as :meth:`offering`."""
        resolved = self.resolve(node)
        if resolved.offers(Usage.RETRIEVE):
            if resolved.offers(Usage.SEARCH):
                return resolved, resolved
            partners = (each for each in self._nodes.nodes() if each.retrieve_partner == resolved.uid)
            return next(partners, None), resolved
        if not resolved.retrieve_partner:
            raise UnsupportedService(
                _cannot(Usage.RETRIEVE, resolved.service_type.value),
                node=resolved.name,
                next_step="Edit the node and choose the node that retrieves what this one finds."
                if resolved.offers(Usage.SEARCH)
                else "",
            )
        return resolved, self.offering(Usage.RETRIEVE, resolved.retrieve_partner)


def _cannot(usage: Usage, service_type: str) -> Text:
    if usage is Usage.SEARCH:
        return Text("a node of type “{type}” cannot search", type=service_type)
    if usage is Usage.STORE:
        return Text("a node of type “{type}” cannot store", type=service_type)
    return Text("a node of type “{type}” cannot retrieve", type=service_type)
