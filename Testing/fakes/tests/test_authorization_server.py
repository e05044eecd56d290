"""The fake authorization server is worth its tests only as long as it refuses what is wrong."""

import base64
import hashlib
import json
import urllib.error
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from canary import canary
from fakes.authorization_server.authority import DEVICE_GRANT
from fakes.authorization_server.model import Client
from fakes.authorization_server.server import AuthorizationServer

REDIRECT = "http://127.0.0.1:5555/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SECRET = canary("client-secret")
GRANTS = frozenset({"authorization_code", "refresh_token", DEVICE_GRANT})


@pytest.fixture
def server():
    confidential = Client("confidential", secret=SECRET, auth_method="client_secret_basic", grants=GRANTS)
    with AuthorizationServer(Client("public", grants=GRANTS), Client("other"), confidential) as running:
        yield running


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(server, method, path, fields=(), headers=()):
    """Status, and the body's JSON or the fields of the redirect."""
    encoded = urlencode(dict(fields))
    query, data = ("", encoded.encode()) if method == "POST" else (f"?{encoded}" if encoded else "", None)
    request = urllib.request.Request(f"{server.issuer}{path}{query}", data, dict(headers), method=method)
    try:
        answer = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect).open(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        content = answer.read()
        if answer.headers.get("Location"):
            return answer.status, dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        return answer.status, json.loads(content) if content[:1] == b"{" else content.decode()


def authorize(server, **changes):
    fields = {
        "response_type": "code",
        "client_id": "public",
        "redirect_uri": REDIRECT,
        "scope": "openid",
        "state": "s" * 20,
        "nonce": "n" * 20,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return ask(server, "GET", "/authorize", {name: value for name, value in fields.items() if value is not None})


def redeem(server, received, **changes):
    fields = {
        "grant_type": "authorization_code",
        "client_id": "public",
        "code": received,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        **changes,
    }
    return ask(server, "POST", "/token", {name: value for name, value in fields.items() if value is not None})


def refresh(server, token, **changes):
    fields = {"grant_type": "refresh_token", "client_id": "public", "refresh_token": token, **changes}
    return ask(server, "POST", "/token", fields)


def test_who_does_it_right_gets_a_token(server):
    status, answer = authorize(server)
    assert (status, answer["state"], answer["iss"]) == (302, "s" * 20, server.issuer)
    status, token = redeem(server, answer["code"])
    assert (status, token["token_type"]) == (200, "Bearer")
    assert server.authority.is_valid(token["access_token"])
    assert not server.authority.refusals


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": None}, "invalid_request"),
        ({"state": "short"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": VERIFIER + "x"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "root"}, "invalid_scope"),
        ({"prompt": "none"}, "invalid_request"),
    ],
)
def test_a_wrong_authorization_request_gets_no_code(server, change, error):
    status, answer = authorize(server, **change)
    assert (status, answer["error"], "code" in answer) == (302, error, False)
    assert len(server.authority.refusals) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "http://127.0.0.1:5555/other"},
        {"redirect_uri": "http://evil.example.org/callback"},
        {"redirect_uri": "https://127.0.0.1/callback"},
        {"redirect_uri": None},
    ],
)
def test_an_unknown_client_or_redirect_uri_is_not_redirected_to(server, change):
    status, page = authorize(server, **change)
    assert (status, "unknown" in page) == (400, True)


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": None},
        {"code_verifier": CHALLENGE},
        {"redirect_uri": "http://127.0.0.1:6666/callback"},
        {"client_id": "other"},
        {"code": "made-up"},
        {"scope": "openid"},
    ],
)
def test_a_code_is_redeemed_only_by_who_asked_for_it(server, change):
    _, answer = authorize(server)
    status, refused = redeem(server, answer["code"], **change)
    assert (status, refused["error"] in ("invalid_grant", "invalid_request")) == (400, True)


def test_a_code_that_is_used_again_takes_its_tokens_along(server):
    _, answer = authorize(server)
    _, token = redeem(server, answer["code"])
    assert redeem(server, answer["code"])[1]["error"] == "invalid_grant"
    assert not server.authority.is_valid(token["access_token"])


def test_a_refresh_token_that_is_used_again_takes_all_others_along(server):
    _, answer = authorize(server)
    _, first = redeem(server, answer["code"])
    _, second = refresh(server, first["refresh_token"])
    assert server.authority.is_valid(second["access_token"])
    assert refresh(server, first["refresh_token"])[1]["error"] == "invalid_grant"
    assert not server.authority.is_valid(second["access_token"])
    assert refresh(server, second["refresh_token"])[1]["error"] == "invalid_grant"


def test_a_refresh_token_is_for_its_client_alone(server):
    _, answer = authorize(server)
    _, token = redeem(server, answer["code"])
    assert refresh(server, token["refresh_token"], client_id="other")[0] == 400


def basic(secret):
    return {"Authorization": "Basic " + base64.b64encode(f"confidential:{secret}".encode()).decode()}


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, basic(canary("wrong"))),
        ({"client_id": "confidential"}, {}),
        ({"client_id": "confidential", "client_secret": SECRET}, {}),
        ({"client_id": "confidential", "client_secret": SECRET}, basic(SECRET)),
        ({}, {"Authorization": "Bearer x"}),
        ({}, {}),
    ],
)
def test_a_client_proves_itself_in_the_one_way_that_is_registered(server, fields, headers):
    status, refused = ask(server, "POST", "/revoke", {"token": "x", **fields}, headers)
    assert (status, refused["error"] in ("invalid_client", "invalid_request")) == (
        400 if fields.get("client_secret") and headers else 401,
        True,
    )
    assert ask(server, "POST", "/revoke", {"token": "x"}, basic(SECRET))[0] == 200


def test_a_grant_that_is_not_registered_is_refused(server):
    assert redeem(server, "x", grant_type="password")[1]["error"] == "unsupported_grant_type"
    assert ask(server, "POST", "/token", {"grant_type": "client_credentials", "client_id": "public"})[1]["error"] == (
        "unauthorized_client"
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/token"), ("POST", "/authorize"), ("GET", "/"), ("PUT", "/token"), ("GET", "/userinfo")],
)
def test_what_no_client_should_ask_is_remembered(server, method, path):
    assert ask(server, method, path)[0] == 404
    assert server.unexpected == [f"{method} {path}?"]


def test_a_parameter_that_comes_twice_is_refused(server):
    request = urllib.request.Request(f"{server.issuer}/token", b"grant_type=a&grant_type=b")
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10)
    assert raised.value.code == 400
    assert "a parameter twice" in server.authority.refusals[0]
