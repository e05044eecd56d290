"""A person signs in: how it begins, how it ends, and what is told meanwhile."""

import threading
from dataclasses import replace

import pytest
from canary import canary
from DICOMWebNodesLib.auth.registration import Grant
from DICOMWebNodesLib.auth.sign_in import SignInState
from DICOMWebNodesLib.auth.token import Token
from DICOMWebNodesLib.errors import (
    InvalidAuthMethod,
    SignInCancelled,
    SignInFailed,
    SignInTimedOut,
)
from fakes.authorization_server.methods import oauth_method, with_endpoints

from .conftest import PUBLIC, ROBOT
from .test_authorization_code import refusals


def test_starting_a_sign_in_returns_before_the_provider_is_asked(server, authentication):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    gate = threading.Event()
    answer = server.answer
    server.answer = lambda *asked: gate.wait(10) and answer(*asked)
    running = authentication.sign_in(method.name)
    assert running.state is SignInState.PREPARING
    assert running.url == ""
    gate.set()
    assert running.wait_for_prompt(10).url
    running.cancel()


def test_cancelling_does_not_wait_for_a_provider_that_hangs(server, authentication, browser):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    gate, states = threading.Event(), []
    answer = server.answer
    server.answer = lambda *asked: gate.wait(10) and answer(*asked)
    running = authentication.sign_in(
        method.name, open_browser=browser, on_change=lambda change: states.append(change.state)
    )
    running.cancel()
    with pytest.raises(SignInCancelled):
        running.wait(1)
    gate.set()
    running._thread.join(10)
    assert states == [SignInState.CANCELLED]
    assert not browser.opened


def test_a_token_that_comes_after_cancelling_is_not_kept(server, authentication, browser):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    redeem = server.authority.token
    server.authority.token = lambda *asked: (running.cancel(), redeem(*asked))[1]
    running = authentication.sign_in(method.name)
    browser(running.wait_for_prompt(10).url)
    with pytest.raises(SignInCancelled):
        running.wait(10)
    running._thread.join(10)
    assert authentication.status(method.name).text == "sign-in required"


def with_endpoints_elsewhere(method):
    return with_endpoints(method, token_endpoint="https://elsewhere.example.org/t")


def registered(**changed):
    return lambda method: replace(method, registration=replace(method.registration, **changed))


def test_a_sign_in_is_not_taken_to_another_provider_client_or_scope(server, authentication, browser):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    for change, kept in (
        (lambda method: replace(method, name="Renamed"), True),
        (registered(scope="profile openid"), True),
        (registered(redirect_host="localhost"), True),
        (registered(scope="openid"), False),
        (registered(audience="https://dicom.example.org"), False),
        (with_endpoints_elsewhere, False),
    ):
        authentication.sign_in(method.uid, open_browser=browser).wait(10)
        authentication.update(method.uid, change)
        assert authentication.status(method.uid).ready is kept


def test_every_change_of_state_is_told(server, authentication, browser):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    states = []

    def remember(change):
        states.append(change.state)

    running = authentication.sign_in(method.name, open_browser=browser, on_change=remember)
    running.wait(10)
    browser.wait()
    assert states == [SignInState.WAITING, SignInState.SIGNED_IN]
    assert running.opened


def test_a_computer_without_a_browser_is_told(server, authentication):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    running = authentication.sign_in(method.name, open_browser=lambda url: False)
    assert running.wait_for_prompt(10)
    assert not running.opened
    running.cancel()


def test_waiting_can_be_given_up_without_ending_the_sign_in(server, authentication):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    running = authentication.sign_in(method.name)
    running.wait_for_prompt(10)
    with pytest.raises(SignInTimedOut, match="not finished after 0 s"):
        running.wait(0)
    assert running.state is SignInState.WAITING
    running.cancel()


def test_a_device_sign_in_can_be_asked_for(server, authentication, clock):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    running = authentication.sign_in(method.name, device=True)
    assert running.wait_for_prompt(10).user_code == "WDJB-MJHT"
    running.cancel()


def test_a_failed_discovery_is_the_sign_ins_error(server, authentication):
    method = oauth_method(server, PUBLIC)
    authentication.add(replace(method, provider=replace(method.provider, issuer=f"{server.issuer}/other")))
    with pytest.raises(InvalidAuthMethod, match="nothing can be discovered"):
        authentication.sign_in(method.name).wait(10)
    server.unexpected.clear()


def test_the_status_tells_who_until_when_and_for_what(server, authentication, browser, clock):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    assert authentication.status(method.name).text == "sign-in required"
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    status = authentication.status(method.name)
    assert (status.ready, status.text, status.account) == (True, "signed in", "ada@example.org")
    assert (status.until, status.renews, status.scope) == (clock.now + 300, True, "openid profile")


def test_an_expired_token_that_cannot_be_renewed_is_told(server, authentication, clock):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    authentication._tokens.save(method.uid, Token(canary(), clock.now - 400, 300.0))
    assert authentication.status(method.name).text == "sign-in required: the last one expired"


def test_a_wrong_grant_for_the_client_is_told(server, authentication):
    method = oauth_method(server, ROBOT, grant=Grant.DEVICE_CODE)
    authentication.add(method, ROBOT.secret)
    with pytest.raises(SignInFailed, match=r"may not use device codes \(unauthorized_client\)"):
        authentication.sign_in(method.name).wait(10)
    refusals(server)


def test_a_finished_sign_in_cannot_be_cancelled(server, authentication, browser):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    running = authentication.sign_in(method.name, open_browser=browser)
    running.wait(10)
    running.cancel()
    assert running.wait(10) == "ada@example.org"
