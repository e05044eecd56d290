"""Authentication methods in Weasis's form, authenticationNodes.xml."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import fromstring
from xml.sax.saxutils import quoteattr

import pytest
from canary import canary
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, ClientAuthentication, Grant
from DICOMWebNodesLib.auth.weasis import format_methods, methods_of, reason_against
from DICOMWebNodesLib.xml_document import parse_xml
from fakes.authorization_server.model import Client
from fakes.authorization_server.server import AuthorizationServer

REALM = "https://login.example.org/realms/hospital"
KEYCLOAK = {
    "name": "Hospital",
    "auth": f"{REALM}/protocol/openid-connect/auth",
    "token": f"{REALM}/protocol/openid-connect/token",
    "revoke": f"{REALM}/protocol/openid-connect/revoke",
    "openid": "true",
}
CLIENT = {"id": "viewer", "secret": "hunter2", "scope": "openid", "audience": "", "grantType": "code"}
GOOGLE = {
    "name": "Google Cloud Healthcare",
    "auth": "https://accounts.google.com/o/oauth2/v2/auth",
    "token": "https://oauth2.googleapis.com/token",
    "revoke": "https://oauth2.googleapis.com/revoke",
    "openid": "true",
}


def written(attributes):
    return " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items() if value is not None)


def read(provider=KEYCLOAK, uid="68c845fc-93c5", **client):
    text = (
        f"<methods><method uid={quoteattr(uid)} code='refresh-me'><provider {written(provider)}></provider>"
        f"<registration {written({**CLIENT, **client})}></registration></method></methods>"
    )
    (found,) = methods_of(parse_xml(text.encode()))
    return found


def test_a_method_of_weasis_is_one_of_ours():
    found = read()
    assert found.method == AuthMethod(
        name="Hospital",
        kind=Kind.OAUTH2,
        uid="68c845fc-93c5",
        provider=AuthProvider(
            name="Hospital",
            issuer=REALM,
            authorization_endpoint=KEYCLOAK["auth"],
            token_endpoint=KEYCLOAK["token"],
            revocation_endpoint=KEYCLOAK["revoke"],
            openid=True,
        ),
        registration=AuthRegistration(
            client_id="viewer",
            token_endpoint_auth_method=ClientAuthentication.CLIENT_SECRET_BASIC,
            scope="openid",
            redirect_path="",
            authorization_parameters=(("access_type", "offline"), ("prompt", "consent")),
        ),
    )
    assert found.secret == "hunter2"
    assert "hunter2" not in repr(found)
    assert "refresh-me" not in repr(found)


def test_without_a_secret_the_client_is_a_public_one():
    found = read(secret="")
    assert found.method.registration.token_endpoint_auth_method is ClientAuthentication.NONE
    assert found.secret == ""


@pytest.mark.parametrize(
    ("word", "grant"),
    [
        ("code", Grant.AUTHORIZATION_CODE),
        ("client_credentials", Grant.CLIENT_CREDENTIALS),
        ("", Grant.AUTHORIZATION_CODE),
        (None, Grant.AUTHORIZATION_CODE),
    ],
)
def test_the_grant_is_the_same(word, grant):
    assert read(grantType=word).method.registration.grant is grant


def test_scopes_may_be_separated_by_commas_and_semicolons():
    assert read(scope="openid,email; read  write").method.registration.scope == "openid email read write"


def test_the_audience_is_kept():
    assert read(audience="pacs").method.registration.audience == "pacs"


@pytest.mark.parametrize(
    ("provider", "scope", "issuer", "openid"),
    [
        (KEYCLOAK, "openid", REALM, True),
        (GOOGLE, "openid https://www.googleapis.com/auth/cloud-healthcare", "https://accounts.google.com", True),
        (GOOGLE, "https://www.googleapis.com/auth/cloud-healthcare", "https://accounts.google.com", False),
        ({**KEYCLOAK, "openid": "false"}, "openid", REALM, False),
        ({**KEYCLOAK, "auth": "https://login.example.org/authorize"}, "openid", "", False),
    ],
)
def test_an_id_token_is_checked_where_the_issuer_follows_and_one_is_asked_for(provider, scope, issuer, openid):
    found = read(provider, scope=scope).method.provider
    assert (found.issuer, found.openid) == (issuer, openid)


def test_a_method_without_a_uid_gets_one():
    assert len(read(uid="").method.uid) == 32


@pytest.mark.parametrize(
    ("provider", "client", "reason"),
    [
        (KEYCLOAK, {"id": ""}, "the client ID is missing"),
        (KEYCLOAK, {"grantType": "password"}, "its grant is 'password'"),
        (KEYCLOAK, {"grantType": "client_credentials", "secret": ""}, "client credentials need a client secret"),
        ({**KEYCLOAK, "name": " "}, {}, "needs a name"),
        ({**KEYCLOAK, "token": "http://login.example.org/token"}, {}, "is plain http"),
        ({**KEYCLOAK, "auth": "login"}, {}, "'login' is not an http or https URL"),
        ({"name": "Empty"}, {}, "the authorization endpoint is missing"),
    ],
)
def test_a_method_that_cannot_be_used_is_told_with_the_reason(provider, client, reason):
    found = read(provider, **client)
    assert found.method is None
    assert reason in found.reason
    assert found.name
    assert "hunter2" not in found.reason


def test_a_method_without_its_parts_is_told_too():
    (found,) = methods_of(parse_xml(b"<methods><method uid='1'/></methods>"))
    assert (found.name, found.method) == ("a method without a name", None)


def test_what_is_written_for_weasis_is_read_as_the_same_method_but_for_its_secret():
    method = read().method
    content = format_methods([method])
    assert b"hunter2" not in content
    (back,) = methods_of(parse_xml(content))
    public = replace(method.registration, token_endpoint_auth_method=ClientAuthentication.NONE)
    assert back.method == replace(method, registration=public)
    assert fromstring(content)[0].get("code") == ""


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (read().method, ""),
        (AuthMethod("Basic", Kind.BASIC, settings=(("user_name", "ada"),)), "OAuth 2.0 only, not 'basic'"),
        (
            AuthMethod(
                "Device", Kind.OAUTH2, provider=AuthProvider(issuer=REALM), registration=AuthRegistration("viewer")
            ),
            "discovers nothing, and its authorization endpoint is not given",
        ),
        (
            replace(read().method, registration=AuthRegistration("viewer", Grant.DEVICE_CODE)),
            "does not know the grant 'device_code'",
        ),
    ],
)
def test_what_weasis_cannot_have_is_told(method, reason):
    assert reason in reason_against(method)
    assert bool(reason) == bool(reason_against(method))


def test_who_was_registered_for_weasis_signs_in_with_the_imported_method(authentication, browser, clock):
    client = Client(
        "viewer",
        redirect_uris=("http://127.0.0.1",),
        secret=canary("client-secret"),
        auth_method="client_secret_basic",
        grants=frozenset({"authorization_code", "refresh_token"}),
        parameters=frozenset({"access_type", "prompt", "audience"}),
    )
    with AuthorizationServer(client, clock=clock) as server:
        metadata = server.authority.metadata()
        provider = {"name": "Fake", "auth": metadata["authorization_endpoint"], "token": metadata["token_endpoint"]}
        found = read(provider, secret=client.secret, scope="profile, offline_access", audience="pacs")
        authentication.add(found.method, found.secret)
        authentication.sign_in("Fake", open_browser=browser).wait(10)
        assert authentication.status("Fake").ready
        assert not server.authority.refusals
