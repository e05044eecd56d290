"""The device grant (RFC 8628): a person enters a code elsewhere; time passes as the test wants it."""

import json
from dataclasses import replace

import pytest
from canary import canary
from DICOMWebNodesLib.auth.cancellation import Cancellation
from DICOMWebNodesLib.auth.device_code import DeviceCodeFlow
from DICOMWebNodesLib.auth.registration import Grant
from DICOMWebNodesLib.errors import DICOMWebNodesError, InvalidAuthMethod, SignInCancelled, SignInFailed, SignInTimedOut

from .conftest import BASIC, DEVICE_PKCE, POST, PUBLIC, ROBOT
from .test_authorization_code import endpoint_of, refusals


class Person:
    """Waits in the place of the flow, and does what the script says after so many waits."""

    def __init__(self, clock, script=(), *, pace=1.0):
        self.clock, self.script, self.pace = clock, dict(script), pace
        self.waits = []
        self.prompts = []

    def wait(self, cancellation, seconds):
        self.waits.append(seconds)
        self.clock.now += seconds * self.pace
        self.script.get(len(self.waits), lambda: None)()


def device_endpoint(server, client=PUBLIC, **fields):
    endpoint = endpoint_of(server, client, grant=Grant.DEVICE_CODE, **fields)
    device_authorization_endpoint = server.authority.metadata()["device_authorization_endpoint"]
    endpoint.provider = replace(endpoint.provider, device_authorization_endpoint=device_authorization_endpoint)
    return endpoint


def run(server, clock, person, client=PUBLIC, cancellation=None):
    flow = DeviceCodeFlow(device_endpoint(server, client), clock=clock, now=clock, wait=person.wait)
    return flow.run(person.prompts.append, cancellation or Cancellation())


@pytest.mark.parametrize("client", [PUBLIC, BASIC, POST], ids=lambda client: client.auth_method)
def test_a_person_enters_the_code_and_is_signed_in(server, clock, client):
    person = Person(clock, {3: lambda: server.authority.decide(True)})
    token = run(server, clock, person, client)
    assert token.account == "ada@example.org"
    assert token.refresh_token
    assert person.waits == [5.0, 5.0, 5.0]
    assert refusals(server) == ["authorization_pending: the person is still busy"] * 2


def test_a_server_that_wants_pkce_with_a_device_code_gets_it_when_it_says_so(server, clock):
    person = Person(clock, {1: lambda: server.authority.decide(True)})
    assert run(server, clock, person, DEVICE_PKCE).account == "ada@example.org"
    (refused,) = refusals(server)
    assert "missing ['code_challenge', 'code_challenge_method']" in refused


def test_the_person_is_told_where_to_enter_what(server, clock):
    person = Person(clock, {1: lambda: server.authority.decide(True)})
    run(server, clock, person)
    (prompt,) = person.prompts
    assert prompt.user_code == "WDJB-MJHT"
    assert prompt.short_url == f"{server.issuer}/device"
    assert prompt.url == f"{server.issuer}/device?user_code=WDJB-MJHT"


def test_slow_down_makes_all_later_questions_slower(server, clock):
    person = Person(clock, pace=0.5)  # its clock is slow: it asks too soon

    def set_the_clock():
        person.pace = 1.0
        server.authority.decide(True)

    person.script = {2: set_the_clock}
    assert run(server, clock, person).account == "ada@example.org"
    assert person.waits == [5.0, 10.0, 15.0]
    assert refusals(server) == ["slow_down: asked too soon"] * 2


def test_no_is_told(server, clock):
    person = Person(clock, {1: lambda: server.authority.decide(False)})
    with pytest.raises(SignInFailed, match="the access was denied at Fake: The person said no"):
        run(server, clock, person)
    assert len(refusals(server)) == 1


def test_a_code_that_nobody_enters_expires(server, clock):
    with pytest.raises(SignInTimedOut, match="the code expired before anybody entered it"):
        run(server, clock, Person(clock))
    assert set(refusals(server)) == {"authorization_pending: the person is still busy"}


def test_a_code_that_the_server_says_is_expired_is_expired(server, clock):
    person = Person(clock)
    server.replacement["/token"] = (400, "application/json", b'{"error": "expired_token"}')
    with pytest.raises(SignInTimedOut, match="expired"):
        run(server, clock, person)


def test_cancelling_ends_it(server, clock):
    cancellation = Cancellation()
    with pytest.raises(SignInCancelled):
        run(server, clock, Person(clock, {2: cancellation.cancel}), cancellation=cancellation)
    assert len(refusals(server)) == 1


def test_a_server_that_is_down_for_a_moment_is_asked_more_slowly(server, clock):
    def go_down():
        server.down = True

    def come_back():
        server.down = False
        server.authority.decide(True)

    person = Person(clock, {1: go_down, 3: come_back})
    assert run(server, clock, person).account == "ada@example.org"
    assert person.waits == [5.0, 10.0, 20.0]


def test_a_client_that_may_not_use_it_is_told_so(server, clock):
    with pytest.raises(SignInFailed, match=r"may not use device codes \(unauthorized_client\).*administrator"):
        run(server, clock, Person(clock), ROBOT)
    assert len(refusals(server)) == 1


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"<html>", DICOMWebNodesError, "not a JSON object"),
        (b"{}", SignInFailed, "sent no device_code"),
        (b'{"device_code": "d", "user_code": "u"}', SignInFailed, "sent no verification_uri"),
        (
            b'{"device_code": "d", "user_code": "u", "verification_uri": "javascript:alert(1)"}',
            InvalidAuthMethod,
            "not an http",
        ),
        (
            b'{"device_code": "d", "user_code": "u", "verification_uri": "http://evil.example.org"}',
            InvalidAuthMethod,
            "plain http",
        ),
        (
            b'{"device_code": "d", "user_code": "u", "verification_uri": "https://a", "verification_uri_complete": "file:///x"}',
            InvalidAuthMethod,
            "not an http",
        ),
    ],
)
def test_what_would_be_opened_in_the_browser_is_checked_first(server, clock, body, error, says):
    server.replacement["/device_authorization"] = (200, "application/json", body)
    person = Person(clock)
    with pytest.raises(error, match=says):
        run(server, clock, person)
    assert not person.prompts


def test_a_device_code_that_the_server_repeats_is_masked(server, clock):
    secret = canary("device-code")
    body = json.dumps({"device_code": secret, "user_code": "u", "verification_uri": "https://a"})
    server.replacement["/device_authorization"] = (200, "application/json", body.encode())
    answer = json.dumps({"error": "invalid_request", "error_description": f"no such code: {secret}"})
    server.replacement["/token"] = (400, "application/json", answer.encode())
    with pytest.raises(SignInFailed, match=r"no such code: \*\*\*"):
        run(server, clock, Person(clock))
