"""The credential that signs with a token which may change under way."""

from __future__ import annotations

import threading
from collections import deque
from typing import Deque, Optional, Tuple

from requests import PreparedRequest

from .credentials import Credential
from .token import Token
from .token_source import TokenSource

_REMEMBERED = 16  # tokens; an answer may repeat one that was renewed since


class OAuthCredential(Credential):
    """Sends ``Authorization: Bearer`` (RFC 6750 section 2.1) with the token that ``source`` gives."""

    def __init__(self, source: TokenSource, *secrets: str) -> None:
        self._source = source
        self._secrets = secrets
        self._seen: Deque[str] = deque(maxlen=2 * _REMEMBERED)
        self._this_thread = threading.local()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        token = self._this_thread.sent = self._remember(self._source.token())
        request.headers["Authorization"] = f"Bearer {token.access_token}"
        return request

    def renew(self) -> bool:
        """Get another token than the one that this thread sent last. Raises SignInRequired when there is none."""
        sent: Optional[Token] = getattr(self._this_thread, "sent", None)
        replacement: Optional[Token] = getattr(self._this_thread, "replacement", None)
        if sent is not None and sent == replacement and self._source.is_young(sent):
            return False  # a new token did not help, and another new one will not either
        refused = sent.access_token if sent is not None else ""
        token = self._this_thread.replacement = self._remember(self._source.token(refused))
        return token.access_token != refused

    def secrets(self) -> Tuple[str, ...]:
        return (*self._secrets, *self._seen)

    def _remember(self, token: Token) -> Token:
        for secret in (token.access_token, token.refresh_token):
            if secret and secret not in self._seen:
                self._seen.append(secret)
        return token
