"""One search over many nodes at once: whoever answers is heard, whoever fails is named, nobody holds up the others."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from dataclasses import dataclass
from typing import Deque, Iterator, Optional, Protocol, Sequence, Union

from ..dicomweb.dicom_json import Attributes
from ..dicomweb.query import Query
from ..dicomweb.result_pages import OnWarning
from ..errors import Cancelled, DICOMWebNodesError, TransferError
from ..nodes.node import Node
from ..text import Text
from ..transfer.control import Control

_MOST_WAITING = 2000  # events that nobody has taken yet; then the nodes wait
_LOOK = 0.2  # seconds; where a lock cannot be interrupted, Ctrl-C is seen after this time


@dataclass(frozen=True)
class Found:
    """One result of one node, which another node may have too."""

    node: Node
    attributes: Attributes


@dataclass(frozen=True)
class Warned:
    """``text``: of results that the node holds back, and what else its server warns of."""

    node: Node
    text: str


@dataclass(frozen=True)
class Ended:
    """A node has given ``count`` results: all, or with an ``error`` those that came before it."""

    node: Node
    count: int
    error: Optional[DICOMWebNodesError] = None


Event = Union[Found, Warned, Ended]


class Search(Protocol):
    """:meth:`.workspace.Workspace.search`."""

    def __call__(
        self, node: Node, query: Query, on_warning: Optional[OnWarning] = None, *, control: Optional[Control] = None
    ) -> Iterator[Attributes]: ...


def search_nodes(
    search: Search, nodes: Sequence[Node], query: Query, *, control: Optional[Control] = None
) -> Iterator[Event]:
    """What the nodes say, as it comes; each ends with one :class:`Ended`. A node that fails raises nothing.

    ``control`` cancels: every request ends, and the iterator raises :class:`~..errors.Cancelled`, both at once. To
    close the iterator before its end cancels too.
    """
    inner, mailbox = Control(), _Mailbox()
    inner.on_cancel(mailbox.close)
    if control is not None:
        control.on_cancel(inner.cancel)
    distinct = tuple({node.uid: node for node in nodes}.values())
    for node in distinct:
        threading.Thread(target=_search_one, args=(search, node, query, inner, mailbox), daemon=True).start()
    waiting = len(distinct)
    try:
        while waiting:
            event = mailbox.take()
            waiting -= isinstance(event, Ended)
            yield event
    finally:
        inner.cancel()


def _search_one(search: Search, node: Node, query: Query, control: Control, mailbox: _Mailbox) -> None:
    count, error = 0, None
    try:
        warn: OnWarning = lambda text: mailbox.put(Warned(node, text))  # noqa: E731
        for attributes in search(node, query, warn, control=control):
            mailbox.put(Found(node, attributes))
            count += 1
    except DICOMWebNodesError as failed:
        error = failed.about(node=node.name)
    except Exception as failed:  # a defect of ours costs one node, not all
        error = TransferError(
            Text("unexpected {kind}: {problem}", kind=type(failed).__name__, problem=failed), node=node.name
        )
        error.__cause__ = failed
    with contextlib.suppress(Cancelled):
        mailbox.put(Ended(node, count, error))


class _Mailbox:
    """Events of many threads for one; a full one makes them wait. Once it is closed, both sides get Cancelled."""

    def __init__(self) -> None:
        self._events: Deque[Event] = deque()
        self._changed = threading.Condition()
        self.is_closed = False

    def put(self, event: Event) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed or len(self._events) < _MOST_WAITING)
            self._check()
            self._events.append(event)
            self._changed.notify_all()

    def take(self) -> Event:
        with self._changed:
            while not (self.is_closed or self._events):
                self._changed.wait(_LOOK)
            self._check()
            event = self._events.popleft()
            if len(self._events) == _MOST_WAITING - 1:
                self._changed.notify_all()
            return event

    def close(self) -> None:
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def _check(self) -> None:
        if self.is_closed:
            raise Cancelled("it was cancelled")
