"""The client credentials grant (RFC 6749 section 4.4): this program signs in by itself."""

from __future__ import annotations

from .token import Token
from .token_endpoint import ErrorResponse, TokenEndpoint


def client_token(endpoint: TokenEndpoint) -> Token:
    """A new token for the client. Raises SignInFailed and what the token endpoint raises."""
    try:
        return endpoint.client_credentials()
    except ErrorResponse as error:
        raise error.refused(endpoint.provider, "get a token for the client") from None
