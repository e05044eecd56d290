"""A server whose answer never ends, although something comes all the time."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Iterator

_PAUSE = 0.01  # seconds
_MOST = 1000  # bytes; whoever never gives up finds the connection closed


@contextlib.contextmanager
def dripping(beginning: bytes) -> Iterator[str]:
    """The origin of a server that answers one request: by ``beginning``, and then one letter after the other."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):  # the client has gone
                connection.recv(65536)
                connection.sendall(beginning)
                for _ in range(_MOST):
                    if over.wait(_PAUSE):
                        break
                    connection.sendall(b"x")

        server = threading.Thread(target=drip)
        server.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            server.join()
