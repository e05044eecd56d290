"""The base URL of a DICOMweb service (PS3.18 section 8.2), normalised once so that URLs and origins compare."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from ..errors import InvalidURL, ProxyAuthenticationRequired
from ..text import Text

DEFAULT_PORTS = {"http": 80, "https": 443}
_MOST_SHOWN = 500  # characters in a message
_LIMIT = 2000  # characters; longer ones are refused by many servers
_PATH_SAFE = "/%:@!$&'()*+,;=-._~"  # RFC 3986 section 3.3
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def normalise_base_url(text: str) -> str:
    """``http(s)://host[:port][/path]``: host in lower case and ASCII, default port and trailing slashes dropped.

    Raises InvalidURL (``field`` is "url"), which quotes neither credentials nor a query.
    """
    if isinstance(text, str) and len(text.strip()) > _LIMIT:
        raise _invalid(
            Text("a URL of {length} characters, more than {limit}", length=len(text.strip()), limit=_LIMIT),
            Text("Give the base URL of the service."),
        )
    parts = _split(text)
    shown = _without_secrets(parts)
    if parts.query or parts.fragment or text.rstrip().endswith(("?", "#")):
        raise _invalid(
            Text("'{shown}' is followed by a query or a fragment", shown=shown),
            Text("Give the URL up to the '?' or '#'."),
        )
    if any(segment in (".", "..") for segment in parts.path.split("/")):
        raise _invalid(Text("'{shown}' has '.' or '..' in its path", shown=shown), Text("Write the path in full."))
    if _BROKEN_ESCAPE.search(parts.path):
        raise _invalid(
            Text("'{shown}' has a '%' without two hexadecimal digits behind it", shown=shown),
            Text("Write a plain '%' as '%25'."),
        )
    path = quote(parts.path, safe=_PATH_SAFE).rstrip("/")
    return f"{parts.scheme}://{_authority(parts, shown)}{path}"


def normalise_proxy_url(text: str) -> str:
    """``http(s)://host[:port]`` of a proxy. Raises InvalidURL (``field`` is "proxy")."""
    try:
        url = normalise_base_url(text)
        if urlsplit(url).path:
            raise _invalid(Text("'{url}' has a path, which a proxy has not", url=url), Text("Give host and port only."))
    except InvalidURL as error:
        error.field = "proxy"
        if isinstance(text, str) and "@" in text:
            error.next_step = ProxyAuthenticationRequired.next_step
        raise
    return url


def origin_of(url: str) -> str:
    """``scheme://host:port`` of any absolute http or https URL (RFC 6454 section 4). Raises InvalidURL."""
    parts = _split(url)
    shown = _without_secrets(parts)
    return f"{parts.scheme}://{_host(parts, shown)}:{_port(parts, shown) or DEFAULT_PORTS[parts.scheme]}"


def _split(text: str) -> SplitResult:
    if not isinstance(text, str) or not text.strip():
        raise _invalid(Text("there is no URL"), Text("Give one like 'https://host/dicom-web'."))
    text = text.strip()
    if not text.isprintable() or " " in text or "\\" in text:
        raise _invalid(
            Text("a URL with a space, a backslash or a control character inside"),
            Text("Write a space as '%20', and '/' for a backslash."),
        )
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise _invalid(
            Text("not a URL: its host is not written well"), Text("Give one like 'https://host/path'.")
        ) from error
    if parts.scheme not in DEFAULT_PORTS or not text.lower().startswith(f"{parts.scheme}://"):
        raise _invalid(
            Text("'{url}' is not an http or https URL", url=_without_secrets(parts)),
            Text("Give one like 'https://host:8042/dicom-web'."),
        )
    if "@" in parts.netloc:
        raise _invalid(
            Text(
                ("'{url}' has a user name or password in front of the host, and a URL is shown, logged and shared"),
                url=_without_secrets(parts),
            ),
            Text("Leave it out and choose an authentication for the node."),
        )
    return parts


def _authority(parts: SplitResult, shown: str) -> str:
    port = _port(parts, shown)
    host = _host(parts, shown)
    return host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _host(parts: SplitResult, shown: str) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        from ipaddress import IPv6Address

        try:
            return f"[{IPv6Address(host)}]"
        except ValueError as error:
            raise _invalid(
                Text("'{shown}' has no valid IPv6 address", shown=shown), Text("Write it like 'http://[::1]:8042'.")
            ) from error
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError as error:
        raise _invalid(
            Text("the host in '{shown}' is not a name that the internet knows", shown=shown),
            Text("Check its spelling."),
        ) from error
    if not _HOST_NAME.fullmatch(host) or len(host) > 253:
        raise _invalid(
            Text("'{shown}' has no valid host name", shown=shown), Text("Give one like 'https://host/dicom-web'.")
        )
    return host


def _port(parts: SplitResult, shown: str) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _invalid(
            Text("the port in '{shown}' is not a number from 1 to 65535", shown=shown),
            Text("Check what follows the colon."),
        )
    return port


def _without_secrets(parts: SplitResult) -> str:
    """The URL as far as a message may quote it: a query may hold a token, what is before an @ a password."""
    scheme = f"{parts.scheme}:" if parts.scheme else ""
    slashes = "//" if parts.netloc else ""
    shown = scheme + slashes + (parts.netloc + parts.path).rpartition("@")[2]
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[: _MOST_SHOWN - 1]}…"


def _invalid(cause: str, next_step: str) -> InvalidURL:
    return InvalidURL(cause, field="url", next_step=next_step)
