"""Weasis's form of authentication methods, authenticationNodes.xml, as Weasis 4.7 reads and writes it.

::

    <methods>
      <method uid="..." code="...">
        <provider name="..." auth="https://..." token="https://..." revoke="https://..." openid="true"/>
        <registration id="..." secret="..." scope="..." audience="..." grantType="code"/>
      </method>
    </methods>

=====================  ======================================================================================
uid                    uid
code                   a refresh token: left out, the person signs in here once
provider name          name of the method and of its provider
provider auth          authorization_endpoint
provider token         token_endpoint
provider revoke        revocation_endpoint
provider openid        openid, where the issuer follows from the endpoint and the scope asks for an ID token
registration id        client_id
registration secret    the secret, which Weasis sends as client_secret_basic; none: a public client
registration scope     scope; Weasis takes commas and semicolons too
registration audience  audience
registration grantType grant: "code", which is also meant by nothing, or "client_credentials"
=====================  ======================================================================================

What Weasis does for every method is done here for those: the redirect URI has no path, and the provider is asked
for consent and for a refresh token.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Iterable, Optional, Tuple
from xml.etree.ElementTree import Element, SubElement, tostring

from ..errors import InvalidAuthMethod
from ..text import Text
from .field_names import name_of
from .method import AuthMethod, Kind
from .provider import AuthProvider
from .registration import AuthRegistration, ClientAuthentication, Grant

ROOT = "methods"

_GRANTS = {
    "": Grant.AUTHORIZATION_CODE,
    "code": Grant.AUTHORIZATION_CODE,
    "client_credentials": Grant.CLIENT_CREDENTIALS,
}
_WORDS = {Grant.AUTHORIZATION_CODE: "code", Grant.CLIENT_CREDENTIALS: "client_credentials"}
_PARAMETERS = (("access_type", "offline"), ("prompt", "consent"))
# Weasis does not know the issuer, without which an ID token cannot be checked.
_ISSUERS = (
    (re.compile(r"(https://accounts\.google\.com)/o/oauth2/v2/auth"), r"\1"),
    (re.compile(r"(https?://.+/realms/[^/]+)/protocol/openid-connect/auth"), r"\1"),  # Keycloak
)


@dataclass(frozen=True)
class WeasisMethod:
    """One method of the file, or the reason why it is none here; its secret, "" when there is none."""

    name: str
    method: Optional[AuthMethod] = None
    reason: str = ""
    secret: str = field(default="", repr=False)


def methods_of(root: Element) -> Tuple[WeasisMethod, ...]:
    """All methods of a document whose root is :data:`ROOT`."""
    return tuple(_read(element) for element in root if element.tag == "method")


def reason_against(method: AuthMethod) -> str:
    """Why Weasis cannot have this method; "" when it can."""
    if method.provider is None or method.registration is None:
        return Text("Weasis knows OAuth 2.0 only, not '{kind}'", kind=method.kind.value)
    if method.registration.grant not in _WORDS:
        return Text("Weasis does not know the grant '{grant}'", grant=method.registration.grant.value)
    missing = method.provider.lacks(*method.registration.grant.endpoints)
    return (
        Text("Weasis discovers nothing, and its {missing} is not given", missing=name_of(missing[0])) if missing else ""
    )


def format_methods(methods: Iterable[AuthMethod]) -> bytes:
    """The document that Weasis reads, of methods that :func:`reason_against` has nothing against; without secrets."""
    root = Element(ROOT)
    for method in methods:
        provider, registration = method.provider, method.registration
        assert provider is not None
        assert registration is not None
        element = SubElement(root, "method", {"uid": method.uid, "code": ""})
        about_provider = {
            "name": method.name,
            "auth": provider.authorization_endpoint,
            "token": provider.token_endpoint,
            "revoke": provider.revocation_endpoint,
            "openid": "true" if provider.openid else "false",
        }
        SubElement(element, "provider", about_provider)
        about_client = {
            "id": registration.client_id,
            "secret": "",
            "scope": registration.scope,
            "audience": registration.audience,
            "grantType": _WORDS[registration.grant],
        }
        SubElement(element, "registration", about_client)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _read(element: Element) -> WeasisMethod:
    provider, registration = (_child(element, name) for name in ("provider", "registration"))
    name = provider.get("name", "").strip()
    secret = registration.get("secret", "").strip()
    try:
        method = AuthMethod(
            name=name,
            kind=Kind.OAUTH2,
            provider=_provider(provider, registration),
            registration=_registration(registration, bool(secret)),
            uid=element.get("uid") or uuid.uuid4().hex,
        )
    except InvalidAuthMethod as error:
        return WeasisMethod(name or Text("a method without a name"), reason=error.cause)
    return WeasisMethod(name, method, secret=secret)


def _provider(element: Element, registration: Element) -> AuthProvider:
    endpoint = element.get("auth", "").strip()
    issuer = next((match.expand(issuer) for form, issuer in _ISSUERS if (match := form.fullmatch(endpoint))), "")
    return AuthProvider(
        name=element.get("name", "").strip(),
        issuer=issuer,
        authorization_endpoint=endpoint,
        token_endpoint=element.get("token", "").strip(),
        revocation_endpoint=element.get("revoke", "").strip(),
        openid=element.get("openid") == "true" and bool(issuer) and "openid" in _scope(registration),
    )


def _registration(element: Element, is_confidential: bool) -> AuthRegistration:
    word = element.get("grantType", "").strip()
    if word not in _GRANTS:
        raise InvalidAuthMethod(Text("its grant is '{word}'", word=word), field="grant")
    return AuthRegistration(
        client_id=element.get("id", ""),
        grant=_GRANTS[word],
        token_endpoint_auth_method=(
            ClientAuthentication.CLIENT_SECRET_BASIC if is_confidential else ClientAuthentication.NONE
        ),
        scope=" ".join(_scope(element)),
        audience=element.get("audience", ""),
        redirect_path="",
        authorization_parameters=_PARAMETERS,
    )


def _scope(registration: Element) -> Tuple[str, ...]:
    return tuple(filter(None, re.split(r"[,;\s]+", registration.get("scope", ""))))


def _child(element: Element, name: str) -> Element:
    found = element.find(name)
    return Element(name) if found is None else found
