"""From an issuer to its endpoints: OpenID Connect Discovery 1.0 section 4, and RFC 8414 section 3."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from ..errors import DICOMWebNodesError, InvalidAuthMethod, ResponseError
from ..errors.server_words import excerpt
from ..text import Text
from .back_channel import BackChannel
from .field_names import name_of
from .provider import ENDPOINTS, AuthProvider

LIFETIME = 3600.0  # seconds that metadata is believed


class Discovery:
    """Reads the metadata of issuers, each once an hour; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: Dict[Tuple[str, bool, str], Tuple[float, Optional[AuthProvider]]] = {}

    def complete(
        self, provider: AuthProvider, *endpoints: str, back_channel: Optional[BackChannel] = None
    ) -> AuthProvider:
        """``provider`` with what its issuer says, asked only when one of ``endpoints`` is missing.

        ``back_channel``: the way to the issuer; None: as the environment and the provider say. Raises
        InvalidAuthMethod when the issuer's metadata lacks one, or is that of another issuer.
        """
        if not provider.lacks(*endpoints):
            return provider
        completed = provider.completed(self.provider(provider, back_channel))
        missing = completed.lacks(*endpoints)
        if missing:
            raise InvalidAuthMethod(
                Text(
                    "{issuer} does not say where its {missing} is",
                    issuer=provider.issuer,
                    missing=name_of(missing[0]),
                ),
                field=missing[0],
                next_step="Give it, or choose another grant: the provider may not offer this one.",
            )
        return completed

    def provider(self, provider: AuthProvider, back_channel: Optional[BackChannel] = None) -> AuthProvider:
        """What the issuer says of itself; ``back_channel`` as of :meth:`complete`."""
        key = (provider.issuer, provider.allow_plain_http, provider.ca_file)
        with self._lock:
            read_at, found = self._found.get(key, (0.0, None))
        if found is None or self._clock() - read_at > LIFETIME:
            # Without the lock: one slow issuer shall not hold up the others.
            found = self._read(provider, back_channel or BackChannel(provider.ca_file))
            with self._lock:
                self._found[key] = (self._clock(), found)
        return found

    def _read(self, provider: AuthProvider, back_channel: BackChannel) -> AuthProvider:
        problem: Optional[DICOMWebNodesError] = None
        for url in metadata_urls(provider.issuer):
            answer = back_channel.get(url, asked=Text("discover {issuer}", issuer=provider.issuer))
            try:
                if answer.status != 200:
                    cause = Text("{host} answered {answer}", host=url, answer=answer.status_line)
                    raise ResponseError(cause, status=answer.status)
                return _provider_of(answer.json_object(), provider)
            except InvalidAuthMethod:
                raise
            except DICOMWebNodesError as error:
                problem = problem or error
        raise InvalidAuthMethod(
            Text(
                "nothing can be discovered from the issuer '{issuer}': {cause}",
                issuer=provider.issuer,
                cause=problem.cause if problem else "",
            ),
            field="issuer",
            next_step="Check the issuer's URL, or give its endpoints.",
        )


def metadata_urls(issuer: str) -> Tuple[str, str]:
    """Where the metadata is: OpenID's way, behind the issuer's path, and RFC 8414's, between host and path."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    host = f"{parts.scheme}://{parts.netloc}"
    return f"{host}{path}/.well-known/openid-configuration", f"{host}/.well-known/oauth-authorization-server{path}"


def _provider_of(metadata: Mapping[str, Any], asked: AuthProvider) -> AuthProvider:
    issuer = metadata.get("issuer")
    # A final slash makes no other metadata URL (both specifications drop it), so it cannot be a mix-up.
    if not isinstance(issuer, str) or issuer.rstrip("/") != asked.issuer.rstrip("/"):
        raise InvalidAuthMethod(
            Text(
                "the metadata of '{issuer}' is that of another issuer, '{other}'",
                issuer=asked.issuer,
                other=excerpt(str(issuer), 200),
            ),
            field="issuer",
            next_step="Give the issuer exactly as the provider writes it.",
        )
    endpoints = {name: metadata[name] for name in ENDPOINTS if isinstance(metadata.get(name), str)}
    return AuthProvider(
        issuer=issuer,
        iss_in_response=metadata.get("authorization_response_iss_parameter_supported") is True,
        allow_plain_http=asked.allow_plain_http,
        **endpoints,
    )
