"""What messages call the fields of a method, its provider and its registration."""

from __future__ import annotations

from ..text import Text

_NAMES = {
    "audience": Text("audience"),
    "authorization_endpoint": Text("authorization endpoint"),
    "client_id": Text("client ID"),
    "device_authorization_endpoint": Text("device authorization endpoint"),
    "grant": Text("grant"),
    "issuer": Text("issuer"),
    "kind": Text("kind"),
    "provider": Text("provider"),
    "registration": Text("registration"),
    "revocation_endpoint": Text("revocation endpoint"),
    "token_endpoint": Text("token endpoint"),
    "token_endpoint_auth_method": Text("token endpoint auth method"),
}


def name_of(field: str) -> str:
    return _NAMES.get(field) or field.replace("_", " ")
