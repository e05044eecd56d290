"""Whose token it is: the claims of an ID token (OpenID Connect Core 1.0 section 3.1.3.7).

The signature is not checked, and need not be: the ID token comes straight from the token endpoint over TLS, which
vouches for the issuer (rule 6 of that section). It is used to show an account's name, and for nothing else.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Mapping

from ..errors import SignInFailed
from ..errors.server_words import excerpt
from ..text import Text

_SKEW = 120.0  # seconds that the provider's clock may differ from ours
_NAMES = ("email", "preferred_username", "upn", "name", "sub")


def account_of(id_token: str, *, issuer: str, client_id: str, nonce: str, now: float) -> str:
    """The account's name, after the claims were checked. ``nonce`` is "" where none was sent (RFC 8628).

    Raises SignInFailed.
    """
    claims = _claims(id_token)
    if claims.get("iss") != issuer:
        raise _refused(
            Text("it is of another issuer, '{issuer}'", issuer=_shown(claims.get("iss"))),
            Text("Check the issuer in the method."),
        )
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise _refused(
            Text("it is for another client, '{client}'", client=_shown(audience)),
            Text("Check the client ID in the method."),
        )
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise _refused(Text("it was issued to another client, '{client}'", client=_shown(claims.get("azp"))))
    expires = claims.get("exp")
    if not isinstance(expires, (int, float)) or now > expires + _SKEW:
        raise _refused(Text("it has expired"), Text("Check the clock of this computer."))
    if nonce and claims.get("nonce") != nonce:
        raise _refused(Text("it belongs to another sign-in (its nonce is not ours)"))
    return next((excerpt(str(claims[name]), 200) for name in _NAMES if claims.get(name)), "")


def _claims(id_token: str) -> Mapping[str, Any]:
    parts = id_token.split(".")
    try:
        payload = parts[1] if len(parts) == 3 else ""
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise _refused(Text("it is missing") if not id_token else Text("it cannot be read"))
    return claims


def _shown(value: object) -> str:
    return excerpt(str(value), 200)


def _refused(cause: str, next_step: str = "") -> SignInFailed:
    return SignInFailed(
        Text("the provider's ID token is refused: {cause}", cause=cause), next_step=next_step or "Sign in again."
    )
