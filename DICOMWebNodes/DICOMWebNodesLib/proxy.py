"""The way out: proxies that the environment names (HTTP_PROXY, HTTPS_PROXY, NO_PROXY), what they want to know, and whom
it trusts (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE).

User name and password of a proxy are taken off its address at once, so that no message and no log can quote them.
"""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, Type, Union
from urllib.parse import unquote, urlsplit

import requests  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
import urllib3  # noqa: F401  # as well
from requests.adapters import HTTPAdapter
from requests.auth import _basic_auth_str
from requests.compat import getproxies
from requests.utils import get_environ_proxies, select_proxy, should_bypass_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .errors import InvalidURL
from .text import Text

_CORRECT_IT = Text(
    "Correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY in the environment, as http://HOST:PORT, and start again."
)


@dataclass(frozen=True)
class Proxies:
    """``addresses``: of the proxy for each URL scheme. ``authorizations``: by host and port, the Proxy-Authorization
    header field (RFC 9110 section 11.7.2) of those that have one."""

    addresses: Mapping[str, str]
    authorizations: Mapping[str, str] = field(default_factory=dict, repr=False)


class ProxiedAdapter(HTTPAdapter):
    """A requests transport that tells a proxy who we are. ``proxy_authorizations``: as :attr:`Proxies.authorizations`,
    looked up when a proxy is first met. ``pool_classes``: as :func:`pools_of` makes them; None: urllib3's own."""

    def __init__(
        self,
        proxy_authorizations: Mapping[str, str],
        *,
        pool_classes: Optional[Mapping[str, Any]] = None,
        **options: Any,
    ) -> None:
        self._proxy_authorizations = proxy_authorizations
        self._pool_classes = pool_classes
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._use_pool_classes(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        self._use_pool_classes(manager)
        return manager

    def _use_pool_classes(self, manager: Any) -> None:
        if self._pool_classes is not None:
            manager.pool_classes_by_scheme = self._pool_classes

    def proxy_headers(self, proxy: str) -> Dict[str, str]:
        authorization = self._proxy_authorizations.get(host_of(proxy), "")
        return {"Proxy-Authorization": authorization} if authorization else {}


def pools_of(connection: Type[HTTPConnection], secure: Type[HTTPSConnection]) -> Dict[str, Type[HTTPConnectionPool]]:
    """urllib3's pools by scheme, of connections of one's own (``ConnectionCls`` is its extension point)."""

    class HTTPPool(HTTPConnectionPool):
        ConnectionCls = connection

    class HTTPSPool(HTTPSConnectionPool):
        ConnectionCls = secure

    return {"http": HTTPPool, "https": HTTPSPool}


def proxies_for(url: str, proxy: str = "", kept: Callable[[str], str] = lambda address: "") -> Proxies:
    """The proxies for a request: ``proxy`` where one is given, else the environment's.

    A given one is authorised as the environment says for the same host and port. ``kept``: the Proxy-Authorization
    that is kept for a proxy whose address has none, "" for none. Raises InvalidURL when the environment's is no
    address, or of a kind that nothing here can use.
    """
    found = getproxies() if proxy else get_environ_proxies(url, no_proxy=None)
    addresses, authorizations = {}, {}
    for scheme, address in found.items():
        addresses[scheme], authorization = _without_credentials(address)
        authorization = authorization or kept(addresses[scheme])
        if authorization:
            authorizations[host_of(addresses[scheme])] = authorization
    if not proxy:
        _check(select_proxy(url, addresses) or "")
    return Proxies({"http": proxy, "https": proxy} if proxy else addresses, authorizations)


def proxies_towards(url: str, proxy: str, kept: Callable[[str], str]) -> Proxies:
    """The proxies for a request to ``url`` that the environment does not leave without any: the environment's where it
    names one for it, else ``proxy``, unless NO_PROXY excludes the host. ``kept`` as of :func:`proxies_for`.
    """
    environment = proxies_for(url, kept=kept)
    if not proxy or select_proxy(url, dict(environment.addresses)) or should_bypass_proxies(url, no_proxy=None):
        return environment
    authorization = kept(proxy)
    return Proxies({"http": proxy, "https": proxy}, {host_of(proxy): authorization} if authorization else {})


def trusted_authorities(ca_file: str = "", environ: Mapping[str, str] = os.environ) -> Union[str, bool]:
    """For requests' ``verify``: ``ca_file`` where one is given, else what the environment names, in the order in which
    requests looks; True: those that come with requests."""
    return ca_file or environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or True


def host_of(proxy: str) -> str:
    """Its host and port, as they are compared."""
    return proxy.rpartition("://")[2].partition("/")[0].lower()


def is_same_proxy(one: str, other: str) -> bool:
    """Also by how it is talked to: a password that is told over TLS is not told in the clear."""
    return (_scheme_of(one), host_of(one)) == (_scheme_of(other), host_of(other))


def basic_authorization(user: str, password: str) -> str:
    """RFC 7617, of any characters."""
    return str(_basic_auth_str(user.encode(), password.encode()))


def _check(address: str) -> None:
    """Of the environment: urllib3 tells what is wrong with it as a defect of its own, or not at all. It is not quoted:
    nobody knows where in it a password begins."""
    if _scheme_of(address).startswith("socks"):
        if importlib.util.find_spec("socks") is None:
            cause = Text("the environment names a SOCKS proxy, for which the Python package PySocks is missing")
            raise InvalidURL(cause, field="proxy", next_step=_CORRECT_IT)
    elif address and not _is_address(address if "://" in address else f"http://{address}"):
        cause = Text("what the environment names as the proxy is no address")
        raise InvalidURL(cause, field="proxy", next_step=_CORRECT_IT)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        written_well = url.isprintable() and " " not in url and not parts.netloc.endswith(":")
        return written_well and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is none
        return False


def _scheme_of(proxy: str) -> str:
    return proxy.rpartition("://")[0].lower() or "http"


def _without_credentials(proxy: str) -> Tuple[str, str]:
    scheme, _, rest = proxy.rpartition("://")
    credentials, at, host = rest.rpartition("@")  # the last one: a password may hold anything
    if not at or scheme.lower().startswith("socks"):  # whose library wants them in the address
        return proxy, ""
    name, _, password = credentials.partition(":")
    authorization = basic_authorization(unquote(name), unquote(password))
    return f"{scheme or 'http'}://{host}", authorization
