"""Templates: every one asks for what its provider needs, says at the field what is wrong, and fills a method."""

import json

import pytest
from canary import canary
from DICOMWebNodesLib.auth.method import Kind
from DICOMWebNodesLib.auth.registration import ClientAuthentication, Grant
from DICOMWebNodesLib.auth.template import TEMPLATES, template, templates
from DICOMWebNodesLib.errors import InvalidAuthMethod

GUID = "72f988bf-86f1-41af-91ab-2d7cd011db47"
# By template: the answers that suffice, and what must come of them.
EXPECTED = {
    "google-cloud-healthcare": (
        {"client_id": "1-a.apps.googleusercontent.com", "client_secret": canary("google")},
        "https://accounts.google.com",
        "https://oauth2.googleapis.com/token",
        "client_secret_post",
        "https://www.googleapis.com/auth/cloud-healthcare",
        "http://127.0.0.1:0/callback",
    ),
    "keycloak": (
        {"base_url": "https://kc.example.org/", "realm": "dcm4che", "client_id": "slicer"},
        "https://kc.example.org/realms/dcm4che",
        "",
        "none",
        "openid",
        "http://127.0.0.1:0/callback",
    ),
    "microsoft-entra": (
        {"tenant": GUID, "client_id": GUID},
        f"https://login.microsoftonline.com/{GUID}/v2.0",
        f"https://login.microsoftonline.com/{GUID}/oauth2/v2.0/token",
        "none",
        "https://dicom.healthcareapis.azure.com/Dicom.ReadWrite",
        "http://localhost:0",
    ),
    "auth0": (
        {"domain": "example.eu.auth0.com", "client_id": "c", "audience": "https://dicom.example.org"},
        "https://example.eu.auth0.com/",
        "https://example.eu.auth0.com/oauth/token",
        "none",
        "offline_access",
        "http://localhost:8765/callback",
    ),
    "okta": (
        {"issuer": "https://example.okta.com/oauth2/default", "client_id": "c"},
        "https://example.okta.com/oauth2/default",
        "",
        "none",
        "offline_access",
        "http://localhost:8765/callback",
    ),
    "amazon-cognito": (
        {"region": "us-east-1", "user_pool_id": "us-east-1_AbC", "client_id": "c", "client_secret": canary("cognito")},
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC",
        "",
        "client_secret_basic",
        "openid",
        "http://localhost:8765/callback",
    ),
    "openid": (
        {"issuer": "https://login.example.org", "client_id": "c"},
        "https://login.example.org",
        "",
        "none",
        "openid",
        "http://127.0.0.1:0/callback",
    ),
    "oauth2": (
        {
            "authorization_endpoint": "https://a.example.org/authorize?x=1",
            "token_endpoint": "https://a.example.org/o/token/",
            "client_id": "c",
            "client_secret": canary("oauth2"),
            "token_endpoint_auth_method": "client_secret_post",
            "scope": "dicom",
        },
        "",
        "https://a.example.org/o/token/",
        "client_secret_post",
        "dicom",
        "http://127.0.0.1:0/callback",
    ),
}
STATIC = {
    "google-application-default": ({}, Kind.GOOGLE, {"source": "application-default"}, False),
    "aws-sigv4": (
        {"region": "eu-west-2"},
        Kind.AWS_SIGV4,
        {"region": "eu-west-2", "service": "medical-imaging"},
        False,
    ),
    "basic": ({"user_name": "ada", "password": canary("password")}, Kind.BASIC, {"user_name": "ada"}, True),
    "bearer": ({"token": canary("bearer")}, Kind.BEARER, {}, True),
    "api-key": ({"key": canary("key")}, Kind.API_KEY, {"header": "X-API-Key"}, True),
}


def test_every_template_is_in_the_tables():
    assert set(EXPECTED) | set(STATIC) == set(templates())


@pytest.mark.parametrize("name", EXPECTED)
def test_an_oauth_template_fills_a_method(name):
    answers, issuer, token_endpoint, auth_method, scope, redirect = EXPECTED[name]
    filled = template(name).fill(answers)
    provider, registration = filled.method.provider, filled.method.registration
    assert (provider.issuer, provider.token_endpoint) == (issuer, token_endpoint)
    assert registration.grant is Grant.AUTHORIZATION_CODE
    assert registration.token_endpoint_auth_method.value == auth_method
    assert scope in registration.scope.split()
    assert f"http://{registration.redirect_host}:{registration.redirect_port}{registration.redirect_path}" == redirect
    assert filled.secret == answers.get("client_secret", "")
    assert filled.method.has_secret is bool(filled.secret)


@pytest.mark.parametrize("name", STATIC)
def test_a_template_without_oauth_fills_a_method(name):
    answers, kind, settings, has_secret = STATIC[name]
    filled = template(name).fill(answers, name="Mine")
    assert (filled.method.name, filled.method.kind) == ("Mine", kind)
    assert settings.items() <= dict(filled.method.settings).items()
    assert bool(filled.secret) is has_secret


@pytest.mark.parametrize(("name", "question"), [(name, q) for name, t in templates().items() for q in t.questions])
def test_every_required_answer_is_missed_at_its_field(name, question):
    answers = (EXPECTED.get(name) or STATIC[name])[0]
    left = {key: value for key, value in answers.items() if key != question.name}
    if question.required and not question.default:
        with pytest.raises(InvalidAuthMethod, match="is missing") as raised:
            template(name).fill(left)
        assert raised.value.field == question.name
        assert question.name in template(name).problems(left)
    else:
        template(name).fill({"authorization_endpoint": "https://a.example.org/a", **left} if name == "oauth2" else left)


@pytest.mark.parametrize(
    ("name", "wrong", "field", "says"),
    [
        ("keycloak", {"base_url": "keycloak"}, "base_url", "not an http or https URL"),
        ("keycloak", {"base_url": "http://kc.example.org"}, "base_url", "plain http"),
        ("keycloak", {"realm": "a/b"}, "realm", "'a/b' is not the name of a realm. It looks like 'dcm4che'"),
        ("keycloak", {"scope": 'a "b"'}, "scope", "not written well"),
        ("keycloak", {"grant": "password"}, "grant", "Choose one of authorization_code, device_code"),
        ("keycloak", {"grant": "client_credentials"}, "client_secret", "need a client secret"),
        ("microsoft-entra", {"tenant": "contoso.example.org"}, "tenant", "not a GUID"),
        ("auth0", {"domain": "https://a.example.org"}, "domain", "not a host name"),
        ("auth0", {"redirect_port": "99999"}, "redirect_port", "up to 65535"),
        ("auth0", {"redirect_port": "x"}, "redirect_port", "not a port number"),
        ("openid", {"issuer": "login.example.org"}, "issuer", "not an http"),
        ("oauth2", {"authorization_endpoint": ""}, "authorization_endpoint", "endpoint is missing"),
        ("oauth2", {"token_endpoint": "http://a.example.org/t"}, "token_endpoint", "plain http"),
        ("oauth2", {"token_endpoint_auth_method": "x"}, "token_endpoint_auth_method", "client_secret_basic, client_"),
        ("aws-sigv4", {"region": "Ohio"}, "region", "'Ohio' is not a region"),
        ("google-application-default", {"source": "x"}, "source", "application-default, gcloud"),
        ("basic", {"user_name": "a:b"}, "user_name", "colon"),
        ("api-key", {"header": "X Key"}, "header", "not the name of a header"),
        ("basic", {"realm": "x"}, "realm", "does not ask for 'realm'"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(name, wrong, field, says):
    answers = {**(EXPECTED.get(name) or STATIC[name])[0], **wrong}
    with pytest.raises(InvalidAuthMethod, match=says) as raised:
        template(name).fill(answers)
    assert raised.value.field == field


def test_a_wrong_secret_is_told_without_quoting_it():
    secret = canary("with space") + " x"
    with pytest.raises(InvalidAuthMethod, match="Token is not one") as raised:
        template("bearer").fill({"token": secret})
    assert secret not in str(raised.value)


def test_a_yes_to_plain_http_is_kept_with_the_provider():
    answers = {**EXPECTED["keycloak"][0], "base_url": "http://kc.example.org"}
    assert template("keycloak").fill(answers, allow_plain_http=True).method.provider.allow_plain_http


def test_client_credentials_and_device_codes_can_be_chosen():
    answers = {**EXPECTED["keycloak"][0], "client_secret": canary()}
    robot = template("keycloak").fill({**answers, "grant": "client_credentials"}).method.registration
    assert (robot.grant, robot.token_endpoint_auth_method) == (
        Grant.CLIENT_CREDENTIALS,
        ClientAuthentication.CLIENT_SECRET_BASIC,
    )
    device = template("keycloak").fill({**answers, "grant": "device_code"}).method.registration
    assert device.grant is Grant.DEVICE_CODE


def test_all_problems_are_told_at_once():
    problems = template("keycloak").problems({"realm": "a/b"})
    assert set(problems) == {"base_url", "realm", "client_id"}


def test_google_is_asked_for_a_refresh_token():
    registration = template("google-cloud-healthcare").fill(EXPECTED["google-cloud-healthcare"][0]).method.registration
    assert dict(registration.authorization_parameters) == {"access_type": "offline", "prompt": "consent"}


def test_a_filled_secret_is_in_no_repr():
    answers, *_ = STATIC["basic"]
    assert answers["password"] not in repr(template("basic").fill(answers))


def test_an_unknown_template_is_told():
    with pytest.raises(InvalidAuthMethod, match=r"no template 'x'. There are google-cloud-healthcare, "):
        template("x")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.json")), ids=lambda path: path.stem)
def test_a_template_helps_whoever_reads_it(path):
    raw = json.loads(path.read_text())
    assert raw["title"]
    assert raw["help"].endswith(".")
    assert raw["link"].startswith("https://")
    for question in raw["questions"]:
        assert question["label"]
        assert question.get("expects") or "pattern" not in question
