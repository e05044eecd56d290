"""Where a secret may travel without TLS: to this computer, and where a person said yes."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from ..errors import InvalidAuthMethod, InvalidURL, PlainHTTPRefused
from ..nodes.node import Node
from ..nodes.url import origin_of
from ..text import Text


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this computer: localhost, 127.0.0.0/8 or ::1 (RFC 6761 section 6.3)."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_exposed(url: str) -> bool:
    """Whether what is sent to this URL can be read on the way."""
    return urlsplit(url).scheme != "https" and not is_loopback(url)


def checked_endpoint(url: str, field: str, *, allow_plain_http: bool = False) -> str:
    """An absolute URL to which secrets may be sent, with or without a query (RFC 6749 section 3.1).

    Raises InvalidAuthMethod with ``field``.
    """
    url = url.strip() if isinstance(url, str) else url
    try:
        origin_of(url)
    except InvalidURL as error:
        raise InvalidAuthMethod(error.cause, field=field, next_step=error.next_step) from error
    if "#" in url:
        raise InvalidAuthMethod(
            Text("'{url}' is followed by a fragment", url=url.partition("#")[0]),
            field=field,
            next_step="Give the URL up to the '#'.",
        )
    if is_exposed(url) and not allow_plain_http:
        raise InvalidAuthMethod(
            Text("'{url}' is plain http, and passwords and tokens sent to it can be read on the way", url=url),
            field=field,
            next_step="Use https, or allow plain http for this provider.",
        )
    return url


def check_plain_http(node: Node) -> None:
    """Raises PlainHTTPRefused when others could read the node's credential on its way, and nobody said yes."""
    if is_exposed(node.url) and not node.allow_plain_http_credential:
        raise PlainHTTPRefused(
            Text("its URL {url} is plain http: everybody on the way could read the credential", url=node.url),
            node=node.name,
        )
