"""Connections with TLS that are made within a time, whatever comes on the way there.

Python counts the time-out of a socket for a handshake as a whole (ssl.SSLSocket.do_handshake). The handshake of TLS
inside of TLS, which a proxy needs that is talked to over TLS itself, is urllib3's own: each piece has the time-out anew
there, and a server that sends one now and then would never meet it. The same goes for a record of TLS inside of TLS
later on, which counts as nothing until it is whole: that is not bounded here.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Optional

import urllib3  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

_STEPS = 3  # a handshake with the proxy, its answer to CONNECT, a handshake with the server: each has the time-out


class PunctualHTTPSConnection(HTTPSConnection):
    """What is made in the time of its steps, else ConnectTimeoutError is raised.

    While it is made, ``same`` is another handle of its socket: the one that urllib3 began with goes into the one that
    shakes hands, which nobody knows before that is done.
    """

    same: Optional[socket.socket] = None
    _timer: Optional[threading.Timer] = None
    _is_late = False

    def reach(self) -> socket.socket:
        """A socket connected to the server or its proxy."""
        return super()._new_conn()

    def reached(self) -> None:
        """It is made, and ``same`` still open."""

    def _new_conn(self) -> socket.socket:
        made = self.reach()
        self.same = made.dup()
        patience = made.gettimeout()
        if patience is not None and self.proxy is not None and self.proxy.scheme == "https":
            self._timer = threading.Timer(_STEPS * patience, self._give_up)
            self._timer.daemon = True
            self._timer.start()
        return made

    def _give_up(self) -> None:
        self._is_late = True
        with contextlib.suppress(OSError, AttributeError):  # it is made at this very moment
            self.same.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    def connect(self) -> None:
        self._is_late = False
        try:
            super().connect()
            self.reached()
        except Exception:
            if not self._is_late:
                raise
        finally:
            if self._timer is not None:
                self._timer.cancel()
            if self.same is not None:
                self.same.close()
        if self._is_late:
            # Not while the other error is handled, which says that the connection was lost, or no good.
            raise ConnectTimeoutError(self, "no secure connection in time")
