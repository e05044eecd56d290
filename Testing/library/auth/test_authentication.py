"""What signs a node's requests: the method it points to, its secret headers, and what changes under way."""

import threading
from dataclasses import replace

import pytest
from canary import canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import (
    AuthMethodNotFound,
    InvalidHeader,
    PlainHTTPRefused,
    SecretUnavailable,
    SignInRequired,
    Unauthorized,
)
from DICOMWebNodesLib.nodes.node import Node
from fakes.authorization_server.methods import oauth_method
from fakes.scripted_server import Reply, ScriptedServer, json_reply
from requests import PreparedRequest
from requests.auth import _basic_auth_str

from .conftest import PUBLIC

RFC_7617 = "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  # section 2: Aladdin, open sesame


def signed(authentication, node):
    """The headers that the node's credential sends."""
    request = PreparedRequest()
    request.prepare("GET", node.url, auth=authentication.credential_for(node))
    return request.headers


def node_with(method, url="http://localhost", **fields):
    return Node("Node", url, authentication=method.uid if method else "", **fields)


@pytest.fixture
def basic(authentication):
    filled = template("basic").fill({"user_name": "ada", "password": canary("password")})
    authentication.add(filled.method, filled.secret)
    return filled.method


def test_a_node_without_authentication_is_not_signed(authentication):
    assert authentication.credential_for(node_with(None)) is None


@pytest.mark.parametrize(
    ("name", "answers", "header", "value"),
    [
        (
            "basic",
            {"user_name": "Aladdin", "password": "open sesame"},
            "Authorization",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        ("bearer", {"token": "abc.def"}, "Authorization", "Bearer abc.def"),
        ("api-key", {"key": "k-1234", "header": "X-Hospital-Key"}, "X-Hospital-Key", "k-1234"),
    ],
)
def test_a_static_secret_is_sent_as_its_kind_wants(authentication, name, answers, header, value):
    filled = template(name).fill(answers)
    authentication.add(filled.method, filled.secret)
    assert signed(authentication, node_with(filled.method))[header] == value


def test_aws_requests_are_signed(tmp_path, clock):
    environ = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": canary("aws")}
    authentication = Authentication(tmp_path, clock=clock, environ=environ)
    method = template("aws-sigv4").fill({"region": "us-east-1"}).method
    authentication.add(method)
    field = signed(authentication, node_with(method, "https://dicom.example.org"))["Authorization"]
    assert field.startswith("AWS4-HMAC-SHA256 Credential=AKID/20270115/us-east-1/medical-imaging/aws4_request, ")


def test_googles_credentials_are_looked_for_when_a_request_is_signed(authentication, tmp_path):
    method = template("google-application-default").fill({"file": str(tmp_path / "none.json")}).method
    authentication.add(method)
    assert authentication.status(method.name).ready
    with pytest.raises(SignInRequired, match=r"^Node: .*none\.json cannot be read"):
        signed(authentication, node_with(method))


def test_one_method_serves_many_nodes(authentication, basic):
    nodes = [Node(name, "http://localhost", authentication=basic.uid) for name in "ab"]
    fields = {signed(authentication, node)["Authorization"] for node in nodes}
    assert len(fields) == 1


def test_a_method_that_is_gone_is_told_with_the_node(authentication):
    with pytest.raises(AuthMethodNotFound, match=r"^Node: there is no authentication method 'gone'"):
        authentication.credential_for(Node("Node", "http://localhost", authentication="gone"))


def test_a_secret_that_is_gone_is_told_with_the_node(authentication, basic):
    authentication.secrets.delete(f"{basic.uid}/secret")
    with pytest.raises(SecretUnavailable, match=r"^Node: the password of 'Basic ada' is not kept here\. Give it"):
        authentication.credential_for(node_with(basic))
    assert authentication.status(basic.name) == AuthStatus(False, "password is missing")


def test_nobody_is_asked_before_a_request_is_signed(server, authentication):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    credential = authentication.credential_for(node_with(method))
    assert not server.calls
    assert credential.secrets() == ()


def test_no_sign_in_is_told_with_the_node_and_opens_no_browser(server, authentication, browser):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    with pytest.raises(SignInRequired, match=r"^Node: nobody is signed in with 'As slicer'\. Sign in, then try again"):
        signed(authentication, node_with(method))
    assert not browser.opened


# --- plain http -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"authentication": "x"}, {"secret_headers": ("X-Key",)}, {"headers": (("Authorization", "x"),)}]
)
def test_no_secret_goes_over_plain_http_without_a_yes(authentication, fields):
    with pytest.raises(PlainHTTPRefused, match=r"Node: its URL http://pacs\.example\.org is plain http"):
        authentication.credential_for(Node("Node", "http://pacs.example.org", **fields))


def test_a_yes_is_remembered_by_the_node(authentication, basic):
    node = node_with(basic, "http://pacs.example.org", allow_plain_http_credential=True)
    assert "Authorization" in signed(authentication, node)


def test_a_header_that_is_no_secret_may_go_over_plain_http(authentication):
    node = Node("Node", "http://pacs.example.org", headers=(("X-Site", "Ulm"),))
    assert authentication.credential_for(node) is None


# --- secret headers -------------------------------------------------------------------------------------------------


def test_secret_headers_are_sent_beside_the_credential(authentication, basic):
    node, key = node_with(basic, secret_headers=("X-Site-Key",)), canary("header")
    authentication.set_secret_header(node, "x-site-key", key)
    headers = signed(authentication, node)
    assert headers["X-Site-Key"] == key
    assert headers["Authorization"].startswith("Basic ")


def test_a_secret_header_without_a_value_is_told(authentication):
    node = Node("Node", "http://localhost", secret_headers=("X-Site-Key",))
    with pytest.raises(SecretUnavailable, match=r"^Node: the value of the header 'X-Site-Key' is not kept here"):
        authentication.credential_for(node)


def test_a_secret_header_can_be_changed_and_forgotten(authentication):
    node, keys = Node("Node", "http://localhost", secret_headers=("X-Key",)), [canary(), canary()]
    for key in keys:
        authentication.set_secret_header(node, "X-Key", key)
        assert signed(authentication, node)["X-Key"] == key
    authentication.set_secret_header(node, "X-Key", "")
    with pytest.raises(SecretUnavailable):
        authentication.credential_for(node)


def test_a_secret_header_that_could_not_be_sent_is_not_kept(authentication):
    with pytest.raises(InvalidHeader):
        authentication.set_secret_header(Node("Node", "http://localhost"), "X-Key", "a\nb")


# --- what changes under way -----------------------------------------------------------------------------------------


def ask(session):
    with session.request("GET", "studies", asked="search studies") as response:
        return response.json()


def open_to(password):
    """A server that wants this password now."""

    def answer(request):
        good = request.headers.get("authorization") == _basic_auth_str("ada", password[0])
        return json_reply([]) if good else Reply(b"no", 401)

    return answer


def test_a_new_password_counts_at_once_for_sessions_that_are_open(authentication, basic):
    password = [canary("new-password")]
    with ScriptedServer(open_to(password)) as server:
        node = node_with(basic, server.url)
        session = Session(node, authentication.credential_for(node), pacer=Pacer(attempts=1))
        with pytest.raises(Unauthorized):
            ask(session)
        authentication.set_secret(basic, password[0])
        assert ask(session) == []


def test_a_password_that_another_program_has_changed_is_found_after_a_refusal(tmp_path, authentication, basic):
    other = Authentication(tmp_path, secrets=authentication.secrets)
    password = [canary("new-password")]
    with ScriptedServer(open_to(password)) as server:
        node = node_with(basic, server.url)
        session = Session(node, authentication.credential_for(node), pacer=Pacer(attempts=1))
        with pytest.raises(Unauthorized):
            ask(session)
        assert len(server.requests) == 1  # nothing had changed: not asked twice
        other.set_secret(basic, password[0])
        assert ask(session) == []


def test_an_edited_method_counts_at_once(authentication, basic):
    node = node_with(basic)
    before = signed(authentication, node)["Authorization"]
    authentication.update(basic.name, lambda method: replace(method, settings=(("user_name", "grace"),)))
    assert signed(authentication, node)["Authorization"] != before


def test_threads_that_sign_at_once_get_the_same_secret(authentication, basic):
    node, found = node_with(basic), set()
    credential = authentication.credential_for(node)

    def sign():
        request = PreparedRequest()
        request.prepare("GET", node.url, auth=credential)
        found.add(request.headers["Authorization"])

    threads = [threading.Thread(target=sign) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 1
