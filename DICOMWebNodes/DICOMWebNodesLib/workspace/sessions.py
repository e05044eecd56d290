"""Sessions that stay warm between requests and transfers, each used by one caller at a time.

To cancel a search must end its request at once and nobody else's: a session is lent to one caller, and one that was
aborted is not lent again.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import weakref
from typing import Callable, Dict, Iterable, Iterator, List, Mapping, Optional

from ..dicomweb.interruptions import Unwanted
from ..dicomweb.pacer import Pacer
from ..dicomweb.session import Session
from ..nodes.node import Node
from ..transfer.control import Control

# What is given back beyond these is closed: of one node, and of all, whose least recently used goes.
_MOST_IDLE, _MOST_IDLE_OF_ALL = 8, 32


class Sessions:
    """``open_session(node, pacer)`` makes a session; all sessions of a node share a pacer, so that they hold back
    together when its server is busy. ``on_loan(node)`` is called before each loan. Safe to use from several threads.

    A forked process begins anew: two that read from one connection would get each other's answers.
    """

    def __init__(
        self,
        open_session: Callable[[Node, Pacer], Session],
        make_pacer: Callable[[], Pacer],
        on_loan: Callable[[Node], object] = lambda node: None,
    ) -> None:
        self._open_session = open_session
        self._make_pacer = make_pacer
        self._on_loan = on_loan
        self._begin()
        _OF_THIS_PROCESS.add(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._idle: Dict[Node, List[Session]] = {}
        self._pacers: Dict[Node, Pacer] = {}

    @contextlib.contextmanager
    def lent(self, node: Node, control: Optional[Control] = None) -> Iterator[Session]:
        """A session for the ``with`` block. When ``control`` is cancelled, its requests end at once with Cancelled."""
        with self.loan(node) as loan:
            if control is not None:
                control.on_cancel(loan.abort)
            yield loan.session

    @contextlib.contextmanager
    def loan(self, node: Node, pacer: Optional[Pacer] = None) -> Iterator[Loan]:
        """The same for whoever aborts it by himself. ``pacer``: in the place of the one of all others."""
        self._on_loan(node)
        session = self._take(node)
        if pacer is not None:
            session.pace(pacer)
        loan, process = Loan(session), os.getpid()
        try:
            yield loan
        finally:
            if loan.end() and os.getpid() == process:
                session.pace(self._pacer_of(node))
                self._give_back(node, session)
            else:
                session.close()

    @contextlib.contextmanager
    def loans(self, nodes: Iterable[Node], pacer: Pacer) -> Iterator[Loans]:
        """One for each of ``nodes``, together."""
        with contextlib.ExitStack() as stack:
            yield Loans({node: stack.enter_context(self.loan(node, pacer)) for node in dict.fromkeys(nodes)})

    def close(self) -> None:
        """Close what is not lent."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for sessions in idle.values():
            for session in sessions:
                session.close()

    def _take(self, node: Node) -> Session:
        with self._lock:
            idle = self._idle.pop(node, None)
            if idle:
                self._idle[node] = idle  # behind all others: it is used now
                return idle.pop()
        # Outside of the lock: a credential may have to be fetched.
        return self._open_session(node, self._pacer_of(node))

    def _pacer_of(self, node: Node) -> Pacer:
        with self._lock:
            return self._pacers.setdefault(node, self._make_pacer())

    def _give_back(self, node: Node, session: Session) -> None:
        with self._lock:
            idle = self._idle.pop(node, [])
            self._idle[node] = idle
            idle.append(session)
            closed = self._one_too_many(idle)
        if closed is not None:
            closed.close()

    def _one_too_many(self, idle: List[Session]) -> Optional[Session]:
        if len(idle) > _MOST_IDLE:
            return idle.pop(0)
        if sum(map(len, self._idle.values())) > _MOST_IDLE_OF_ALL:
            return next(sessions for sessions in self._idle.values() if sessions).pop(0)
        return None


class Loan:
    """``session`` until it is given back. Who cancels late must not abort it when somebody else has it by then."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lock = threading.Lock()
        self._has_ended = False

    def abort(self) -> None:
        with self._lock:
            if not self._has_ended:
                self.session.abort()

    def end(self) -> bool:
        """Whether the session can be lent again."""
        with self._lock:
            self._has_ended = True
            return not self.session.was_aborted


class Loans:
    """The sessions of one transfer, by their nodes."""

    def __init__(self, loans: Mapping[Node, Loan]) -> None:
        self._loans = loans

    def of(self, node: Node) -> Session:
        return self._loans[node].session

    def abort(self) -> None:
        for loan in self._loans.values():
            loan.abort()

    def interrupt(self) -> None:
        for loan in self._loans.values():
            loan.session.interrupt()

    @contextlib.contextmanager
    def while_wanted(self, unwanted: Unwanted) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for loan in self._loans.values():
                stack.enter_context(loan.session.while_wanted(unwanted))
            yield


_OF_THIS_PROCESS: weakref.WeakSet[Sessions] = weakref.WeakSet()


def _begin_anew() -> None:
    """In a process that was just forked: with new locks too, as others may have been held by threads that are gone."""
    for sessions in tuple(_OF_THIS_PROCESS):
        sessions._begin()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_begin_anew)
