"""HTTP from this program to an authorization server, not through anybody's browser."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from http.client import responses
from typing import Any, Callable, Mapping, Optional, Tuple
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from .. import __version__
from ..errors import (
    ConnectionFailed,
    DICOMWebNodesError,
    LimitExceeded,
    MalformedJSON,
    ServerError,
    TimedOut,
    TooManyRequests,
)
from ..errors.explain import transport_error
from ..proxy import proxies_towards, trusted_authorities
from ..text import Text
from .total_time import CheckTime, TimedAdapter

_TIMEOUTS = (10.0, 30.0)  # seconds to connect, and between two pieces of an answer
_PATIENCE = 60.0  # seconds, for the whole of an answer
_LIMIT = 1024 * 1024  # bytes; metadata and tokens are a few thousand
_NEXT_STEP = Text("Check the network, and the provider's address in the authentication method.")

TEMPORARY = (ConnectionFailed, ServerError, TooManyRequests)
"""Errors that may be over in a minute."""


@dataclass(frozen=True)
class Answer:
    """What an authorization server sent; its repr leaves out the body, which may hold a token. ``reason``: what the
    status means, not in the server's words, which may repeat what it was sent."""

    status: int
    reason: str
    media_type: str
    body: str

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.media_type!r}, {len(self.body)} characters)"

    @property
    def status_line(self) -> str:
        return f"{self.status} {self.reason}".rstrip()

    def json_object(self) -> Mapping[str, Any]:
        """The body as a JSON object. Raises MalformedJSON, which does not quote it."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            if not self.media_type:
                raise MalformedJSON("the answer (of no type) is not a JSON object")
            raise MalformedJSON(Text("the answer ({type}) is not a JSON object", type=self.media_type))
        return content


class BackChannel:
    """Short requests with short answers; follows no redirect, because none of its endpoints may have one.

    ``ca_file``: PEM, "" is what the system trusts. ``proxy`` gives the way where the environment names none, "" for
    none, ``kept`` the Proxy-Authorization that is kept for a proxy, as :func:`..proxy.proxies_towards` uses both; they
    are asked for each request. ``patience``: seconds of ``clock`` in which an answer has to be there as a whole, while
    something comes; silence ends sooner, by the ``timeouts`` (seconds) to connect and between two pieces. Raises the
    errors of :class:`~..errors.ConnectionFailed`, and LimitExceeded.
    """

    def __init__(
        self,
        ca_file: str = "",
        session: Callable[[], requests.Session] = requests.Session,
        kept: Callable[[str], str] = lambda address: "",
        proxy: Callable[[], str] = lambda: "",
        patience: float = _PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        timeouts: Tuple[float, float] = _TIMEOUTS,
    ) -> None:
        self._ca_file = os.path.expanduser(ca_file)
        self._session = session
        self._kept = kept
        self._proxy = proxy
        self._patience = patience
        self._clock = clock
        self._timeouts = timeouts

    def get(self, url: str, *, asked: str) -> Answer:
        return self._send("GET", url, None, None, asked)

    def post(self, url: str, form: str, *, asked: str, auth: Optional[AuthBase] = None) -> Answer:
        """``form`` is application/x-www-form-urlencoded. Raises ServerError and TooManyRequests as well."""
        answer = self._send("POST", url, form, auth, asked)
        if answer.status == 429 or answer.status >= 500:
            # The body stays out: it may repeat what was sent.
            kind = TooManyRequests if answer.status == 429 else ServerError
            cause = Text("{host} answered {answer}", host=_host(url), answer=answer.status_line)
            raise kind(cause, status=answer.status, asked=asked)
        return answer

    def _send(self, method: str, url: str, form: Optional[str], auth: Optional[AuthBase], asked: str) -> Answer:
        headers = {"Accept": "application/json", "User-Agent": f"DICOMWebNodes/{__version__}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with self._session() as session:
            session.trust_env = False  # or requests would add what it finds in ~/.netrc
            proxies = proxies_towards(url, self._proxy(), self._kept)
            check_time = self._time_limit(url, asked)
            session.mount("http://", TimedAdapter(proxies.authorizations, check_time))
            session.mount("https://", TimedAdapter(proxies.authorizations, check_time))
            try:
                response = session.request(
                    method,
                    url,
                    data=form,
                    headers=headers,
                    auth=auth,
                    timeout=self._timeouts,
                    allow_redirects=False,
                    stream=True,
                    verify=trusted_authorities(self._ca_file),
                    proxies=dict(proxies.addresses),
                )
                content = _read(response)
            except (requests.RequestException, OSError, ValueError) as error:
                raise _explained(error, url, asked) from error
        return Answer(
            response.status_code,
            responses.get(response.status_code, ""),
            response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            content.decode("utf-8", "replace"),
        )

    def _time_limit(self, url: str, asked: str) -> CheckTime:
        """From now on."""
        begun = self._clock()

        def check_time() -> None:
            if self._clock() - begun >= self._patience:
                raise TimedOut(
                    Text(
                        "{host} did not end its answer within {seconds} s",
                        host=_host(url),
                        seconds=f"{self._patience:g}",
                    ),
                    asked=asked,
                    next_step=_NEXT_STEP,
                )

        return check_time


def _read(response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(16 * 1024):
        content += chunk
        if len(content) > _LIMIT:
            raise LimitExceeded(
                Text("the answer of {host} is larger than {limit:,} bytes", host=_host(response.url), limit=_LIMIT)
            )
    return bytes(content)


def _explained(error: BaseException, url: str, asked: str) -> DICOMWebNodesError:
    explained = transport_error(error, host=_host(url))
    explained.next_step = _NEXT_STEP
    return explained.about(asked=asked)


def _host(url: str) -> str:
    return urlsplit(url).netloc
