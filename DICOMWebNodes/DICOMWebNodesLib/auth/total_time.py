"""Answers that have to be there as a whole within a time.

A read time-out ends a wait for the next byte only. A server that sends one now and then would never meet it, and what
waits for its answer (others for the same token, for example) would wait for ever. Before there is an answer, a secure
connection has to be made: :mod:`..punctual_tls` bounds that by the time-out to connect.
"""

from __future__ import annotations

import http.client
import io
from typing import Any, Callable, Dict, Mapping, Optional, Type

import urllib3  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from ..proxy import ProxiedAdapter, pools_of
from ..punctual_tls import PunctualHTTPSConnection

CheckTime = Callable[[], None]
"""Raises what the request is to end with when its time is over."""


class TimedAdapter(ProxiedAdapter):
    """A requests transport that calls ``check_time`` whenever something has come from a server or a proxy."""

    def __init__(self, proxy_authorizations: Mapping[str, str], check_time: CheckTime) -> None:
        super().__init__(proxy_authorizations, pool_classes=_pool_classes(check_time))


class _Timed(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, check_time: CheckTime) -> None:
        self._raw = raw
        self._check_time = check_time

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: Any, /) -> Optional[int]:
        count: Optional[int] = self._raw.readinto(buffer)
        self._check_time()
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _pool_classes(check_time: CheckTime) -> Dict[str, Type[HTTPConnectionPool]]:
    class TimedResponse(http.client.HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_Timed(self.fp.detach(), check_time))

    class TimedHTTPConnection(HTTPConnection):
        response_class = TimedResponse

    class TimedHTTPSConnection(PunctualHTTPSConnection):
        response_class = TimedResponse

    return pools_of(TimedHTTPConnection, TimedHTTPSConnection)
