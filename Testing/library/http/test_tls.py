"""Who a server is, who we are, and what stands between: TLS, with an authority of the test's own, and proxies."""

import contextlib
import datetime
import socket
import ssl
import threading

import pytest
import trustme
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import ConnectionLost, NoTLS, ProxyFailed, RedirectRefused, TLSFailed
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.tls import TLS
from DICOMWebNodesLib.proxy import trusted_authorities
from fakes.scripted_server import Reply, ScriptedServer, json_reply

ADVICE = "Give the node the CA file of your institution, or correct the host name in its URL"


def server_context(certificate, client_authority=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if client_authority is not None:
        client_authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def ask(server, **tls):
    session = Session(Node("Ward", server.url, tls=TLS(**tls)), pacer=Pacer(attempts=1))
    with session.request("GET", "studies", asked="search studies") as response:
        return response.json()


@contextlib.contextmanager
def only_tls(authority):
    """Ends a connection that begins with anything else than a handshake; gives the URL with http."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection, contextlib.suppress(OSError):
                server_context(authority.issue_cert("127.0.0.1")).wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def test_a_server_with_a_certificate_of_the_nodes_ca_file_is_trusted(authority, ca_file):
    context = server_context(authority.issue_cert("127.0.0.1"))
    with ScriptedServer([json_reply([1])], tls=context) as server:
        assert ask(server, ca_file=ca_file) == [1]


def test_a_body_of_many_records_comes_whole(authority, ca_file):
    content = [number.to_bytes(4, "big") * 5000 for number in range(300)]
    context = server_context(authority.issue_cert("127.0.0.1"))
    with ScriptedServer([Reply(b"".join(content))], tls=context) as server:
        session = Session(Node("Ward", server.url, tls=TLS(ca_file=ca_file)), pacer=Pacer(attempts=1))
        with session.request("GET", "studies", asked="search studies") as response:
            assert b"".join(response.chunks()) == b"".join(content)


def test_a_certificate_of_an_unknown_authority_is_refused_with_the_way_out(authority):
    with ScriptedServer([], tls=server_context(authority.issue_cert("127.0.0.1"))) as server:
        with pytest.raises(TLSFailed, match=ADVICE) as caught:
            ask(server)
    assert str(caught.value).startswith("Ward: could not search studies: no secure connection to 127.0.0.1:")


def test_a_server_that_speaks_plain_http_is_called_so():
    with ScriptedServer([]) as server:
        node = Node("Ward", server.url.replace("http:", "https:"))
        with pytest.raises(NoTLS, match=r"does not speak TLS.*reached with http://") as caught:
            with Session(node, pacer=Pacer(attempts=1)).request("GET", "studies", asked="search studies"):
                pass
    assert "CA file" not in str(caught.value)


def test_a_server_that_speaks_only_tls_is_suspected_where_the_connection_is_lost(authority):
    with only_tls(authority) as url:
        with pytest.raises(ConnectionLost, match="reached with https://, not http://"):
            with Session(Node("Ward", url), pacer=Pacer(attempts=1)).request("GET", "studies", asked="search studies"):
                pass


@pytest.mark.parametrize(
    ("given", "environ", "trusted"),
    [
        ("", {}, True),
        ("", {"CURL_CA_BUNDLE": "curl.pem"}, "curl.pem"),
        ("", {"CURL_CA_BUNDLE": "curl.pem", "REQUESTS_CA_BUNDLE": "requests.pem"}, "requests.pem"),
        ("node.pem", {"REQUESTS_CA_BUNDLE": "requests.pem"}, "node.pem"),
    ],
    ids=["what comes with requests", "curl's", "requests' own", "the node's"],
)
def test_whom_nodes_and_sign_ins_trust_the_environment_may_say(given, environ, trusted):
    assert trusted_authorities(given, environ) == trusted


def test_the_wrong_ca_file_does_not_help(authority, tmp_path):
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    with ScriptedServer([], tls=server_context(authority.issue_cert("127.0.0.1"))) as server, pytest.raises(TLSFailed):
        ask(server, ca_file=str(tmp_path / "other.pem"))


def test_a_certificate_for_another_host_is_refused(authority, ca_file):
    with ScriptedServer([], tls=server_context(authority.issue_cert("pacs.example"))) as server:
        with pytest.raises(TLSFailed, match=r"127\.0\.0\.1'\. Give"):  # OpenSSL ends its sentence by itself
            ask(server, ca_file=ca_file)


def test_an_expired_certificate_is_called_so(authority, ca_file):
    yesterday = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    with ScriptedServer([], tls=server_context(authority.issue_cert("127.0.0.1", not_after=yesterday))) as server:
        with pytest.raises(TLSFailed, match="expired"):
            ask(server, ca_file=ca_file)


def test_verification_can_be_turned_off_for_a_node(authority):
    with ScriptedServer([json_reply([1])], tls=server_context(authority.issue_cert("pacs.example"))) as server:
        with pytest.warns(Warning, match="Unverified HTTPS request"):
            assert ask(server, verify=False) == [1]


def test_a_client_certificate_is_shown_to_the_server_that_wants_one(authority, ca_file, tmp_path):
    context = server_context(authority.issue_cert("127.0.0.1"), client_authority=authority)
    client = authority.issue_cert("me@example.org")
    client.private_key_and_cert_chain_pem.write_to_path(tmp_path / "me.pem")
    with ScriptedServer([json_reply([1])], tls=context) as server:
        assert ask(server, ca_file=ca_file, client_certificate=str(tmp_path / "me.pem")) == [1]
    with ScriptedServer([], tls=context) as server, pytest.raises((TLSFailed, ConnectionLost)):
        ask(server, ca_file=ca_file)


def test_a_client_certificate_is_not_shown_to_another_server(authority, ca_file, tmp_path):
    """One that wants to see it, and to which the node's server redirects."""
    client = authority.issue_cert("me@example.org")
    client.private_key_and_cert_chain_pem.write_to_path(tmp_path / "me.pem")
    curious = server_context(authority.issue_cert("127.0.0.1"), client_authority=authority)
    with ScriptedServer([], tls=curious) as other:
        there = Reply(b"", 307, {"Location": f"{other.url}/studies"})
        with ScriptedServer([there], tls=server_context(authority.issue_cert("127.0.0.1"))) as server:
            with pytest.raises((TLSFailed, ConnectionLost)):
                ask(server, ca_file=ca_file, client_certificate=str(tmp_path / "me.pem"))
        assert not other.requests


def test_a_redirect_never_leaves_tls(authority, ca_file):
    with ScriptedServer([]) as open_to_all:
        redirect = Reply(status=302, headers={"Location": open_to_all.url})
        with ScriptedServer([redirect], tls=server_context(authority.issue_cert("127.0.0.1"))) as server:
            with pytest.raises(RedirectRefused, match="a place that is not safe"):
                ask(server, ca_file=ca_file)


def test_a_ca_file_that_is_missing_is_named(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        node = Node("Ward", f"https://127.0.0.1:{unused.getsockname()[1]}", tls=TLS(ca_file=str(tmp_path / "no.pem")))
        with pytest.raises(TLSFailed, match=r"no\.pem"), Session(node).request("GET", "studies", asked="search"):
            pass


@pytest.mark.parametrize(
    ("field", "named"),
    [("ca_file", "CA file"), ("client_certificate", "client certificate"), ("client_key", "client key")],
)
def test_a_file_that_is_no_pem_file_is_named(field, named, ca_file, tmp_path):
    """OpenSSL says "no certificate or CRL found", or nothing at all, and not of which file."""
    (tmp_path / "notes.txt").write_text("see below")
    tls = {"client_certificate": ca_file, field: str(tmp_path / "notes.txt")}
    session = Session(Node("Ward", "https://127.0.0.1:9", tls=TLS(**tls)), pacer=Pacer(attempts=1))
    with pytest.raises(TLSFailed, match=rf"the node's {named} .*notes\.txt is no PEM file"):
        with session.request("GET", "studies", asked="search studies"):
            pass


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named_without_what_was_searched_for(scheme):
    """Nor does a 407 in the address make it one that wants a password."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{unused.getsockname()[1]}"
        node = Node("Ward", f"{scheme}://pacs.example/dicom-web", proxy=proxy)
        with pytest.raises(ProxyFailed, match=r"did not connect.*Check the node's proxy") as caught:
            with Session(node).request("GET", "studies", query="PatientID=DOE407", asked="search studies"):
                pass
    assert type(caught.value) is ProxyFailed
    assert "DOE" not in str(caught.value) + repr(caught.value.as_dict())


def test_a_proxy_is_asked_for_the_whole_address():
    with ScriptedServer([json_reply([1])], proxy=True) as proxy:
        node = Node("Ward", "http://pacs.example/dicom-web", proxy=proxy.origin)
        with Session(node).request("GET", "studies", asked="search studies") as response:
            assert response.json() == [1]
        assert proxy.requests[0].path == "http://pacs.example/dicom-web/studies"
