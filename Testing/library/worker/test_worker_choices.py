"""What a provider lists, for a node whose proxy wants a password."""

from __future__ import annotations

import base64

import pytest
import trustme
from canary import canary
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.errors import ProxyAuthenticationRequired, SecretUnavailable
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.worker.values import method_as_dict, node_as_dict
from fakes.google_cloud import GoogleCloud

PASSWORD = canary("proxy-password")


@pytest.fixture
def cloud(worker, tmp_path):
    authority, token = trustme.CA(), canary("google-token")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    method = method_as_dict(AuthMethod("Google", Kind.BEARER))
    uid = worker.ask("auth.add", {"method": method, "secret": token})["uid"]
    with GoogleCloud(authority, token, {"p-1": {}}) as cloud:
        cloud.proxy_authorization = "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
        cloud.way = {"authentication": uid, "proxy": cloud.proxy, "ca_file": str(tmp_path / "ca.pem")}
        yield cloud


def projects(worker, cloud, **options):
    asked = {"provider": "google", "part": "project", "values": {}, **cloud.way, **options}
    worker.ask("providers.choices", asked)
    return [item["value"] for item in worker.items]


def keep_password(worker, proxy):
    node = Node("Archive", "https://archive.example.org", proxy=proxy, proxy_user="ada")
    worker.ask("nodes.add", {"node": node_as_dict(node)})
    worker.ask("auth.set_proxy_password", {"node": "Archive", "password": PASSWORD})


def test_the_password_that_is_typed_opens_the_proxy_for_this_list(worker, cloud):
    assert projects(worker, cloud, proxy_user="ada", proxy_password=PASSWORD) == ["p-1"]
    with pytest.raises(SecretUnavailable, match="Edit the node and give it again"):
        projects(worker, cloud, proxy_user="ada")
    assert PASSWORD not in repr(worker.told)


def test_the_password_that_a_node_keeps_for_this_proxy_and_this_user_opens_it_too(worker, cloud):
    keep_password(worker, cloud.proxy)
    assert projects(worker, cloud, proxy_user="ada") == ["p-1"]
    with pytest.raises(SecretUnavailable):
        projects(worker, cloud, proxy_user="grace")


def test_the_password_for_another_proxy_is_not_told_to_this_one(worker, cloud):
    keep_password(worker, "http://proxy.example.org:3128")
    with pytest.raises(SecretUnavailable):
        projects(worker, cloud, proxy_user="ada")
    with pytest.raises(ProxyAuthenticationRequired):
        projects(worker, cloud)
