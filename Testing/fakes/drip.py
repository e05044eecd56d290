"""A server whose answer never ends, although something comes all the time."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Callable, Iterator

_PAUSE = 0.01  # seconds
_MOST = 1000  # bytes; whoever never gives up finds the connection closed


@contextlib.contextmanager
def dripping(
    beginning: bytes,
    piece: bytes = b"x",
    meet: Callable[[socket.socket], socket.socket] = lambda connection: connection,
) -> Iterator[str]:
    """The origin of a server that answers one request: by ``beginning``, and then by one ``piece`` after the other.

    ``meet``: what it does with a connection before, and gives the one on which it answers.
    """
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):  # the client has gone
                met = meet(connection)
                with met:
                    met.recv(65536)
                    met.sendall(beginning)
                    for _ in range(_MOST):
                        if over.wait(_PAUSE):
                            break
                        met.sendall(piece)

        server = threading.Thread(target=drip)
        server.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            server.join()


def tunnel(connection: socket.socket) -> socket.socket:
    """What a proxy does first: a request to CONNECT is taken and granted (RFC 9110 section 9.3.6)."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    return connection
