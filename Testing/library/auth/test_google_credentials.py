"""The credentials of Google's own tools."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from urllib.parse import parse_qsl

import pytest
from canary import canary
from DICOMWebNodesLib.auth.google_credentials import ApplicationDefault, credentials_file, gcloud_token
from DICOMWebNodesLib.auth.rs256 import with_cryptography, with_openssl
from DICOMWebNodesLib.auth.token import Token
from DICOMWebNodesLib.errors import AuthenticationError, InvalidAuthMethod, SignInRequired
from fakes.scripted_server import Reply, ScriptedServer

SCOPE = "https://www.googleapis.com/auth/cloud-healthcare"
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 section 9.2, note 1


@pytest.fixture(scope="module")
def key(openssl):
    """A private key in PEM, and its modulus."""
    made = subprocess.run([openssl, "genrsa", "2048"], capture_output=True, text=True, check=True).stdout
    asked = [openssl, "rsa", "-noout", "-modulus"]
    modulus = subprocess.run(asked, input=made, capture_output=True, text=True, check=True).stdout
    return made, int(modulus.strip().partition("=")[2], 16)


def is_signed_by(modulus, message, signature):
    """RSASSA-PKCS1-v1_5 verification (RFC 8017 section 8.2.2), the exponent being 65537."""
    size = (modulus.bit_length() + 7) // 8
    opened = pow(int.from_bytes(signature, "big"), 65537, modulus).to_bytes(size, "big")
    expected = SHA256_INFO + hashlib.sha256(message).digest()
    return opened == b"\x00\x01" + b"\xff" * (size - len(expected) - 3) + b"\x00" + expected


def fields_of(request):
    return dict(parse_qsl(request.body.decode()))


def token_reply(token):
    content = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
    return Reply(json.dumps(content).encode(), 200, {"Content-Type": "application/json"})


def written(folder, **content):
    path = folder / "kept-by-other-programs" / "adc.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def user_file(folder, server, **content):
    fields = {"client_id": "c", "client_secret": canary("google"), "refresh_token": canary("google-refresh")}
    return written(folder, type="authorized_user", token_uri=f"{server.origin}/token", **{**fields, **content})


def test_the_credentials_of_a_user_are_exchanged_for_a_token(tmp_path, clock):
    token = canary("google-access")
    with ScriptedServer([token_reply(token)]) as server:
        path = user_file(tmp_path, server)
        found = ApplicationDefault(path, SCOPE, clock=clock)()
    sent = json.loads(path.read_text())
    assert (found.access_token, found.expires_at) == (token, clock.now + 3599)
    assert fields_of(server.requests[0]) == {
        "grant_type": "refresh_token",
        **{name: sent[name] for name in ("client_id", "client_secret", "refresh_token")},
    }


@pytest.mark.parametrize("way", [with_cryptography, with_openssl])
def test_a_signature_is_that_of_rs256(key, way):
    pem, modulus = key
    signature = way(b"header.claims", pem)
    if signature is None:
        pytest.skip(f"{way.__name__}: not on this machine")
    assert is_signed_by(modulus, b"header.claims", signature)


@pytest.mark.parametrize("way", [with_cryptography, with_openssl])
def test_what_is_no_key_is_told_without_quoting_it(way):
    secret = canary("private-key")
    if way is with_cryptography:
        pytest.importorskip("cryptography", reason="'pip install cryptography' brings it")
    elif sys.platform == "win32":
        pytest.skip("openssl is not used on Windows")
    with pytest.raises(AuthenticationError, match="not an RSA key") as raised:
        way(b"x", f"-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n")
    assert secret not in str(raised.value)


def test_openssl_leaves_no_pipe_open(key):
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(3):
        with_openssl(b"x", key[0])
    assert (len(os.listdir("/proc/self/fd")) if before else 0) <= before


def test_a_service_account_proves_itself_with_its_key(tmp_path, clock, key):
    pem, modulus = key
    with ScriptedServer([token_reply(canary("google-access"))]) as server:
        account = {"client_email": "robot@p.iam.example.org", "private_key": pem, "private_key_id": "k1"}
        path = written(tmp_path, type="service_account", token_uri=f"{server.origin}/token", **account)
        ApplicationDefault(path, SCOPE, clock=clock)()
        audience = f"{server.origin}/token"
    sent = fields_of(server.requests[0])
    assert sent["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    unsigned, _, signature = sent["assertion"].rpartition(".")
    header, claims = (json.loads(_unpadded(part)) for part in unsigned.split("."))
    assert header == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
    assert claims == {
        "iss": "robot@p.iam.example.org",
        "scope": SCOPE,
        "aud": audience,
        "iat": int(clock.now),
        "exp": int(clock.now) + 3600,
    }
    assert is_signed_by(modulus, unsigned.encode(), _unpadded(signature))


def _unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_credentials_that_google_does_not_accept_any_more_are_told(tmp_path):
    refused = Reply(b'{"error": "invalid_grant", "error_description": "Token has been revoked."}', 400)
    with ScriptedServer([refused]) as server:
        with pytest.raises(SignInRequired, match=r"has been revoked \(invalid_grant\).*application-default login"):
            ApplicationDefault(user_file(tmp_path, server), SCOPE)()


def test_a_file_that_would_send_the_credentials_in_the_clear_is_refused(tmp_path):
    path = written(
        tmp_path, type="authorized_user", token_uri="http://evil.example.org", client_id="c", client_secret="s"
    )
    with pytest.raises(InvalidAuthMethod, match="plain http"):
        ApplicationDefault(path, SCOPE)()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "holds no credentials"),
        ("[]", "holds no credentials"),
        ('{"type": "authorized_user"}', "has no 'client_id'"),
        ('{"type": "service_account", "client_email": "a"}', "has no 'private_key_id'"),
    ],
)
def test_a_file_that_is_not_one_is_told(tmp_path, content, says):
    (tmp_path / "adc.json").write_text(content)
    with pytest.raises(SignInRequired, match=says):
        ApplicationDefault(tmp_path / "adc.json", SCOPE)()


def test_a_missing_file_is_told_with_what_to_do(tmp_path):
    with pytest.raises(SignInRequired, match=r"No such file.*gcloud auth application-default login"):
        ApplicationDefault(tmp_path / "none.json", SCOPE)()


def test_other_types_are_left_to_google_auth(tmp_path, clock):
    path = written(tmp_path, type="external_account")
    given = Token(canary(), clock.now)
    assert ApplicationDefault(path, SCOPE, google_auth=lambda *asked: given)() is given
    with pytest.raises(AuthenticationError, match="'external_account', which need the Python package google-auth"):
        ApplicationDefault(path, SCOPE, google_auth=lambda *asked: None)()


@pytest.mark.parametrize(
    ("given", "environ", "platform", "expected"),
    [
        ("/k.json", {"GOOGLE_APPLICATION_CREDENTIALS": "/e.json"}, "linux", "/k.json"),
        ("", {"GOOGLE_APPLICATION_CREDENTIALS": "/e.json", "HOME": "/h"}, "linux", "/e.json"),
        ("", {"HOME": "/h"}, "linux", "/h/.config/gcloud/application_default_credentials.json"),
        ("", {"HOME": "/h", "CLOUDSDK_CONFIG": "/c"}, "darwin", "/c/application_default_credentials.json"),
        ("", {"APPDATA": "/roaming", "HOME": "/h"}, "win32", "/roaming/gcloud/application_default_credentials.json"),
    ],
)
def test_the_file_is_where_gcloud_puts_it(given, environ, platform, expected):
    assert credentials_file(given, environ, platform).as_posix() == expected


def test_gcloud_is_asked_for_its_token(clock):
    token, commands = canary("gcloud"), []
    found = gcloud_token(lambda command: commands.append(command) or f"{token}\n", clock)
    assert (found.access_token, found.lifetime) == (token, 300.0)
    assert commands[0][1:] == ["auth", "print-access-token", "--quiet"]


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (lambda command: _raise(FileNotFoundError()), "gcloud is not installed"),
        (lambda command: _raise(subprocess.CalledProcessError(1, command, "secret output")), "'gcloud auth login'"),
        (lambda command: "", "'gcloud auth login'"),
        (lambda command: "two\nlines", "'gcloud auth login'"),
    ],
)
def test_a_gcloud_that_gives_nothing_is_told(run, says):
    with pytest.raises(SignInRequired, match=says) as raised:
        gcloud_token(run)
    assert "secret output" not in str(raised.value)
