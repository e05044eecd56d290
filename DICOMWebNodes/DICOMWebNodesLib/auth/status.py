"""Where an authentication method stands, told without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ..text import Text
from .method import AuthMethod
from .token import Token


@dataclass(frozen=True)
class AuthStatus:
    """Where a method stands. ``until``: when the token at hand expires, in seconds since the epoch."""

    ready: bool  # whether a request can be signed without a person
    text: str  # "signed in", "sign-in required", "password is missing" ...
    account: str = ""
    until: Optional[float] = None
    renews: bool = False  # by itself
    scope: str = ""


def status_of(method: AuthMethod, *, has_secret: bool, token: Optional[Token], now: float) -> AuthStatus:
    """``has_secret``: whether its secret is kept here; ``token``: what a sign-in left; ``now``: since the epoch."""
    if method.has_secret and not has_secret:
        return AuthStatus(False, Text("{secret} is missing", secret=method.kind.secret))
    if not method.needs_person:
        return AuthStatus(True, Text("ready"))
    if token is None:
        return AuthStatus(False, Text("sign-in required"))
    renews = bool(token.refresh_token)
    ready = renews or not token.is_expired(now)
    text = Text("signed in") if ready else Text("sign-in required: the last one expired")
    return AuthStatus(ready, text, token.account, token.expires_at, renews, token.scope)
