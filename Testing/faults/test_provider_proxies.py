"""The way to a provider is the environment's proxy, else that of a node which signs in there; a password that a node
keeps for a proxy is told to that very proxy only."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from canary import canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, Grant
from DICOMWebNodesLib.errors import DICOMWebNodesError
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.proxy import is_same_proxy
from fakes.authorization_server.methods import oauth_method
from fakes.authorization_server.model import Client
from fakes.authorization_server.server import AuthorizationServer
from fakes.forward_proxy import ForwardProxy
from requests import Request

PASSWORD = canary("proxy-password")
WANTED = "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()


@pytest.fixture
def out_through(monkeypatch):
    """``out_through(address)``: the environment says that the way out is this proxy."""
    for name in ("no_proxy", "https_proxy", "all_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return lambda address: monkeypatch.setenv("http_proxy", f"http://{address}")


def authentication_with(tmp_path, proxy, signs_in_by=""):
    """A node keeps ada's password for ``proxy``; ``signs_in_by``: the uid of its authentication method."""
    node = Node("Archive", "https://archive.example.org", proxy=proxy, proxy_user="ada", authentication=signs_in_by)
    authentication = Authentication(tmp_path, nodes=lambda: [node])
    authentication.of_nodes.set_proxy_password(node, PASSWORD)
    return authentication


def method(issuer):
    registration = AuthRegistration(client_id="viewer", grant=Grant.AUTHORIZATION_CODE)
    provider = AuthProvider(issuer=issuer, allow_plain_http=True)
    return AuthMethod("Provider", Kind.OAUTH2, provider=provider, registration=registration)


def test_a_provider_is_reached_through_the_proxy_with_the_password_that_a_node_keeps_for_it(tmp_path, out_through):
    with AuthorizationServer() as server, ForwardProxy(WANTED) as proxy:
        out_through(proxy.address)
        authentication = authentication_with(tmp_path, f"http://{proxy.address}")
        found = authentication.discovered(method(server.issuer))
    assert found.provider.token_endpoint == f"{server.issuer}/token"
    assert proxy.asked


@pytest.mark.parametrize("of_node", ["http://proxy.example.org:3128", "https://{address}"], ids=["another", "over TLS"])
def test_the_password_for_one_proxy_is_told_to_no_other(of_node, tmp_path, out_through):
    with AuthorizationServer() as server, ForwardProxy(WANTED) as elsewhere:
        out_through(elsewhere.address)
        authentication = authentication_with(tmp_path, of_node.format(address=elsewhere.address))
        with pytest.raises(DICOMWebNodesError, match="407"):
            authentication.discovered(method(server.issuer))
    assert set(elsewhere.told) == {""}


def test_a_node_with_a_proxy_of_its_own_signs_in_through_it(tmp_path, out_through):
    """What its issuer says, the token and its revocation: nothing of it goes another way."""
    robot = Client(
        "robot", (), canary("client-secret"), "client_secret_basic", grants=frozenset({"client_credentials"})
    )
    with AuthorizationServer(robot) as server, ForwardProxy(WANTED) as proxy:
        by = oauth_method(server, robot, grant=Grant.CLIENT_CREDENTIALS, scope="dicom")
        by = replace(by, provider=AuthProvider(issuer=server.issuer, allow_plain_http=True))
        authentication = authentication_with(tmp_path, f"http://{proxy.address}", by.uid)
        authentication.add(by, robot.secret)
        (node,) = authentication._nodes()
        signed = authentication.credential_for(node)(Request("GET", node.url).prepare())
        assert server.authority.is_valid(signed.headers["Authorization"].partition(" ")[2])
        assert len(proxy.asked) == len(server.calls) > 1
        assert set(proxy.told) == {WANTED}


def test_a_node_that_does_not_sign_in_by_a_method_is_no_way_to_its_provider(tmp_path, out_through):
    with AuthorizationServer() as server, ForwardProxy(WANTED) as proxy:
        authentication = authentication_with(tmp_path, f"http://{proxy.address}", "another")
        assert authentication.discovered(method(server.issuer)).provider.token_endpoint
    assert not proxy.asked


def test_the_proxy_that_the_environment_names_comes_before_that_of_a_node_whose_password_it_is_not_told(
    tmp_path, out_through
):
    with AuthorizationServer() as server, ForwardProxy(WANTED) as of_node, ForwardProxy() as elsewhere:
        by = method(server.issuer)
        out_through(elsewhere.address)
        authentication = authentication_with(tmp_path, f"http://{of_node.address}", by.uid)
        assert authentication.discovered(by).provider.token_endpoint
    assert not of_node.asked
    assert set(elsewhere.told) == {""}


def test_a_provider_that_no_proxy_excludes_is_asked_without_the_proxy_of_a_node(tmp_path, out_through, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with AuthorizationServer() as server, ForwardProxy(WANTED) as proxy:
        by = method(server.issuer)
        authentication = authentication_with(tmp_path, f"http://{proxy.address}", by.uid)
        assert authentication.discovered(by).provider.token_endpoint
    assert not proxy.asked


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://Proxy:3128", "proxy:3128", True),
        ("http://proxy:3128/", "http://proxy:3128", True),
        ("http://proxy:3128", "http://proxy:8080", False),
        ("http://proxy:3128", "https://proxy:3128", False),
    ],
)
def test_proxies_are_the_same_by_how_and_where_they_are_talked_to(one, other, same):
    assert is_same_proxy(one, other) is same
