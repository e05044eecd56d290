"""Takes a token back at the provider (RFC 7009)."""

from __future__ import annotations

from urllib.parse import urlencode

from ..errors import SignInFailed
from ..text import Text
from .back_channel import Answer
from .token import Token
from .token_endpoint import TokenEndpoint


def revoke(endpoint: TokenEndpoint, token: Token) -> None:
    """Refresh token first: with it go all that were made from it (section 2.1); then the access token.

    Raises SignInFailed when the provider refuses, and what the back channel raises.
    """
    for value, hint in ((token.refresh_token, "refresh_token"), (token.access_token, "access_token")):
        if not value:
            continue
        form = {"token": value, "token_type_hint": hint, **endpoint.client_parameters()}
        answer = endpoint.post(endpoint.provider.revocation_endpoint, urlencode(form), asked="sign out")
        if answer.status != 200 and not _unsupported_kind(answer):
            raise SignInFailed(
                Text(
                    "{provider} answered {answer} to the revocation",
                    provider=endpoint.provider.title,
                    answer=answer.status_line,
                ),
                asked="sign out",
                next_step="The token was forgotten here; end the session in your account at the provider as well.",
            )


def _unsupported_kind(answer: Answer) -> bool:
    """Section 2.2.1: a provider need not take back access tokens that live for minutes."""
    return "unsupported_token_type" in answer.body
