"""The connections under a session: known one by one, so that another thread can end them.

requests has no way to end a request that waits in ``recv``; a cancelled transfer must not wait for a time-out.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import weakref
from typing import Any, Dict, Mapping, Tuple, Type

import urllib3  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from ..proxy import ProxiedAdapter, pools_of
from ..punctual_tls import PunctualHTTPSConnection
from .connecting import connected
from .prompt_reads import PromptResponse

_MOST_POOLS = 8  # origins that are remembered; a node has one, and few others that it redirects to


class OpenSockets:
    """The sockets that are open now."""

    def __init__(self) -> None:
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._of_threads: weakref.WeakValueDictionary[int, socket.socket] = weakref.WeakValueDictionary()
        self._lock = threading.Lock()
        self._are_over = False

    def begin(self, unconnected: socket.socket) -> None:
        """One that connects now. Raises ConnectionAbortedError after :meth:`shut_down`."""
        with self._lock:
            if self._are_over:
                raise ConnectionAbortedError("it was cancelled")
            self._sockets.add(unconnected)
        self.use(unconnected)

    def add(self, opened: socket.socket) -> None:
        """One that shakes hands, or has done so, when the others are ended is ended too."""
        with self._lock:
            self._sockets.add(opened)
            if self._are_over:
                _end(opened)
        self.use(opened)

    def use(self, opened: socket.socket) -> None:
        """The thread that calls has a conversation over it now."""
        self._of_threads[threading.get_ident()] = opened

    def shut_down_of(self, thread: int) -> None:
        """End the conversation of one thread."""
        opened = self._of_threads.pop(thread, None)
        if opened is not None:
            _end(opened)

    def forget_of(self, thread: int) -> None:
        """Its conversation is over."""
        self._of_threads.pop(thread, None)

    def shut_down(self) -> None:
        """End every conversation, now and later; whoever waits in ``recv`` or ``send`` gets an error or an end."""
        with self._lock:
            self._are_over = True
            for each in list(self._sockets):
                _end(each)


def _end(opened: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        # Not as ssl.SSLSocket does it: whoever reads meanwhile would be given what is encrypted, as if it were not.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
    if sys.platform == "win32":
        # There it need not wake whoever waits; that the socket goes does. Its close() would wait for the response's.
        with contextlib.suppress(OSError):
            socket.close(opened.detach())


class Wire(ProxiedAdapter):
    """A requests transport whose sockets are known to ``sockets``."""

    def __init__(self, sockets: OpenSockets, proxy_authorizations: Mapping[str, str], **options: Any) -> None:
        self._pools: Dict[Tuple[Any, ...], Any] = {}
        super().__init__(proxy_authorizations, pool_classes=_pool_classes(sockets), **options)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        """Looked up once for an origin: what a node wants of its connections does not change."""
        key = (*request.url.split("/", 3)[:3], verify, cert)
        pool = self._pools.get(key)
        if pool is None or pool.pool is None:  # closed for want of room
            if len(self._pools) >= _MOST_POOLS:
                self._pools.clear()
            pool = self._pools[key] = super().get_connection_with_tls_context(request, verify, proxies, cert)
        return pool

    def forget_proxies(self) -> None:
        """What they were told is looked up again at the next request."""
        self.proxy_manager.clear()
        self._pools.clear()


def _pool_classes(sockets: OpenSockets) -> Dict[str, Type[HTTPConnectionPool]]:
    """urllib3's pools, with connections that report their socket."""

    class KnownHTTPConnection(HTTPConnection):
        response_class = PromptResponse

        def _new_conn(self) -> socket.socket:
            return connected(self, sockets.begin)

        def putrequest(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is not None:  # warm; otherwise it connects later
                sockets.use(self.sock)
            super().putrequest(*args, **kwargs)

    class KnownHTTPSConnection(PunctualHTTPSConnection):
        response_class = PromptResponse

        def reach(self) -> socket.socket:
            return connected(self, sockets.begin)

        def _new_conn(self) -> socket.socket:
            made = super()._new_conn()
            if self.same is not None:
                sockets.add(self.same)
            return made

        def reached(self) -> None:
            # TLS inside of TLS is no socket; what it goes over is.
            sockets.add(getattr(self.sock, "socket", self.sock))

        def putrequest(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is not None:  # warm; otherwise it connects later
                sockets.use(getattr(self.sock, "socket", self.sock))
            super().putrequest(*args, **kwargs)

    return pools_of(KnownHTTPConnection, KnownHTTPSConnection)
