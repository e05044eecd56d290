"""Authentication methods for the clients of a running fake."""

from __future__ import annotations

from dataclasses import replace

from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, ClientAuthentication, Grant

from .model import Client
from .server import AuthorizationServer


def oauth_method(server: AuthorizationServer, client: Client, **registration: object) -> AuthMethod:
    """A method that knows the issuer and the client; everything else is discovered. Keywords go to its registration."""
    fields = {
        "client_id": client.client_id,
        "scope": "openid profile",
        "token_endpoint_auth_method": ClientAuthentication(client.auth_method),
        **registration,
    }
    is_openid = fields.get("grant") is not Grant.CLIENT_CREDENTIALS
    provider = AuthProvider(name="Fake", issuer=server.issuer, openid=is_openid)
    return AuthMethod(f"As {client.client_id}", Kind.OAUTH2, provider=provider, registration=AuthRegistration(**fields))


def with_endpoints(method: AuthMethod, **provider: object) -> AuthMethod:
    """The same with another provider; keywords are its fields."""
    return replace(method, provider=replace(method.provider, **provider))
