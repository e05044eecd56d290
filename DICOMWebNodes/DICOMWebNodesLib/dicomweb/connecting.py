"""A TCP connection that another thread can end while it is still being made.

urllib3 knows a socket when it is connected. A computer that is switched off lets that take until the connect time-out,
and a person who cancels does not wait for it.
"""

from __future__ import annotations

import socket
from typing import Callable

import urllib3  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family


def connected(connection: HTTPConnection, begin: Callable[[socket.socket], None]) -> socket.socket:
    """A new socket, connected to where ``connection`` leads; in the place of urllib3's own ``_new_conn``.

    ``begin`` is told of each socket before it connects, and raises OSError when none is wanted any more. Raises
    urllib3's errors.
    """
    try:
        return _to_any_address(connection, begin)
    except socket.timeout as error:
        raise ConnectTimeoutError(connection, f"no connection within {connection.timeout} s") from error
    except OSError as error:  # that there is no such name among them
        raise NewConnectionError(connection, f"no connection: {error}") from error


def _to_any_address(connection: HTTPConnection, begin: Callable[[socket.socket], None]) -> socket.socket:
    failure = OSError("the name has no address")
    host = connection._dns_host.strip("[]")
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, connection.port, allowed_gai_family(), socket.SOCK_STREAM
    ):
        made = socket.socket(family, kind, protocol)
        try:
            for option in connection.socket_options or ():
                made.setsockopt(*option)
            made.settimeout(connection.timeout)
            if connection.source_address:
                made.bind(connection.source_address)
            begin(made)
            made.connect(address)
        except OSError as error:
            failure = error
            made.close()
        else:
            return made
    raise failure
