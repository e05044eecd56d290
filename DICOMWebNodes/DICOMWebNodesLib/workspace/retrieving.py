"""One retrieve, put together: the sessions of its nodes, what lists, what gives, and how many requests run at once."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Callable, Iterator, Optional

from ..dicomweb.pacer import Pacer
from ..dicomweb.qido_rs import QidoRS
from ..dicomweb.wado_rs import WadoRS
from ..dicomweb.wado_uri import Addressing, WadoURI
from ..nodes.node import Node
from ..nodes.service_type import ServiceType
from ..transfer.account import Listener
from ..transfer.catalogue import Catalogue
from ..transfer.concurrency import Concurrency
from ..transfer.control import Control
from ..transfer.engine import Inventory, Transfer
from ..transfer.folder import InstanceFolder
from ..transfer.source import Source
from .lists import own_list
from .sessions import Sessions


@contextlib.contextmanager
def prepared_transfer(
    sessions: Sessions,
    search_node: Optional[Node],
    retrieve_node: Node,
    output: Path,
    *,
    make_pacer: Callable[..., Pacer],
    connections: int,
    addressing: Optional[Addressing],
    listener: Listener,
    control: Control,
    inventory: Optional[Inventory],
    verify: bool,
) -> Iterator[Transfer]:
    """A transfer that can be run within the ``with`` block, as long as its sessions are lent.

    ``search_node`` lists what ``retrieve_node`` gives, None where nothing does; ``make_pacer`` is given ``on_busy``, to
    be called when a server complains of too much at once. The others are :meth:`.workspace.Workspace.retrieve`'s.
    """
    concurrency = Concurrency(most=connections)
    pacer = make_pacer(on_busy=concurrency.complained)
    with sessions.loans((retrieve_node, search_node or retrieve_node), pacer) as loans:
        fetch = loans.of(retrieve_node)
        search = QidoRS(loans.of(search_node)) if search_node is not None else None
        wado = None if retrieve_node.service_type is ServiceType.WADO_URI else WadoRS(fetch)
        source: Source = wado or WadoURI(fetch, addressing)
        yield Transfer(
            source,
            Catalogue(search, wado, own_list(fetch)),
            InstanceFolder(output),
            listener=listener,
            control=control,
            inventory=inventory,
            abort=loans.abort,
            interrupt=loans.interrupt,
            while_wanted=loans.while_wanted,
            pacer=pacer,
            concurrency=concurrency,
            verify=verify,
        )
