"""Who signs people in: the authorization server and its endpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Tuple

from ..errors import InvalidAuthMethod
from ..text import Text
from .plain_http import checked_endpoint

ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "device_authorization_endpoint",
    "revocation_endpoint",
)
"""Named as in RFC 8414 section 2 and OpenID Connect Discovery section 3."""


@dataclass(frozen=True)
class AuthProvider:
    """An authorization server. An endpoint that is "" is discovered from the issuer when it is needed.

    Raises InvalidAuthMethod, with ``field`` set.
    """

    name: str = ""
    issuer: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    device_authorization_endpoint: str = ""
    revocation_endpoint: str = ""
    openid: bool = False  # an OpenID provider: it sends an ID token, which names the account
    iss_in_response: bool = False  # authorization_response_iss_parameter_supported (RFC 9207 section 3)
    allow_plain_http: bool = False  # a person said yes to secrets over plain http
    ca_file: str = ""  # PEM; "": what the system trusts

    def __post_init__(self) -> None:
        for flag in ("openid", "iss_in_response", "allow_plain_http"):
            if not isinstance(getattr(self, flag), bool):
                raise InvalidAuthMethod(
                    Text("{flag} is {value!r}, neither true nor false", flag=flag, value=getattr(self, flag)),
                    field=flag,
                )
        for text in ("name", "ca_file"):
            if not isinstance(getattr(self, text), str):
                raise InvalidAuthMethod(
                    Text("{text} is {value!r}, not text", text=text, value=getattr(self, text)), field=text
                )
        name = " ".join(self.name.split())  # messages quote it
        if not name.isprintable():
            raise InvalidAuthMethod(
                Text("the provider's name {name!r} cannot be shown as it is", name=name[:80]), field="name"
            )
        object.__setattr__(self, "name", name)
        for endpoint in ("issuer", *ENDPOINTS):
            url = getattr(self, endpoint)
            if url != "":
                checked = checked_endpoint(url, endpoint, allow_plain_http=self.allow_plain_http)
                object.__setattr__(self, endpoint, checked)
        if "?" in self.issuer:  # OpenID Connect Discovery section 3, RFC 8414 section 2
            raise InvalidAuthMethod(
                Text("the issuer '{issuer}' has a query", issuer=self.issuer),
                field="issuer",
                next_step="Give it up to the '?'.",
            )

    @property
    def title(self) -> str:
        """How a message calls it."""
        return self.name or self.issuer or self.token_endpoint or Text("the provider")

    def lacks(self, *endpoints: str) -> Tuple[str, ...]:
        """Those of ``endpoints`` that are not known."""
        return tuple(each for each in endpoints if not getattr(self, each))

    def completed(self, discovered: AuthProvider) -> AuthProvider:
        """With what discovery found in the place of what is not given; what a person chose stays."""
        found = {each: getattr(discovered, each) for each in ENDPOINTS if not getattr(self, each)}
        iss_in_response = self.iss_in_response or discovered.iss_in_response
        return replace(self, issuer=discovered.issuer, iss_in_response=iss_in_response, **found)
