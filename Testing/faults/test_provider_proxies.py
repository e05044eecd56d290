"""The way to a provider is the environment's proxy, with the password that a node keeps for that very proxy."""

from __future__ import annotations

import base64

import pytest
from canary import canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, Grant
from DICOMWebNodesLib.errors import DICOMWebNodesError
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.proxy import is_same_proxy
from fakes.authorization_server.server import AuthorizationServer
from fakes.forward_proxy import ForwardProxy

PASSWORD = canary("proxy-password")
WANTED = "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()


@pytest.fixture
def out_through(monkeypatch):
    """``out_through(address)``: the environment says that the way out is this proxy."""
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return lambda address: monkeypatch.setenv("http_proxy", f"http://{address}")


def authentication_with(tmp_path, proxy):
    """A node keeps ada's password for ``proxy``."""
    node = Node("Archive", "https://archive.example.org", proxy=proxy, proxy_user="ada")
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
