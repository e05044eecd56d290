"""Signing in with the browser, against an authorization server that enforces the protocol."""

import itertools
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from canary import canary, canary_bytes
from DICOMWebNodesLib.auth.authorization_code import AuthorizationCodeFlow, AuthorizationRequest, read_response
from DICOMWebNodesLib.auth.cancellation import Cancellation
from DICOMWebNodesLib.auth.pages import Pages
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, ClientAuthentication
from DICOMWebNodesLib.auth.sign_in import SignIn
from DICOMWebNodesLib.auth.token_endpoint import TokenEndpoint
from DICOMWebNodesLib.errors import (
    AuthenticationError,
    ConnectionRefused,
    ServerError,
    SignInCancelled,
    SignInFailed,
    SignInTimedOut,
)
from fakes.authorization_server.browser import get

from .conftest import BASIC, POST, PUBLIC


def endpoint_of(server, client=PUBLIC, *, openid=True, secret=None, clock=None, **registration):
    metadata = server.authority.metadata()
    provider = AuthProvider(
        name="Fake",
        issuer=server.issuer,
        authorization_endpoint=metadata["authorization_endpoint"],
        token_endpoint=metadata["token_endpoint"],
        openid=openid,
        iss_in_response=server.authority.says_iss,
    )
    fields = {
        "client_id": client.client_id,
        "scope": "profile offline_access",
        "token_endpoint_auth_method": ClientAuthentication(client.auth_method),
        **registration,
    }
    secret = client.secret if secret is None else secret
    return TokenEndpoint(provider, AuthRegistration(**fields), secret, clock=clock or server.authority.clock)


def sign_in(endpoint, browser, **options):
    flow = AuthorizationCodeFlow(endpoint, now=lambda: 1_800_000_000.0, randomness=canary_bytes, **options)
    return SignIn(flow.run, open_browser=browser).start()


def refusals(server):
    """What the server has refused, which this test wanted."""
    refused, server.authority.refusals[:] = list(server.authority.refusals), []
    return refused


# --- what goes right ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", [PUBLIC, BASIC, POST], ids=lambda client: client.auth_method)
def test_a_person_signs_in(server, browser, client):
    running = sign_in(endpoint_of(server, client), browser)
    assert running.wait(10) == "ada@example.org"
    assert "You are signed in as ada@example.org" in browser.wait()


def test_the_page_speaks_the_language_of_whoever_signs_in(server, browser):
    words = {"You are signed in as {account}. {done}": "Sie sind {account}. {done}", "Signed in": "Da", "en": "de"}
    sign_in(endpoint_of(server), browser, pages=Pages(words)).wait(10)
    shown = browser.wait()
    assert "Sie sind ada@example.org. You can close this window" in shown
    assert "<title>Da</title>" in shown
    assert '<html lang="de">' in shown


def test_what_is_asked_has_all_that_makes_it_safe(server, browser):
    sign_in(endpoint_of(server), browser).wait(10)
    asked = {name: value for name, (value,) in parse_qs(urlsplit(browser.opened[0]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert asked["scope"] == "openid profile offline_access"
    assert urlsplit(asked["redirect_uri"]).hostname == "127.0.0.1"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


def test_an_audience_and_further_parameters_are_asked_for(server, browser):
    endpoint = endpoint_of(server, audience="dicom", authorization_parameters=(("prompt", "consent"),))
    sign_in(endpoint, browser).wait(10)
    asked = parse_qs(urlsplit(browser.opened[0]).query)
    assert (asked["audience"], asked["prompt"]) == (["dicom"], ["consent"])


def test_an_authorization_endpoint_may_have_a_query():
    provider = AuthProvider(
        authorization_endpoint="https://a.example.org/a?p=B2C_1", token_endpoint="https://a.example.org/t"
    )
    request = AuthorizationRequest.make(provider, AuthRegistration("x"), "http://127.0.0.1:1/callback", canary_bytes)
    assert request.url.startswith("https://a.example.org/a?p=B2C_1&response_type=code&")


def test_a_plain_oauth_server_is_asked_for_neither_an_id_token_nor_a_nonce(server, browser):
    assert sign_in(endpoint_of(server, openid=False), browser).wait(10) == ""
    asked = parse_qs(urlsplit(browser.opened[0]).query)
    assert "nonce" not in asked
    assert asked["scope"] == ["profile offline_access"]


@pytest.mark.parametrize(("host", "path"), [("localhost", "/callback"), ("localhost", ""), ("127.0.0.1", "/callback")])
def test_the_redirect_uri_is_the_one_that_is_registered(server, browser, host, path):
    running = sign_in(endpoint_of(server, redirect_host=host, redirect_path=path), browser)
    assert running.wait(10) == "ada@example.org"


def test_the_url_can_be_opened_elsewhere(server):
    running = sign_in(endpoint_of(server), None)
    assert running.wait_for_prompt(10).url == running.url
    assert "signed in as ada" in get(running.url)
    assert running.wait(10) == "ada@example.org"


def test_two_sign_ins_at_once_do_not_mix(server):
    first, second = (sign_in(endpoint_of(server), None) for _ in range(2))
    for running in (first, second):
        running.wait_for_prompt(10)
    server.authority.account = "first@example.org"
    get(first.url)
    assert first.wait(10) == "first@example.org"
    server.authority.account = "second@example.org"
    get(second.url)
    assert second.wait(10) == "second@example.org"


# --- what goes wrong, each with its own words -----------------------------------------------------------------------


def test_a_person_who_says_no_is_told_so_here_and_in_the_browser(server, browser):
    server.authority.approves = False
    running = sign_in(endpoint_of(server), browser)
    with pytest.raises(SignInFailed, match=r"the access was denied at Fake: The person said no \(access_denied\)"):
        running.wait(10)
    assert "The person said no (access_denied)" in browser.wait()
    assert refusals(server)


def test_an_error_of_the_provider_is_told_in_its_words(server, browser):
    running = sign_in(endpoint_of(server, scope="root"), browser)
    with pytest.raises(SignInFailed, match=r"Fake refused: not all of .* \(invalid_scope\).*Check the scope"):
        running.wait(10)
    assert refusals(server) == ["invalid_scope: not all of 'openid root' is allowed"]


def test_a_wrong_client_secret_is_told_without_it(server, browser):
    wrong = canary("wrong-secret")
    running = sign_in(endpoint_of(server, BASIC, secret=wrong), browser)
    with pytest.raises(SignInFailed, match=r"wrong secret \(invalid_client\).*Check the client ID"):
        running.wait(10)
    assert refusals(server) == ["invalid_client: wrong secret"]


def test_cancelling_ends_it_at_once(server):
    running = sign_in(endpoint_of(server), None)
    running.wait_for_prompt(10)
    running.cancel()
    with pytest.raises(SignInCancelled):
        running.wait(10)


def test_a_person_who_does_not_come_back_is_not_waited_for_for_ever(server):
    each_look_is_eleven_minutes_later = itertools.count(0, 660).__next__
    running = sign_in(endpoint_of(server), None, clock=each_look_is_eleven_minutes_later)
    with pytest.raises(SignInTimedOut, match="nobody finished the sign-in within 600 s"):
        running.wait(10)


def test_a_token_endpoint_that_is_down_is_told_in_the_browser_too(server, browser):
    server.replacement["/token"] = (503, "text/plain", b"maintenance")
    running = sign_in(endpoint_of(server), browser)
    with pytest.raises(ServerError, match="answered 503"):
        running.wait(10)
    assert "Not signed in" in browser.wait()


def test_a_token_endpoint_that_is_not_there_is_told(server, browser):
    endpoint = endpoint_of(server)
    endpoint.provider = replace(endpoint.provider, token_endpoint="http://127.0.0.1:9/token")
    with pytest.raises(ConnectionRefused, match=r"redeem the authorization code.*provider's address"):
        sign_in(endpoint, browser).wait(10)


def test_a_taken_port_is_told(server, browser):
    taken = sign_in(endpoint_of(server), None)
    port = urlsplit(parse_qs(urlsplit(taken.wait_for_prompt(10).url).query)["redirect_uri"][0]).port
    with pytest.raises(SignInFailed, match=f"port {port} .*is taken"):
        sign_in(endpoint_of(server, redirect_port=port), browser).wait(10)
    taken.cancel()


def test_a_fixed_port_serves_one_sign_in_after_another(server):
    free = sign_in(endpoint_of(server), None)
    port = urlsplit(parse_qs(urlsplit(free.wait_for_prompt(10).url).query)["redirect_uri"][0]).port
    free.cancel()
    with pytest.raises(SignInCancelled):
        free.wait(10)
    for _ in range(3):
        running = sign_in(endpoint_of(server, redirect_port=port), None)
        get(running.wait_for_prompt(10).url)
        assert running.wait(10) == "ada@example.org"


def test_an_openid_provider_without_an_id_token_is_refused(server, browser):
    server.authority.extra["id_token"] = ""
    with pytest.raises(SignInFailed, match="ID token is refused: it is missing"):
        sign_in(endpoint_of(server), browser).wait(10)


def test_an_id_token_of_another_sign_in_is_refused(server, browser):
    server.authority.extra["id_token"] = server.authority.id_token("slicer", "another-nonce")
    with pytest.raises(SignInFailed, match="belongs to another sign-in"):
        sign_in(endpoint_of(server), browser).wait(10)


def test_a_mistake_of_this_program_leaves_nobody_waiting():
    def broken(prompt, cancellation):
        raise ZeroDivisionError(canary())

    running = SignIn(broken).start()
    with pytest.raises(Exception, match=r"the sign-in broke off \(ZeroDivisionError\)"):
        running.wait(10)


# --- the answer in the query ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("code=c", "has no state"),
        ("code=c&state=", "has no state"),
        ("code=c&state=foreign", "has the state of another sign-in"),
        ("code=c&state=ours%20", "has the state of another sign-in"),
        ("code=c&code=d&state=ours", "gives a parameter twice"),
        ("code=c&state=ours&state=ours", "gives a parameter twice"),
        ("code=%ff&state=ours", "cannot be read"),
        ("&".join(f"x{number}=1" for number in range(60)), "cannot be read"),
        ("", "has no state"),
    ],
)
def test_what_is_not_our_answer_is_passed_over_with_a_reason(query, why):
    assert read_response(query, "ours") == (None, why)


def test_our_answer_is_read():
    response, why = read_response("code=c%2Fd&state=ours&iss=https%3A%2F%2Fa&session_state=1", "ours")
    assert (response.code, response.iss, why) == ("c/d", "https://a", "")


def test_neither_a_code_nor_an_error_is_told():
    response, _ = read_response("state=ours", "ours")
    with pytest.raises(SignInFailed, match="neither a code nor an error"):
        response.checked_code(AuthProvider(name="Fake"))


def test_an_answer_without_the_issuer_that_was_promised_is_refused():
    response, _ = read_response("code=c&state=ours", "ours")
    for issuer in ("", "https://a"):
        with pytest.raises(SignInFailed, match="does not name its issuer"):
            response.checked_code(AuthProvider(name="Fake", issuer=issuer, iss_in_response=True))


def test_a_defect_is_told_in_the_browser_too(server, browser):
    def defect():
        raise ZeroDivisionError

    running = sign_in(endpoint_of(server, clock=defect), browser)
    with pytest.raises(AuthenticationError, match="broke off"):
        running.wait(10)
    assert "Something went wrong; 3D Slicer says what" in browser.wait()


def test_nothing_secret_is_in_a_repr():
    provider = AuthProvider(authorization_endpoint="https://a.example.org/a", token_endpoint="https://a.example.org/t")
    request = AuthorizationRequest.make(provider, AuthRegistration("x"), "http://127.0.0.1:1/callback", canary_bytes)
    response, _ = read_response(f"code={canary()}&state=ours", "ours")
    assert request.state not in repr(request)
    assert request.code_verifier not in repr(request)
    assert response.code not in repr(response)


def test_a_cancelled_flow_does_not_open_a_browser_twice(server):
    cancellation = Cancellation()
    cancellation.cancel()
    prompts = []
    with pytest.raises(SignInCancelled):
        AuthorizationCodeFlow(endpoint_of(server)).run(prompts.append, cancellation)
    assert len(prompts) == 1
