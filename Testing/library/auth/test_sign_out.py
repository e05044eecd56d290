"""Signing out: the provider is told first, then everything is forgotten, whatever the provider says."""

import pytest
from DICOMWebNodesLib.errors import AuthMethodInUse, AuthMethodNotFound
from DICOMWebNodesLib.nodes.node import Node
from fakes.authorization_server.methods import oauth_method, with_endpoints
from fakes.authorization_server.model import Refusal

from .conftest import BASIC, POST, PUBLIC


@pytest.fixture(params=[PUBLIC, BASIC, POST], ids=lambda client: client.auth_method)
def method(request, server, authentication, browser):
    method = oauth_method(server, request.param)
    authentication.add(method, request.param.secret)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    return method


def tokens(authentication, method):
    return authentication._tokens.load(method.uid)


def request_client(server, method):
    return server.authority.clients[method.registration.client_id]


def refresh_fields(token):
    return {"grant_type": "refresh_token", "refresh_token": token.refresh_token}


def test_the_token_is_revoked_at_the_provider_and_forgotten(server, authentication, method):
    token = tokens(authentication, method)
    assert server.authority.is_valid(token.access_token)
    assert authentication.sign_out(method.name) == "signed out, and the token is revoked at Fake"
    assert not server.authority.is_valid(token.access_token)
    with pytest.raises(Refusal, match="revoked refresh token"):
        server.authority._refresh_token(request_client(server, method), refresh_fields(token))
    assert tokens(authentication, method) is None
    assert authentication.status(method.name).text == "sign-in required"


def test_a_provider_that_is_down_does_not_keep_the_token_here(server, authentication, method):
    server.down = True
    told = authentication.sign_out(method.name)
    assert told.startswith("signed out here only: could not sign out:")
    assert "answered 503" in told
    assert tokens(authentication, method) is None


def test_a_provider_that_refuses_is_told(server, authentication, method):
    server.replacement["/revoke"] = (400, "application/json", b'{"error": "invalid_request"}')
    assert "end the session in your account at the provider" in authentication.sign_out(method.name)
    assert tokens(authentication, method) is None


def test_access_tokens_that_cannot_be_revoked_are_no_failure(server, authentication, method):
    server.replacement["/revoke"] = (400, "application/json", b'{"error": "unsupported_token_type"}')
    assert authentication.sign_out(method.name).startswith("signed out, and")


def test_a_provider_without_revocation_is_told(server, authentication, browser):
    endpoints = {"authorization_endpoint": f"{server.issuer}/authorize", "token_endpoint": f"{server.issuer}/token"}
    method = with_endpoints(oauth_method(server, PUBLIC, scope="profile"), issuer="", openid=False, **endpoints)
    authentication.add(method)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    assert "has no way to revoke" in authentication.sign_out(method.name)
    assert tokens(authentication, method) is None


def test_nobody_can_be_signed_out(server, authentication):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    assert authentication.sign_out(method.name) == "nobody was signed in with 'As slicer'"
    assert not server.calls


def test_a_removed_method_leaves_no_secret_behind(authentication, method):
    authentication.remove(method.name)
    assert authentication.secrets._secrets == {}
    with pytest.raises(AuthMethodNotFound, match="'auth list'"):
        authentication.status(method.name)


def test_a_method_in_use_is_not_removed_and_says_who_uses_it(authentication, method):
    nodes = [Node(name, "http://localhost", authentication=method.uid) for name in ("Lab", "Archive")]
    authentication._nodes = lambda: nodes
    with pytest.raises(AuthMethodInUse, match="is the authentication of 'Lab', 'Archive'"):
        authentication.remove(method.name)
    assert authentication.status(method.name).ready
