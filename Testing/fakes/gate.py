"""A port in front of a server that can be shut in everybody's face, and opened again."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import List

from .forward_proxy import pass_on


class Gate:
    """Passes connections on to ``port`` of this machine while it is open; inside a ``with`` block it is at first."""

    def __init__(self, port: int) -> None:
        self._inner = port
        self.port = 0
        self._lock = threading.Lock()
        self._sockets: List[socket.socket] = []

    def __enter__(self) -> Gate:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.shut()

    def open(self) -> None:
        """At the same port as before."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._know(listener)
        self._accepting = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._accepting.start()

    def shut(self) -> None:
        """Nothing listens any more, and every conversation is over."""
        with self._lock:
            ended, self._sockets = self._sockets, []
        for each in ended:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._accepting.join()  # until then the port is not free

    def _know(self, *sockets: socket.socket) -> None:
        with self._lock:
            self._sockets.extend(sockets)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                outside, _ = listener.accept()
                inside = socket.create_connection(("127.0.0.1", self._inner))
                self._know(outside, inside)
                for ends in ((outside, inside), (inside, outside)):
                    threading.Thread(target=pass_on, args=ends, daemon=True).start()
