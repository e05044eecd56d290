"""Sessions that stay warm between requests, each used by one caller at a time.

To cancel a search must end its request at once and nobody else's: a session is lent to one caller, and one that was
aborted is not lent again.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Callable, Dict, Iterator, List, Optional

from .dicomweb.pacer import Pacer
from .dicomweb.session import Session
from .nodes.node import Node
from .transfer.control import Control

_MOST_IDLE = 4  # of one node; what is given back beyond that is closed


class Sessions:
    """``open_session(node, pacer)`` makes a session; all sessions of a node share a pacer, so that they hold back
    together when its server is busy. Safe to use from several threads."""

    def __init__(self, open_session: Callable[[Node, Pacer], Session], make_pacer: Callable[[], Pacer]) -> None:
        self._open_session = open_session
        self._make_pacer = make_pacer
        self._lock = threading.Lock()
        self._idle: Dict[Node, List[Session]] = {}
        self._pacers: Dict[Node, Pacer] = {}

    @contextlib.contextmanager
    def lent(self, node: Node, control: Optional[Control] = None) -> Iterator[Session]:
        """A session for the ``with`` block. When ``control`` is cancelled, its requests end at once with Cancelled."""
        session = self._take(node)
        loan = _Loan(session)
        if control is not None:
            control.on_cancel(loan.abort)
        try:
            yield session
        finally:
            if loan.end():
                self._give_back(node, session)
            else:
                session.close()

    def close(self) -> None:
        """Close what is not lent."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for sessions in idle.values():
            for session in sessions:
                session.close()

    def _take(self, node: Node) -> Session:
        with self._lock:
            idle = self._idle.get(node)
            if idle:
                return idle.pop()
            pacer = self._pacers.setdefault(node, self._make_pacer())
        # Outside of the lock: a credential may have to be fetched.
        return self._open_session(node, pacer)

    def _give_back(self, node: Node, session: Session) -> None:
        with self._lock:
            idle = self._idle.setdefault(node, [])
            if len(idle) < _MOST_IDLE:
                idle.append(session)
                return
        session.close()


class _Loan:
    """Who cancels late must not abort a session that somebody else has by then."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._has_ended = False
        self._was_aborted = False

    def abort(self) -> None:
        with self._lock:
            if not self._has_ended:
                self._was_aborted = True
                self._session.abort()

    def end(self) -> bool:
        """Whether the session can be lent again."""
        with self._lock:
            self._has_ended = True
            return not self._was_aborted
