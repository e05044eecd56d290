"""An HTTP server of the tests, in a thread of its own."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Type

_POLL = 0.01  # seconds between two looks whether it shall stop, which is what a stop takes


class HTTPThread:
    """On a port of the loopback address that is its own from the beginning; it answers between start and stop.

    A ``handler`` finds ``front``, which has the rules, as ``self.server.front``.
    """

    def __init__(self, handler: Type[BaseHTTPRequestHandler], front: object) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.server.front = front  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self.server.serve_forever, args=(_POLL,), daemon=True)

    @property
    def port(self) -> int:
        return self.server.server_port

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No connection is taken any more; those that are open end with their clients."""
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
