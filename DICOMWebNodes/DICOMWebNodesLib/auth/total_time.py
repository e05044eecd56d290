"""Answers that have to be there as a whole within a time.

A read time-out ends a wait for the next byte only. A server that sends one now and then would never meet it, and what
waits for its answer (others for the same token, for example) would wait for ever.
"""

from __future__ import annotations

import http.client
import io
from typing import Any, Callable, Dict, Mapping, Optional, Type

import urllib3  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ..proxy import ProxiedAdapter

CheckTime = Callable[[], None]
"""Raises what the request is to end with when its time is over."""


class TimedAdapter(ProxiedAdapter):
    """A requests transport that calls ``check_time`` whenever something has come from a server or a proxy."""

    def __init__(self, proxy_authorizations: Mapping[str, str], check_time: CheckTime) -> None:
        self._pool_classes = _pool_classes(check_time)
        super().__init__(proxy_authorizations)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pool_classes
        return manager


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
    """urllib3's pools (``ConnectionCls`` is its extension point, ``response_class`` that of http.client)."""

    class TimedResponse(http.client.HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_Timed(self.fp.detach(), check_time))

    class TimedHTTPConnection(HTTPConnection):
        response_class = TimedResponse

    class TimedHTTPSConnection(HTTPSConnection):
        response_class = TimedResponse

    class TimedHTTPPool(HTTPConnectionPool):
        ConnectionCls = TimedHTTPConnection

    class TimedHTTPSPool(HTTPSConnectionPool):
        ConnectionCls = TimedHTTPSConnection

    return {"http": TimedHTTPPool, "https": TimedHTTPSPool}
