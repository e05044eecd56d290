"""The loopback redirect (RFC 8252 section 7.3): a listener on 127.0.0.1 that waits for one answer.

It runs in the thread that waits, so that there is nothing to stop but the wait. It is bound before the browser is
opened and stays bound until the sign-in is over, so that no other program can take the port in between.
"""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import time
from types import TracebackType
from typing import Callable, Dict, Generic, Iterable, Optional, Tuple, Type, TypeVar

from ..errors import SignInFailed, SignInTimedOut
from ..text import Text
from .cancellation import Cancellation
from .pages import ENGLISH, HEADERS, Pages

_MOST_CONNECTIONS = 64  # browsers open a few ahead; more is a flood, of which the oldest goes first
_LONGEST_HEAD = 16 * 1024  # bytes
_PATIENCE = 10.0  # seconds for a connection to send its request
_PATIENCE_FOR_PORT = 1.0  # seconds
_REQUEST_LINE = re.compile(rb"GET (/[\x21-\x7e]*) HTTP/1\.[01]\r\n")
_HOST = re.compile(rb"\r\nhost:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)", re.IGNORECASE)

Accepted = TypeVar("Accepted")


class Callback(Generic[Accepted]):
    """The accepted answer; the browser waits until it gets a page."""

    def __init__(self, accepted: Accepted, connection: socket.socket) -> None:
        self.accepted = accepted
        self._connection = connection

    def show(self, content: bytes) -> None:
        _respond(self._connection, b"200 OK", content)


class RedirectListener:
    """Listens from construction on; a context manager that closes it.

    ``host`` is how the redirect URI calls this computer, ``port`` 0 takes any that is free. ``clock`` is in
    seconds. Raises SignInFailed when the port is taken.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        path: str = "/callback",
        *,
        clock: Callable[[], float] = time.monotonic,
        pages: Pages = ENGLISH,
    ) -> None:
        self._pages = pages
        self._clock = clock
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        self.redirect_uri = f"http://{host}:{self.port}{path}"
        self._path = (path or "/").encode()
        self._hosts = {f"{name}:{self.port}".encode() for name in ("127.0.0.1", "localhost")}
        self._wake, self._woken = socket.socketpair()
        self._connections: Dict[socket.socket, Tuple[float, bytearray]] = {}
        self._selector = selectors.DefaultSelector()
        for each in (self._socket, self._woken):
            each.setblocking(False)
            self._selector.register(each, selectors.EVENT_READ)

    def wait(
        self,
        accept: Callable[[str], Optional[Accepted]],
        *,
        timeout: float,
        cancellation: Cancellation,
    ) -> Callback[Accepted]:
        """The first GET of the callback path whose query ``accept`` makes something of; all else gets a 404.

        Raises SignInTimedOut after ``timeout`` seconds, SignInCancelled.
        """
        deadline = self._clock() + timeout
        cancellation.on_cancel(self._wake_up)
        while True:
            cancellation.check()
            now = self._clock()
            if now >= deadline:
                raise SignInTimedOut(Text("nobody finished the sign-in within {timeout} s", timeout=f"{timeout:.0f}"))
            for connection in self._ready(min(deadline - now, _PATIENCE)):
                query = self._query_of(connection) if connection in self._connections else None
                accepted = accept(query) if query is not None else None
                if accepted is not None:
                    self._forget(connection)
                    return Callback(accepted, connection)
                if query is not None:
                    self._refuse(connection)
            self._drop_silent()

    # --- connections ------------------------------------------------------------------------------------------------

    def _ready(self, timeout: float) -> Iterable[socket.socket]:
        """Connections with something to read; new ones are taken in on the way."""
        ready = []
        for key, _ in self._selector.select(timeout):
            if key.fileobj is self._socket:
                self._take_in()
            elif key.fileobj is self._woken:
                self._woken.recv(64)
            else:
                ready.append(key.fileobj)
        return ready  # type: ignore[return-value]

    def _take_in(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:  # it went away again
            return
        while len(self._connections) >= _MOST_CONNECTIONS:
            self._drop(next(iter(self._connections)))
        connection.setblocking(False)
        self._connections[connection] = (self._clock(), bytearray())
        self._selector.register(connection, selectors.EVENT_READ)

    def _query_of(self, connection: socket.socket) -> Optional[str]:
        """The query of a whole request for the callback; None: not yet, or not one."""
        _, head = self._connections[connection]
        try:
            received = connection.recv(_LONGEST_HEAD)
        except BlockingIOError:
            return None
        except OSError:
            received = b""
        head += received
        if not received:
            self._drop(connection)
        elif b"\r\n\r\n" in head:
            query = callback_query(bytes(head), self._path, self._hosts)
            if query is not None:
                return query
            self._refuse(connection)
        elif len(head) > _LONGEST_HEAD:
            self._refuse(connection)
        return None

    def _refuse(self, connection: socket.socket) -> None:
        self._forget(connection)
        _respond(connection, b"404 Not Found", self._pages.not_found())

    def _drop_silent(self) -> None:
        for connection, (since, _) in list(self._connections.items()):
            if self._clock() - since > _PATIENCE:
                self._drop(connection)

    def _forget(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        del self._connections[connection]

    def _drop(self, connection: socket.socket) -> None:
        self._forget(connection)
        connection.close()

    def _wake_up(self) -> None:
        with contextlib.suppress(OSError):  # closed in the meantime
            self._wake.send(b".")

    # --- its end ----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        for connection in list(self._connections):
            self._drop(connection)
        self._selector.close()
        for each in (self._socket, self._wake, self._woken):
            each.close()

    def __enter__(self) -> RedirectListener:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


def callback_query(head: bytes, path: bytes, hosts: Iterable[bytes]) -> Optional[str]:
    """The query of an HTTP request head when it is a GET of ``path`` at one of ``hosts`` (RFC 9112 section 3).

    The Host field is compared because a page elsewhere can give its own name our address (DNS rebinding).
    """
    line = _REQUEST_LINE.match(head)
    host = _HOST.findall(head)
    if line is None or len(host) != 1 or host[0].lower() not in hosts:
        return None
    asked, _, query = line.group(1).partition(b"?")
    return query.decode("ascii") if asked == path else None


def _bound(port: int) -> socket.socket:
    """A listening socket. A port that is given may still be held by a sign-in that was cancelled just now."""
    deadline = time.monotonic() + _PATIENCE_FOR_PORT
    while True:
        listening = _listening(port)
        if listening is not None:
            return listening
        if port == 0 or time.monotonic() >= deadline:
            raise SignInFailed(
                Text("port {port} of this computer, to which the browser shall come back, is taken", port=port),
                next_step="Finish the other sign-in first, or close the program that uses the port.",
            )
        time.sleep(0.05)


def _listening(port: int) -> Optional[socket.socket]:
    """None when the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets two programs share a port otherwise
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # elsewhere it only means not to wait a minute for the last sign-in's connections
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError:
        listening.close()
        return None
    return listening


def _respond(connection: socket.socket, status: bytes, content: bytes) -> None:
    fields = (*HEADERS, ("Content-Length", str(len(content))))
    head = b"".join(f"{name}: {value}\r\n".encode() for name, value in fields)
    with connection, contextlib.suppress(OSError):  # a browser that went away has its answer
        connection.settimeout(2.0)
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n" + head + b"\r\n" + content)
        connection.shutdown(socket.SHUT_WR)
