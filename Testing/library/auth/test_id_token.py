"""The claims of an ID token (OpenID Connect Core 3.1.3.7): only what is right becomes a name."""

import pytest
from DICOMWebNodesLib.auth.id_token import account_of
from DICOMWebNodesLib.errors import SignInFailed
from fakes.authorization_server.authority import Authority

NOW = 1_800_000_000.0
ISSUER = "https://login.example.org"


def claimed(nonce="n-1", client_id="slicer", **claims):
    return Authority(ISSUER, (), clock=lambda: NOW).id_token(client_id, nonce, **claims)


def account(id_token, **expected):
    fields = {"issuer": ISSUER, "client_id": "slicer", "nonce": "n-1", "now": NOW, **expected}
    return account_of(id_token, **fields)


def test_the_account_is_the_mail_address():
    assert account(claimed()) == "ada@example.org"


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "ada"}, "ada"),
        ({"upn": "ada@corp"}, "ada@corp"),
        ({"name": "Ada L"}, "Ada L"),
        ({}, "4711"),
    ],
)
def test_without_one_it_is_the_next_best_name(claims, name):
    assert account(claimed(email=None, **claims)) == name


def test_a_name_cannot_steer_a_terminal_or_a_page():
    assert account(claimed(email="<b>ada</b>\x1b[31m\u202e")) == "ada [31m"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://evil.example.org"}, "another issuer, 'https://evil.example.org'"),
        ({"iss": None}, "another issuer"),
        ({"aud": "another"}, "another client, 'another'"),
        ({"aud": ["another"]}, "another client"),
        ({"aud": ["slicer", "another"]}, "issued to another client"),
        ({"azp": "another"}, "issued to another client, 'another'"),
        ({"exp": NOW - 121}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "never"}, "expired"),
        ({"exp": True}, "expired"),
        ({"nonce": "n-2"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
    ],
)
def test_a_wrong_claim_is_refused_with_its_reason(claims, why):
    with pytest.raises(SignInFailed, match=why):
        account(claimed(**claims))


@pytest.mark.parametrize("claims", [{"aud": ["slicer"]}, {"aud": ["slicer", "x"], "azp": "slicer"}, {"exp": NOW - 119}])
def test_what_the_specification_allows_is_accepted(claims):
    assert account(claimed(**claims)) == "ada@example.org"


def test_a_grant_without_a_nonce_needs_none():
    assert account(claimed(nonce=""), nonce="") == "ada@example.org"


@pytest.mark.parametrize(
    "text", ["a", "a.b", "a.b.c", "..", "a.bnVsbA.c", "a.W10.c", "a.\u00e4.c", "a.b.c.d", "a." + "W" * 9 + ".c"]
)
def test_what_is_no_token_is_refused(text):
    with pytest.raises(SignInFailed, match="cannot be read"):
        account(text)


def test_a_missing_id_token_is_called_missing():
    with pytest.raises(SignInFailed, match="it is missing"):
        account("")
