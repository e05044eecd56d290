"""What lists the instances that a node gives: the node itself, or the one whose results it retrieves."""

from __future__ import annotations

import contextlib
from typing import Iterable, Iterator, Optional, Tuple

from ..dicomweb.names import name_of
from ..dicomweb.qido_rs import QidoRS
from ..dicomweb.resource import Level, Resource
from ..dicomweb.session import Session
from ..nodes.node import Node
from ..nodes.service_type import ServiceType
from ..text import Text
from ..transfer.catalogue import unlisted
from ..transfer.control import Control
from .sessions import Sessions


@contextlib.contextmanager
def lent_with_list(
    sessions: Sessions, search_node: Optional[Node], retrieve_node: Node, control: Optional[Control]
) -> Iterator[Tuple[Session, Optional[QidoRS]]]:
    """A session with what retrieves, and what lists for it; None when nothing does."""
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(sessions.lent(retrieve_node, control))
        if search_node is None:
            yield session, own_list(session)
        else:
            yield session, QidoRS(stack.enter_context(sessions.lent(search_node, control)))


def own_list(session: Session) -> Optional[QidoRS]:
    """What a node that only retrieves may list all the same, when it gives no larger piece: at the same address."""
    return QidoRS(session) if session.node.service_type is ServiceType.WADO_RS else None


def refuse_what_nothing_lists(search_node: Optional[Node], retrieve_node: Node, resources: Iterable[Resource]) -> None:
    """Raises UnsupportedService for a series or study of a node that gives single instances, and has no list."""
    if search_node is not None or retrieve_node.service_type is not ServiceType.WADO_URI:
        return
    for resource in resources:
        if resource.level is not Level.INSTANCE:
            raise unlisted(resource).about(
                node=retrieve_node.name, asked=Text("retrieve {resource}", resource=name_of(resource))
            )
