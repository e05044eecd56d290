"""Proxies with and without password, and proxies that break down; the password is nowhere to be seen."""

from __future__ import annotations

import base64
import random
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import trustme
from DICOMWebNodesLib.auth.open_secrets import file_of_secrets
from DICOMWebNodesLib.auth.proxy_credential import ProxyCredential
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import ProxyAuthenticationRequired, SecretUnavailable
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.tls import TLS
from fakes.forward_proxy import ForwardProxy
from fakes.origin_server import OriginServer
from fakes.scripted_server import ScriptedServer, json_reply
from faults.property import assert_accounted_for, origin_files_in, retrieve

LIBRARY = Path(__file__).parents[2] / "DICOMWebNodes"
STUDY = Resource("1.2.3")
PASSWORD = "pa55/word@hush"  # not even such characters let it out
WANTED = "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
QUOTED = "ada:pa55%2Fword%40hush@"


@pytest.fixture(scope="module")
def origin_files(tmp_path_factory):
    series = {Resource(*STUDY.uids, f"1.2.3.{number}"): [20_000] * 4 for number in (1, 2)}
    return origin_files_in(tmp_path_factory.mktemp("origin"), series)


def search_by(proxy, url, settings, *, user="", ca_file="", node_options=(), stdin=""):
    """What the command line says, with everything that it can log."""
    run = [sys.executable, "-m", "DICOMWebNodesLib"]
    environ = {"DICOMWEBNODES_HOME": str(settings), "PATH": "", "REQUESTS_CA_BUNDLE": ca_file}
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"):
        environ[name] = f"http://{user}{proxy.address}"
    options = {"cwd": LIBRARY, "env": environ, "capture_output": True, "text": True, "check": False}
    subprocess.run([*run, "nodes", "add", "Ward", url, *node_options], input=stdin, **options)
    done = subprocess.run([*run, "search", "studies", "Ward", "--json", "-vv"], **options)
    logs = "".join(path.read_text("utf-8", "replace") for path in settings.rglob("*") if path.is_file())
    return done, done.stdout + done.stderr + logs


def assert_hidden(said):
    for secret in (PASSWORD, QUOTED, "pa55", WANTED.split()[1]):
        assert secret not in said


@pytest.fixture(scope="module", params=["http", "https"])
def found(request, tmp_path_factory):
    """A server in either form, and the CA file that it needs."""
    authority, context = trustme.CA(), None
    ca_file = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    if request.param == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
    with ScriptedServer(lambda request: json_reply([]), tls=context) as server:
        yield server, str(ca_file)


@pytest.mark.parametrize("user", [QUOTED, "ada:pa55/word@hush@"], ids=["escaped", "as it is"])
def test_a_proxy_that_is_given_its_password_lets_through_and_nobody_sees_it(user, found, tmp_path):
    server, ca_file = found
    with ForwardProxy(WANTED) as proxy:
        done, said = search_by(proxy, server.url, tmp_path, user=user, ca_file=ca_file)
    assert done.returncode == 0, said
    assert proxy.asked
    assert_hidden(said)
    assert all("proxy-authorization" not in request.headers for request in server.requests)


@pytest.mark.parametrize("user", ["", "ada:pa55wrong@"], ids=["none", "wrong"])
def test_a_proxy_that_wants_another_password_is_named_with_the_way_out(user, found, tmp_path):
    server, ca_file = found
    with ForwardProxy(WANTED) as proxy:
        done, said = search_by(proxy, server.url, tmp_path, user=user, ca_file=ca_file)
    assert done.returncode not in (0, 1), said
    assert "wants a user name and a password, or others. Give its user name and password beside" in said
    assert "the node's proxy; or in the environment" in said
    assert len(proxy.asked) == 1, "asked again with the same password"
    assert_hidden(said)


def test_the_proxy_of_a_node_has_the_password_that_the_environment_gives_for_it(found, tmp_path):
    server, ca_file = found
    with ForwardProxy(WANTED) as proxy:
        of_node = ("--proxy", f"http://{proxy.address}")
        done, said = search_by(proxy, server.url, tmp_path, user=QUOTED, ca_file=ca_file, node_options=of_node)
    assert done.returncode == 0, said
    assert_hidden(said)


def test_a_node_keeps_the_password_for_its_proxy_and_tells_it_to_that_proxy_only(found, tmp_path):
    server, ca_file = found
    secrets = file_of_secrets(tmp_path)
    secrets.create()
    with ForwardProxy(WANTED) as proxy:
        of_node = ("--proxy", f"http://{proxy.address}", "--proxy-user", "ada", "--proxy-password-stdin")
        done, said = search_by(
            proxy, server.url, tmp_path, ca_file=ca_file, node_options=of_node, stdin=f"{PASSWORD}\n"
        )
    assert done.returncode == 0, said
    assert proxy.asked
    assert all("proxy-authorization" not in request.headers for request in server.requests)
    assert PASSWORD not in (tmp_path / "nodes.json").read_text()
    assert_hidden(said.replace(secrets.path.read_text(), ""))


@pytest.mark.parametrize("seed", range(5))
def test_a_proxy_that_breaks_down_at_random_bytes_costs_no_instance(seed, origin_files, tmp_path):
    rng = random.Random(seed)
    cuts = [rng.choice([None, rng.randrange(100_000)]) for _ in range(6)]
    with (
        OriginServer(origin_files.values()) as server,
        ForwardProxy(cut_after=lambda: cuts.pop() if cuts else None) as proxy,
    ):
        summary = retrieve(server, tmp_path, [STUDY], proxy=f"http://{proxy.address}")
    assert summary.complete
    assert assert_accounted_for(summary, tmp_path, origin_files) == set(origin_files)


def test_another_password_counts_without_a_new_session(found):
    server, ca_file = found
    passwords = ["wrong"]
    with ForwardProxy(WANTED) as proxy:
        node = Node("Ward", server.url, proxy=f"http://{proxy.address}", proxy_user="ada", tls=TLS(ca_file=ca_file))
        session = Session(node, ProxyCredential("ada", lambda: passwords[-1], None))
        with pytest.raises(ProxyAuthenticationRequired), session.request("GET", "studies", asked="search"):
            pass
        passwords.append(PASSWORD)
        with session.request("GET", "studies", asked="search") as answer:
            assert list(answer.json()) == []


def test_a_password_that_is_not_kept_here_is_asked_for_before_the_proxy_is(found):
    server, ca_file = found

    def nothing_kept():
        raise SecretUnavailable("it is not kept here")

    with ForwardProxy(WANTED) as proxy:
        node = Node("Ward", server.url, proxy=f"http://{proxy.address}", proxy_user="ada", tls=TLS(ca_file=ca_file))
        session = Session(node, ProxyCredential("ada", nothing_kept, None))
        with pytest.raises(SecretUnavailable, match="Ward"), session.request("GET", "studies", asked="search"):
            pass
    assert proxy.asked == []
