"""User name and password for the proxy of a node, beside what signs its requests, if anything does."""

from __future__ import annotations

from typing import Callable, Optional, Tuple

import requests  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from requests import PreparedRequest

from ..proxy import basic_authorization
from .credentials import Credential


class ProxyCredential(Credential):
    """Never part of a request to the server: the transport tells it to the proxy only (RFC 9110 section 11.7.2).

    ``password`` is asked when a proxy is first met; it raises SecretUnavailable.
    """

    def __init__(self, user: str, password: Callable[[], str], signer: Optional[Credential]) -> None:
        self._user = user
        self._password = password
        self._signer = signer
        self._told = ""

    @property
    def signs(self) -> bool:
        return self._signer is not None and self._signer.signs

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return self._signer(request) if self._signer is not None else request

    def renew(self) -> bool:
        return self._signer is not None and self._signer.renew()

    def secrets(self) -> Tuple[str, ...]:
        return (*filter(None, (self._told,)), *(self._signer.secrets() if self._signer is not None else ()))

    def proxy_authorization(self) -> str:
        self._told = self._password()
        return basic_authorization(self._user, self._told)
