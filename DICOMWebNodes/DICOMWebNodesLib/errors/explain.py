"""What came back, in words: from the transport's exceptions and the server's statuses to this library's errors."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from typing import Any, Iterator, Mapping, Optional, Sequence, Type

import requests
import urllib3

from ..text import Text
from . import (
    Conflict,
    ConnectionFailed,
    ConnectionLost,
    ConnectionRefused,
    DICOMWebNodesError,
    Forbidden,
    Gone,
    NameNotResolved,
    NotAcceptable,
    NotFound,
    NoTLS,
    PayloadTooLarge,
    ProxyAuthenticationRequired,
    ProxyFailed,
    RedirectRefused,
    ResponseError,
    ServerError,
    TimedOut,
    TLSFailed,
    TooManyRequests,
    Unauthorized,
)
from .server_words import excerpt, printable, words_of

_BY_STATUS: Mapping[int, Type[ResponseError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    406: NotAcceptable,
    409: Conflict,
    410: Gone,
    413: PayloadTooLarge,
    429: TooManyRequests,
}


def response_error(status: int, reason: str, body: str = "", *, retry_after: Optional[float] = None) -> ResponseError:
    """The error for a status that is no success (RFC 9110 section 15), with the server's own words."""
    kind = _BY_STATUS.get(status)
    if kind is None:
        kind = ServerError if status >= 500 else RedirectRefused if 300 <= status < 400 else ResponseError
    said = words_of(body)
    answer = f"{status} {excerpt(reason, 60)}".rstrip()
    return kind(
        Text("the server answered {answer} (“{said}”)", answer=answer, said=said)
        if said
        else Text("the server answered {answer}", answer=answer),
        status=status,
        retry_after=retry_after,
        next_step="The server does not offer this; choose another node for it." if status == 501 else "",
        detail=printable(body)[:4000],
    )


def transport_error(error: BaseException, *, host: str) -> DICOMWebNodesError:
    """The error for what requests, urllib3, ssl or socket raised."""
    if isinstance(error, DICOMWebNodesError):
        return error
    causes = tuple(_causes(error))
    for kind, cause in _CAUSES:
        for each in causes:
            if isinstance(each, kind):
                explained: Optional[DICOMWebNodesError] = cause(each, host)
                if explained is not None:
                    return explained
    return ConnectionFailed(
        Text("{host}: {reason}", host=host, reason=excerpt(str(causes[-1]) or type(causes[-1]).__name__, 200))
    )


def _proxy(error: Any, host: str) -> DICOMWebNodesError:
    causes = tuple(_causes(error))
    if any(isinstance(each, ConnectionError) and not isinstance(each, ConnectionRefusedError) for each in causes):
        return ConnectionLost(Text("the proxy on the way to {host} closed the connection", host=host))
    # So much is left of the proxy's answer to CONNECT.
    tunnel = next((found for found in map(_TUNNEL.fullmatch, map(str, causes)) if found), None)
    if tunnel is not None and tunnel[1].startswith("407"):
        return proxy_refusal(host)
    return ProxyFailed(
        Text(
            "the proxy did not connect to {host}: {reason}",
            host=host,
            reason=excerpt(tunnel[1] if tunnel is not None else _words_of_system(causes), 200),
        )
    )


def _words_of_system(causes: Sequence[BaseException]) -> str:
    """What failed, without the address that was asked, which says what was searched for."""
    system = next((each.strerror for each in causes if isinstance(each, OSError) and each.strerror), "")
    return system or type(causes[-1]).__name__


def proxy_refusal(host: str) -> ProxyAuthenticationRequired:
    """The error for a proxy that does not know us (RFC 9110 section 15.5.8)."""
    return ProxyAuthenticationRequired(
        Text("the proxy on the way to {host} wants a user name and a password, or others", host=host)
    )


_TUNNEL = re.compile(r"Tunnel connection failed: (.*)", re.DOTALL)  # http.client's words
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST")  # OpenSSL's names


def _tls(error: Any, host: str) -> DICOMWebNodesError:
    why = getattr(error, "verify_message", "") or getattr(error, "reason", "") or type(error).__name__
    if why in _NO_TLS:
        return NoTLS(Text("{host} does not speak TLS, which https needs", host=host))
    return TLSFailed(
        Text("no secure connection to {host}: {reason}", host=host, reason=excerpt(str(why).rstrip("."), 200))
    )


def _timed_out(error: Any, host: str) -> DICOMWebNodesError:
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError):
        return TimedOut(Text("{host} could not be reached in time", host=host))
    return TimedOut(Text("{host} sent nothing for too long", host=host))


def _system(error: Any, host: str) -> Optional[DICOMWebNodesError]:
    if isinstance(error, ConnectionRefusedError):
        return ConnectionRefused(Text("nothing listens at {host}", host=host))
    if isinstance(error, socket.gaierror):
        return NameNotResolved(Text("no computer is known as {host}", host=host))
    if isinstance(error, (ConnectionError, EOFError)):
        return ConnectionLost(Text("{host} closed the connection", host=host))
    if error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH):
        return ConnectionFailed(Text("there is no route to {host}", host=host))
    return None


def _protocol(error: Any, host: str) -> DICOMWebNodesError:
    lost = next((each for each in _causes(error) if hasattr(each, "partial") and hasattr(each, "expected")), None)
    if lost is not None and isinstance(lost.partial, int):
        return ConnectionLost(Text("{host} closed the connection after {count:,} bytes", host=host, count=lost.partial))
    return ConnectionLost(Text("{host} closed the connection", host=host))


def _unreadable(error: Any, host: str) -> DICOMWebNodesError:
    return ConnectionLost(
        Text("the answer of {host} cannot be decoded: {reason}", host=host, reason=excerpt(str(error), 120))
    )


# In this order: an outer exception often has several of these inside.
_CAUSES: Sequence[Any] = (
    ((urllib3.exceptions.ProxyError, requests.exceptions.ProxyError), _proxy),
    (ssl.SSLError, _tls),
    ((urllib3.exceptions.SSLError, requests.exceptions.SSLError), _tls),
    (OSError, _system),
    ((urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.ReadTimeoutError, socket.timeout), _timed_out),
    ((urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError), _unreadable),
    ((urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError), _protocol),
)


def _causes(error: Optional[BaseException]) -> Iterator[Any]:
    """The exception and everything that is inside it, the outermost first."""
    seen = set()
    waiting: list[Any] = [error]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
