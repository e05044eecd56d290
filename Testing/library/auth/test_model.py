"""Providers, registrations and methods: what is wrong is refused where it is written, with the name of its field."""

import pytest
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.plain_http import check_plain_http, is_exposed
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, ClientAuthentication, Grant
from DICOMWebNodesLib.errors import InvalidAuthMethod, PlainHTTPRefused
from DICOMWebNodesLib.nodes.node import Node

PROVIDER = AuthProvider(issuer="https://login.example.org")
REGISTRATION = AuthRegistration("slicer")


def refused(make, field, says=""):
    with pytest.raises(InvalidAuthMethod, match=says) as raised:
        make()
    assert raised.value.field == field


# --- providers ------------------------------------------------------------------------------------------------------


def test_the_name_of_a_provider_stands_on_one_line_and_steers_no_terminal():
    assert AuthProvider(name="  Hospital\n A ", issuer="https://a.example.org").name == "Hospital A"
    with pytest.raises(InvalidAuthMethod, match="cannot be shown"):
        AuthProvider(name="A\x1b[31m", issuer="https://a.example.org")


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"issuer": "login.example.org"}, "issuer", "not an http or https URL"),
        ({"issuer": "https://login.example.org?realm=1"}, "issuer", "has a query"),
        ({"token_endpoint": "https://u:p@login.example.org/t"}, "token_endpoint", "user name or password"),
        ({"token_endpoint": "https://login.example.org/t#x"}, "token_endpoint", "fragment"),
        ({"token_endpoint": "file:///etc/passwd"}, "token_endpoint", "not an http"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint", "not an http"),
        ({"token_endpoint": 1}, "token_endpoint", "no URL"),
        ({"token_endpoint": "http://login.example.org/t"}, "token_endpoint", "plain http"),
        ({"openid": 1}, "openid", "neither true nor false"),
        ({"name": None}, "name", "not text"),
    ],
)
def test_a_provider_refuses_what_cannot_be_right(fields, field, says):
    refused(lambda: AuthProvider(**fields), field, says)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.1.2.3", "kc.localhost"])
def test_plain_http_to_this_computer_is_no_risk(host):
    assert AuthProvider(issuer=f"http://{host}/realms/x").issuer == f"http://{host}/realms/x"


@pytest.mark.parametrize("host", ["localhost.example.org", "127.0.0.1.example.org", "128.0.0.1", "10.0.0.1", "[::2]"])
def test_plain_http_elsewhere_is_one_until_somebody_says_yes(host):
    refused(lambda: AuthProvider(issuer=f"http://{host}"), "issuer", "can be read on the way")
    assert AuthProvider(issuer=f"http://{host}", allow_plain_http=True).issuer == f"http://{host}"


def test_an_endpoint_may_have_a_query_and_a_slash_at_its_end():
    url = "https://login.example.org/o/token/?p=B2C_1"
    assert AuthProvider(token_endpoint=url).token_endpoint == url


def test_what_a_person_gave_is_not_overwritten_by_discovery():
    given = AuthProvider(name="Ours", issuer="https://a.example.org", token_endpoint="https://proxy.example.org/t")
    found = AuthProvider(
        issuer="https://a.example.org/",
        token_endpoint="https://a.example.org/t",
        revocation_endpoint="https://a.example.org/r",
        iss_in_response=True,
        openid=True,
    )
    assert given.completed(found) == AuthProvider(
        name="Ours",
        issuer="https://a.example.org/",
        token_endpoint="https://proxy.example.org/t",
        revocation_endpoint="https://a.example.org/r",
        iss_in_response=True,
    )


# --- registrations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"client_id": " "}, "client_id", "client ID is missing"),
        ({"client_id": "a\nb"}, "client_id", "character that none has"),
        ({"scope": 'a "b"'}, "scope", "not written well"),
        ({"redirect_host": "evil.example.org"}, "redirect_host", "Only this computer"),
        ({"redirect_host": "0.0.0.0"}, "redirect_host", "Only this computer"),
        ({"redirect_port": 65536}, "redirect_port", "up to 65535"),
        ({"redirect_port": True}, "redirect_port", "redirect port is True"),
        ({"redirect_path": "callback"}, "redirect_path", "plain path"),
        ({"redirect_path": "/a?b"}, "redirect_path", "plain path"),
        ({"redirect_path": "//evil.example.org"}, "redirect_path", "plain path"),
        ({"grant": "password"}, "grant", "Choose one of authorization_code, client_credentials, device_code"),
        ({"grant": Grant.CLIENT_CREDENTIALS}, "client_secret", "need a client secret"),
        ({"authorization_parameters": (("state", "1"),)}, "authorization_parameters", "'state' cannot be given"),
        ({"authorization_parameters": (("redirect_uri", "x"),)}, "authorization_parameters", "cannot be given"),
        ({"authorization_parameters": (("code_challenge_method", "plain"),)}, "authorization_parameters", "cannot"),
    ],
)
def test_a_registration_refuses_what_cannot_be_right(fields, field, says):
    refused(lambda: AuthRegistration(**{"client_id": "slicer", **fields}), field, says)


def test_scopes_are_separated_by_one_space_and_named_once():
    assert AuthRegistration("slicer", scope="  openid\tdicom openid ").scope == "openid dicom"


def test_a_grant_knows_whether_it_needs_a_person():
    assert [grant.name for grant in Grant if grant.needs_person] == ["AUTHORIZATION_CODE", "DEVICE_CODE"]


# --- methods --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"name": " \n"}, "name", "needs a name"),
        ({"name": "x" * 201}, "name", "201 characters"),
        ({"uid": "../x"}, "uid", "'../x'"),
        ({"kind": Kind.OAUTH2, "registration": REGISTRATION}, "provider", "provider is missing"),
        ({"kind": Kind.OAUTH2, "provider": PROVIDER}, "registration", "registration is missing"),
        ({"provider": PROVIDER}, "provider", "'basic' has no provider"),
        (
            {"kind": Kind.OAUTH2, "provider": AuthProvider(), "registration": REGISTRATION},
            "authorization_endpoint",
            "authorization endpoint is missing",
        ),
        (
            {
                "kind": Kind.OAUTH2,
                "registration": REGISTRATION,
                "provider": AuthProvider(
                    authorization_endpoint="https://a.example.org/a",
                    token_endpoint="https://a.example.org/t",
                    openid=True,
                ),
            },
            "issuer",
            "needs an issuer",
        ),
        ({"settings": ()}, "user_name", "user name is missing"),
        ({"settings": (("user_name", "a:b"),)}, "user_name", "'a:b' has a colon"),
        ({"settings": (("user_name", "a"), ("realm", "x"))}, "realm", "has no 'realm'"),
        ({"settings": (("user_name", 1),)}, "user_name", "1 is not text"),
        ({"kind": Kind.API_KEY, "settings": (("header", "X Key"),)}, "header", "not the name of a header"),
        ({"kind": Kind.AWS_SIGV4, "settings": (("region", "Ohio"),)}, "region", "looks like 'us-east-1'"),
        ({"kind": Kind.AWS_SIGV4, "settings": ()}, "region", "region is missing"),
        ({"kind": Kind.GOOGLE, "settings": (("source", "chrome"),)}, "source", "application-default, gcloud"),
    ],
)
def test_a_method_refuses_what_cannot_be_right(fields, field, says):
    given = {"name": "M", "kind": Kind.BASIC, "settings": (), **fields}
    if given["kind"] is Kind.BASIC and "settings" not in fields:
        given["settings"] = (("user_name", "ada"),)
    refused(lambda: AuthMethod(**given), field, says)


def test_settings_that_are_not_given_get_their_default():
    method = AuthMethod("AWS", Kind.AWS_SIGV4, settings=(("region", "eu-west-2"),))
    assert dict(method.settings) == {
        "region": "eu-west-2",
        "service": "medical-imaging",
        "profile": "",
        "payload": "signed",
    }


def test_each_method_has_a_uid_of_its_own():
    made = [AuthMethod("Key", Kind.API_KEY) for _ in range(2)]
    assert made[0].uid != made[1].uid


@pytest.mark.parametrize(
    ("method", "has_secret", "needs_person"),
    [
        (AuthMethod("M", Kind.BASIC, settings=(("user_name", "ada"),)), True, False),
        (AuthMethod("M", Kind.BEARER), True, False),
        (AuthMethod("M", Kind.API_KEY), True, False),
        (AuthMethod("M", Kind.GOOGLE), False, False),
        (AuthMethod("M", Kind.OAUTH2, provider=PROVIDER, registration=REGISTRATION), False, True),
        (
            AuthMethod(
                "M",
                Kind.OAUTH2,
                provider=PROVIDER,
                registration=AuthRegistration(
                    "a",
                    grant=Grant.CLIENT_CREDENTIALS,
                    token_endpoint_auth_method=ClientAuthentication.CLIENT_SECRET_BASIC,
                ),
            ),
            True,
            False,
        ),
    ],
)
def test_a_method_knows_what_it_needs(method, has_secret, needs_person):
    assert (method.has_secret, method.needs_person) == (has_secret, needs_person)


# --- plain http -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "exposed"),
    [
        ("https://pacs.example.org", False),
        ("http://localhost:8042", False),
        ("http://127.0.0.1", False),
        ("http://pacs.example.org", True),
        ("http://192.168.1.2:8042", True),
    ],
)
def test_what_is_sent_over_plain_http_to_another_computer_can_be_read(url, exposed):
    assert is_exposed(url) is exposed


def test_a_node_over_plain_http_gets_a_credential_only_after_a_yes():
    with pytest.raises(PlainHTTPRefused, match=r"Lab: its URL http://pacs is plain http.*allow this node"):
        check_plain_http(Node("Lab", "http://pacs"))
    check_plain_http(Node("Lab", "http://pacs", allow_plain_http_credential=True))
