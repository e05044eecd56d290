"""What signs a request: the one place where authentication meets HTTP.

Everything that knows how to sign in ends in a :class:`Credential`; the HTTP session knows nothing else of it.
"""

from __future__ import annotations

from typing import Mapping, Tuple

import requests  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from requests.auth import AuthBase, _basic_auth_str
from requests.models import PreparedRequest

from ..nodes.headers import checked_headers


class Credential(AuthBase):
    """Signs requests to one node. Called for each attempt, so that a renewed token is used at once."""

    @property
    def signs(self) -> bool:
        """False: it knows a password for the proxy, and nothing that the server asks for."""
        return True

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        raise NotImplementedError

    def renew(self) -> bool:
        """Asked after a 401: get a fresh token without a person; True when a replay can succeed."""
        return False

    def secrets(self) -> Tuple[str, ...]:
        """What has to be cut out of anything that is shown or logged."""
        return ()

    def proxy_authorization(self) -> str:
        """What the node's proxy is told, as the value of Proxy-Authorization; "" for nothing."""
        return ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class HeaderAuth(Credential):
    """Fixed header fields, an API key for example."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = checked_headers(headers.items())

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.update(dict(self._headers))
        return request

    def secrets(self) -> Tuple[str, ...]:
        return tuple(value for _, value in self._headers)


class BearerAuth(HeaderAuth):
    """A bearer token that somebody else obtained (RFC 6750 section 2.1)."""

    def __init__(self, token: str) -> None:
        super().__init__({"Authorization": f"Bearer {token}"})
        self._token = token

    def secrets(self) -> Tuple[str, ...]:
        return (self._token,)


class BasicAuth(HeaderAuth):
    """User name and password (RFC 7617), in UTF-8."""

    def __init__(self, user_name: str, password: str) -> None:
        authorization = _basic_auth_str(user_name.encode(), password.encode())
        super().__init__({"Authorization": authorization})
        self._secrets = (password, authorization.partition(" ")[2])

    def secrets(self) -> Tuple[str, ...]:
        return self._secrets
