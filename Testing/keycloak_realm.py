"""The realm for the tests: one person, and a client for each way of signing in."""

from __future__ import annotations

from typing import Any, Dict

REALM = "hospital"
PERSON = "ada"
SHORT = 5  # seconds that a token of the client "slicer-short" lives


def realm(password: str, client_secret: str) -> Dict[str, Any]:
    """Its representation for Keycloak's admin interface. Refresh tokens rotate, and a used one is void."""
    return {
        "realm": REALM,
        "enabled": True,
        "sslRequired": "none",
        "revokeRefreshToken": True,
        "refreshTokenMaxReuse": 0,
        "eventsEnabled": True,
        "oauth2DeviceCodeLifespan": 300,
        "oauth2DevicePollingInterval": 1,
        "users": [
            {
                "username": PERSON,
                "email": "ada@example.org",
                "emailVerified": True,
                "firstName": "Ada",
                "lastName": "Lovelace",
                "enabled": True,
                "credentials": [{"type": "password", "value": password, "temporary": False}],
            }
        ],
        "clients": [
            _client("slicer", publicClient=True),
            _client("slicer-short", publicClient=True, attributes={"access.token.lifespan": str(SHORT)}),
            _client("confidential", secret=client_secret),
            _client("robot", secret=client_secret, standardFlowEnabled=False, serviceAccountsEnabled=True),
        ],
    }


def _client(client_id: str, *, attributes: Any = None, **fields: Any) -> Dict[str, Any]:
    """PKCE with S256 is required, the redirect goes to this computer, any port (RFC 8252)."""
    return {
        "clientId": client_id,
        "enabled": True,
        "publicClient": False,
        "standardFlowEnabled": True,
        "directAccessGrantsEnabled": False,
        "redirectUris": ["http://127.0.0.1/callback"],
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "oauth2.device.authorization.grant.enabled": "true",
            **(attributes or {}),
        },
        **fields,
    }
