"""AWS Signature Version 4: the request is signed, the secret stays here.

Reference: "AWS Signature Version 4 for API requests" in the AWS Identity and Access Management user guide.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import Any, Callable, List, Mapping, Optional, Tuple
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from requests import PreparedRequest

from ..nodes.url import DEFAULT_PORTS
from .aws_credentials import AwsCredentials
from .credentials import Credential

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
_UNRESERVED = "-_.~"  # beside letters and digits, RFC 3986 section 2.3


class SigV4Auth(Credential):
    """Signs requests to one service of one region; safe to use from several threads.

    A body that can be read twice (bytes, or an object whose ``__iter__`` starts anew) is read once more to be signed
    too, unless ``sign_payload`` is false; any other stream goes as UNSIGNED-PAYLOAD, under the protection of TLS.
    ``credentials`` gives those that are valid now; ``clock`` seconds since the epoch.
    """

    def __init__(
        self,
        credentials: Callable[[], AwsCredentials],
        region: str,
        service: str,
        *,
        sign_payload: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._credentials = credentials
        self._region = region
        self._service = service
        self._sign_payload = sign_payload
        self._clock = clock
        self._seen: Tuple[str, ...] = ()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        credentials = self._credentials()
        self._seen = tuple(filter(None, (credentials.secret_access_key, credentials.session_token)))
        url = canonical_url(request.url or "")
        request.url = url  # what is sent is what is signed, character for character
        payload_hash = hash_of(request.body) if self._sign_payload or not request.body else None
        timestamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock()))
        signed = {"host": host_field(url), "x-amz-date": timestamp, "x-amz-content-sha256": payload_hash or UNSIGNED}
        if credentials.session_token:
            signed["x-amz-security-token"] = credentials.session_token
        for name, value in signed.items():
            if name != "host":  # http.client sends it
                request.headers[name] = value
        if "Content-Type" in request.headers:
            signed["content-type"] = str(request.headers["Content-Type"])
        request.headers["Authorization"] = authorization(
            request.method or "GET", url, signed, credentials, self._region, self._service
        )
        return request

    def secrets(self) -> Tuple[str, ...]:
        return self._seen


def authorization(
    method: str,
    url: str,
    headers: Mapping[str, str],
    credentials: AwsCredentials,
    region: str,
    service: str,
    payload_hash: str = "",
) -> str:
    """The Authorization field of a request. ``url`` is canonical, ``headers`` are all that is signed, lower case.

    They hold "host" and "x-amz-date"; ``payload_hash`` is needed without "x-amz-content-sha256".
    """
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in sorted(headers))
    parts = urlsplit(url)
    request = "\n".join(
        (
            method,
            quote(parts.path or "/", safe="/" + _UNRESERVED),  # encoded a second time, as for all services but S3
            parts.query,
            lines,
            names,
            headers.get("x-amz-content-sha256", payload_hash),
        )
    )
    timestamp = headers["x-amz-date"]
    scope = f"{timestamp[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join((ALGORITHM, timestamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{credentials.secret_access_key}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    signature = _hmac(key, to_sign).hex()
    return f"{ALGORITHM} Credential={credentials.access_key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def canonical_url(url: str) -> str:
    """The same resource: its path without empty and dot segments, its query sorted, everything else encoded."""
    parts = urlsplit(url)
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    encoded = sorted((_encoded(name), _encoded(value)) for name, _, value in pairs)
    query = "&".join(f"{name}={value}" for name, value in encoded)
    return urlunsplit((parts.scheme, parts.netloc, _canonical_path(parts.path), query, ""))


def host_field(url: str) -> str:
    """The Host field that is sent for this URL (RFC 9110 section 7.2)."""
    parts = urlsplit(url)
    default = f":{DEFAULT_PORTS.get(parts.scheme)}"
    return parts.netloc[: -len(default)] if parts.netloc.endswith(default) else parts.netloc


def hash_of(body: Any) -> Optional[str]:
    """SHA-256 of a body in hexadecimal; None for a stream that can be read only once."""
    if body is None or isinstance(body, (bytes, str)):
        data = body.encode() if isinstance(body, str) else body or b""
        return hashlib.sha256(data).hexdigest()
    if not hasattr(body, "__iter__") or hasattr(body, "__next__") or hasattr(body, "read"):
        return None
    digest = hashlib.sha256()
    for chunk in body:
        digest.update(chunk)
    return digest.hexdigest()


def _canonical_path(path: str) -> str:
    segments: List[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(_encoded(segment))
    end = "/" if segments and re.search(r"/\.{0,2}$", path) else ""
    return f"/{'/'.join(segments)}{end}"


def _encoded(text: str) -> str:
    return quote(unquote(text), safe=_UNRESERVED)


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()
