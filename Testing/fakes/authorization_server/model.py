"""What the fake authorization server knows: its clients, and what it has issued."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import FrozenSet, Optional, Tuple


class Refusal(Exception):
    """An error response (RFC 6749 sections 4.1.2.1 and 5.2). ``page``: shown, not sent to the redirect URI."""

    def __init__(self, error: str, description: str, *, status: int = 400, page: bool = False) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status
        self.page = page


@dataclass(frozen=True)
class Client:
    """A registered client. ``redirect_uris`` of the loopback address match with any port (RFC 8252 section 7.3)."""

    client_id: str
    redirect_uris: Tuple[str, ...] = ("http://127.0.0.1/callback",)
    secret: str = ""  # "": a public client
    auth_method: str = "none"
    scopes: FrozenSet[str] = frozenset({"openid", "profile", "email", "offline_access", "dicom"})
    grants: FrozenSet[str] = frozenset({"authorization_code", "refresh_token"})
    parameters: FrozenSet[str] = frozenset()  # others that its authorization requests may have
    audience: str = ""
    device_pkce: bool = False  # wants a code_challenge with a device code, as Keycloak does; otherwise refuses one


@dataclass
class Code:
    """An authorization code and all that it is bound to."""

    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    nonce: str
    expires_at: float
    family: Optional[Family] = None  # what was issued for it, once it was redeemed


@dataclass
class Device:
    """A device code that a person may approve."""

    client_id: str
    user_code: str
    scope: str
    expires_at: float
    interval: float
    asked_at: float
    approved: Optional[bool] = None
    redeemed: bool = False
    challenge: str = ""


@dataclass
class Family:
    """The tokens that come from one sign-in: they are revoked together."""

    client_id: str
    scope: str
    subject: str
    revoked: bool = False
    used: bool = field(default=False, repr=False)  # the client has redeemed something of it


@dataclass
class Issued:
    """A token that was given out."""

    family: Family
    expires_at: float
    spent: bool = False  # a refresh token that was exchanged
