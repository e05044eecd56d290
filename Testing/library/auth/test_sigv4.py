"""AWS Signature Version 4, by the vectors that AWS publishes, and over a real connection."""

import hashlib

import pytest
import requests
from canary import canary
from DICOMWebNodesLib.auth.aws_credentials import AwsCredentials
from DICOMWebNodesLib.auth.sigv4 import SigV4Auth, authorization, canonical_url, hash_of, host_field
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import ScriptedServer, json_reply
from hypothesis import given
from hypothesis import strategies as st

# "AWS Signature Version 4 test suite": one key, one time, one service for all.
AWS = AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
HEADERS = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
SESSION_TOKEN = (
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwt"
    "hAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVX"
    "AkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
)


def signature(method, url, headers=None, body=b""):
    field = authorization(method, url, {**HEADERS, **(headers or {})}, AWS, "us-east-1", "service", hash_of(body))
    return field.partition("Signature=")[2]


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("get-vanilla", "/", VANILLA),
        ("get-vanilla-empty-query", "/?", VANILLA),
        (
            "get-vanilla-query-order-key-case",
            "/?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "get-unreserved",
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        ),
        ("get-relative", "/example/..", VANILLA),
        ("get-relative-relative", "/example1/example2/../..", VANILLA),
        ("get-slash", "//", VANILLA),
        ("get-slash-dot-slash", "/./", VANILLA),
        (
            "get-slash-pointless-dot",
            "/./example",
            "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
        ),
        ("get-slashes", "//example//", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
    ],
)
def test_the_published_vector(name, path, expected):
    assert signature("GET", canonical_url(f"https://example.amazonaws.com{path}")) == expected


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("get-utf8", "/\u1234", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        ("get-space", "/example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ],
)
def test_the_published_vector_of_a_path_that_is_not_encoded_yet(name, path, expected):
    assert signature("GET", f"https://example.amazonaws.com{path}") == expected


@pytest.mark.parametrize(
    ("name", "headers", "body", "expected"),
    [
        ("post-vanilla", {}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            "post-x-www-form-urlencoded",
            {"content-type": "application/x-www-form-urlencoded"},
            b"Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
        (
            "post-sts-header-before",
            {"x-amz-security-token": SESSION_TOKEN},
            b"",
            "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
        ),
    ],
)
def test_the_published_vector_of_a_post(name, headers, body, expected):
    assert signature("POST", "https://example.amazonaws.com/", headers, body) == expected


def test_the_published_vector_of_header_values_with_spaces():
    headers = {"my-header1": " value1", "my-header2": ' "a   b   c"'}
    expected = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
    assert signature("GET", "https://example.amazonaws.com/", headers) == expected


# --- what is sent is what is signed ---------------------------------------------------------------------------------


class Body:
    """A body that starts anew each time, as the encoder of a store does."""

    def __init__(self, *chunks):
        self.chunks = chunks

    def __len__(self):
        return sum(map(len, self.chunks))

    def __iter__(self):
        return iter(self.chunks)


def verified(request, secret):
    """Whether the request that arrived has the signature of what arrived."""
    field = request.headers["authorization"]
    names = field.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    url = f"http://{request.headers['host']}{request.path}" + (f"?{request.query}" if request.query else "")
    signed = {name: request.headers[name] for name in names}
    expected = authorization(
        request.method, url, signed, AwsCredentials("AKID", secret), "us-east-1", "medical-imaging"
    )
    return field == expected


def send(server, credential, method="GET", path="studies", query="", body=None, content_type=""):
    session = Session(Node("AWS", server.url), credential, pacer=Pacer(attempts=1))
    with session.request(method, path, asked="test", query=query, body=body, content_type=content_type) as response:
        return response.json()


def signer(secret, token="", **options):
    return SigV4Auth(lambda: AwsCredentials("AKID", secret, token), "us-east-1", "medical-imaging", **options)


@pytest.mark.parametrize(
    "query",
    ["", "limit=10&PatientName=A*", "00080020=20240101-&includefield=00081030,0020000E", "b=%C3%A4%20%2F&a=%25"],
)
def test_a_search_arrives_as_it_was_signed(query):
    secret = canary("aws-secret")
    with ScriptedServer([json_reply([])]) as server:
        send(server, signer(secret, canary("aws-session")), query=query)
    (request,) = server.requests
    assert verified(request, secret)
    assert request.headers["x-amz-content-sha256"] == hashlib.sha256(b"").hexdigest()
    assert "x-amz-security-token" in request.headers["authorization"]


def test_a_streamed_body_is_signed_and_sent_whole():
    secret, body = canary("aws-secret"), Body(b"--x\r\n", b"dicom" * 10_000, b"--x--")
    with ScriptedServer([json_reply({})]) as server:
        send(server, signer(secret), "POST", body=lambda: body, content_type="multipart/related; boundary=x")
    (request,) = server.requests
    assert request.headers["x-amz-content-sha256"] == request.sha256
    assert request.length == len(body)
    assert "content-type;host;" in request.headers["authorization"]
    assert verified(request, secret)


def test_a_body_that_shall_not_be_read_twice_goes_unsigned():
    secret = canary("aws-secret")
    with ScriptedServer([json_reply({})]) as server:
        send(server, signer(secret, sign_payload=False), "POST", body=lambda: Body(b"dicom"), content_type="a/b")
    (request,) = server.requests
    assert request.headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"
    assert verified(request, secret)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, hashlib.sha256(b"").hexdigest()),
        (b"abc", hashlib.sha256(b"abc").hexdigest()),
        ("abc", hashlib.sha256(b"abc").hexdigest()),
        (Body(b"a", b"bc"), hashlib.sha256(b"abc").hexdigest()),
        (iter([b"abc"]), None),
        (open, None),
    ],
)
def test_what_can_be_read_once_only_has_no_hash(body, expected):
    assert hash_of(body) == expected


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example.org/x", "a.example.org"),
        ("https://a.example.org:443/x", "a.example.org"),
        ("http://a.example.org:443", "a.example.org:443"),
        ("http://[::1]:80/", "[::1]"),
    ],
)
def test_the_host_is_signed_as_it_is_sent(url, host):
    assert host_field(url) == host


@given(st.text(max_size=20), st.text(max_size=20))
def test_to_make_a_url_canonical_twice_changes_nothing(path, query):
    prepared = requests.Request("GET", "https://example.org/", params={"q": query}).prepare().url
    once = canonical_url(prepared.replace("/?", f"/{requests.utils.quote(path)}?"))
    assert canonical_url(once) == once


def test_secrets_are_known_and_not_shown():
    secret, token = canary("aws-secret"), canary("aws-session")
    credential = signer(secret, token)
    request = requests.Request("GET", "https://example.org/").prepare()
    credential(request)
    assert credential.secrets() == (secret, token)
    assert secret not in repr(credential) + repr(AwsCredentials("AKID", secret, token))
