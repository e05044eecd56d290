"""Discovery: from an issuer to its endpoints, and from no other issuer's."""

import json

import pytest
from DICOMWebNodesLib.auth.discovery import LIFETIME, Discovery, metadata_urls
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.errors import ConnectionRefused, InvalidAuthMethod
from fakes.authorization_server.server import AuthorizationServer
from fakes.scripted_server import Reply, ScriptedServer

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("issuer", "openid", "oauth"),
    [
        (
            "https://a.example.org",
            "https://a.example.org/.well-known/openid-configuration",
            "https://a.example.org/.well-known/oauth-authorization-server",
        ),
        (
            "https://a.example.org/",
            "https://a.example.org/.well-known/openid-configuration",
            "https://a.example.org/.well-known/oauth-authorization-server",
        ),
        (
            "https://a.example.org:8443/realms/x",
            "https://a.example.org:8443/realms/x/.well-known/openid-configuration",
            "https://a.example.org:8443/.well-known/oauth-authorization-server/realms/x",
        ),
    ],
)
def test_the_metadata_is_where_the_two_specifications_put_it(issuer, openid, oauth):
    assert metadata_urls(issuer) == (openid, oauth)


def test_missing_endpoints_are_filled_in(server):
    found = Discovery().complete(AuthProvider(issuer=server.issuer), "authorization_endpoint", "token_endpoint")
    assert found.token_endpoint == f"{server.issuer}/token"
    assert found.device_authorization_endpoint == f"{server.issuer}/device_authorization"
    assert found.revocation_endpoint == f"{server.issuer}/revoke"
    assert found.iss_in_response


def test_nobody_is_asked_when_nothing_is_missing(server):
    provider = AuthProvider(issuer=server.issuer, token_endpoint="https://a.example.org/t")
    assert Discovery().complete(provider, "token_endpoint") is provider
    assert not server.calls


def test_an_issuer_is_asked_once_an_hour(server, clock):
    discovery, provider = Discovery(clock=clock), AuthProvider(issuer=server.issuer)
    for later, calls in ((0, 1), (LIFETIME, 1), (1, 2)):
        clock.now += later
        discovery.complete(provider, "token_endpoint")
        assert len(server.calls) == calls


def test_a_realm_in_the_path_is_found():
    with AuthorizationServer(path="/realms/hospital") as server:
        found = Discovery().complete(AuthProvider(issuer=server.issuer), "token_endpoint")
    assert found.token_endpoint == f"{server.issuer}/token"


def oauth_metadata(request):
    if "openid" in request.path:
        return Reply(b"<html>", 404, {"Content-Type": "text/html"})
    issuer = f"http://{request.headers['host']}/as"
    return Reply(json.dumps({"issuer": issuer, "token_endpoint": f"{issuer}/t"}).encode(), 200, JSON)


def test_a_server_with_oauth_metadata_only_is_found_too():
    with ScriptedServer(oauth_metadata) as server:
        found = Discovery().complete(AuthProvider(issuer=f"{server.origin}/as"), "token_endpoint")
    assert found.token_endpoint == f"{server.origin}/as/t"


def metadata(**fields):
    def answer(request):
        issuer = f"http://{request.headers['host']}"
        return Reply(json.dumps({"issuer": issuer, "token_endpoint": f"{issuer}/t", **fields}).encode(), 200, JSON)

    return answer


def test_the_issuer_is_spelled_as_its_metadata_does_when_only_the_slash_differs():
    with ScriptedServer(lambda request: metadata(issuer=f"{server.origin}/")(request)) as server:
        found = Discovery().complete(AuthProvider(issuer=server.origin), "token_endpoint")
    assert found.issuer == f"{server.origin}/"


@pytest.mark.parametrize("issuer", ["https://evil.example.org", "", None, 1, ["x"]])
def test_another_issuer_in_the_metadata_is_refused(issuer):
    with ScriptedServer(metadata(issuer=issuer)) as server:
        with pytest.raises(InvalidAuthMethod, match="is that of another issuer") as raised:
            Discovery().complete(AuthProvider(issuer=server.origin), "token_endpoint")
    assert raised.value.field == "issuer"


@pytest.mark.parametrize("endpoint", ["http://evil.example.org/t", "javascript:alert(1)", "https://u:p@a.example.org"])
def test_an_endpoint_that_is_not_safe_is_refused(endpoint):
    with ScriptedServer(metadata(token_endpoint=endpoint)) as server:
        with pytest.raises(InvalidAuthMethod):
            Discovery().complete(AuthProvider(issuer=server.origin), "token_endpoint")


def test_an_endpoint_that_the_provider_does_not_have_is_named():
    with ScriptedServer(metadata()) as server:
        with pytest.raises(InvalidAuthMethod, match="where its device authorization endpoint is") as raised:
            Discovery().complete(AuthProvider(issuer=server.origin), "device_authorization_endpoint")
    assert raised.value.field == "device_authorization_endpoint"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"{}", 404),
        Reply(b"<html>", 200, {"Content-Type": "text/html"}),
        Reply(b"[]", 200, JSON),
        Reply(b"", 302, {"Location": "https://evil.example.org/.well-known/openid-configuration"}),
    ],
)
def test_what_is_no_metadata_is_told_with_the_issuers_field(reply):
    with ScriptedServer(lambda request: reply) as server:
        with pytest.raises(InvalidAuthMethod, match="nothing can be discovered") as raised:
            Discovery().complete(AuthProvider(issuer=server.origin), "token_endpoint")
    assert raised.value.field == "issuer"


def test_an_issuer_that_is_not_there_is_told():
    with pytest.raises(ConnectionRefused, match=r"discover http://127.0.0.1:9.*provider's address"):
        Discovery().complete(AuthProvider(issuer="http://127.0.0.1:9"), "token_endpoint")


def test_a_failure_is_not_remembered(server):
    discovery, provider = Discovery(), AuthProvider(issuer=server.issuer)
    server.replacement["/.well-known/openid-configuration"] = (503, "text/plain", b"")
    server.replacement["/.well-known/oauth-authorization-server"] = (503, "text/plain", b"")
    with pytest.raises(InvalidAuthMethod):
        discovery.complete(provider, "token_endpoint")
    server.replacement.clear()
    assert discovery.complete(provider, "token_endpoint")


def test_a_yes_to_plain_http_is_not_inherited_from_another_provider(server):
    discovery = Discovery()
    discovery.complete(AuthProvider(issuer=server.issuer, allow_plain_http=True), "token_endpoint")
    assert not discovery.complete(AuthProvider(issuer=server.issuer), "token_endpoint").allow_plain_http
