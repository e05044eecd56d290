"""Tokens while they are used: renewed ahead, once for all, never with a refresh token that was used before."""

import threading

import pytest
from canary import canaries_in, canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from DICOMWebNodesLib.auth.token import Token
from DICOMWebNodesLib.auth.token_source import AskedSource
from DICOMWebNodesLib.errors import (
    ConnectionRefused,
    SecretUnavailable,
    ServerError,
    SignInFailed,
    SignInRequired,
    Unauthorized,
)
from fakes.authorization_server.methods import oauth_method
from fakes.authorization_server.server import AuthorizationServer

from .conftest import BASIC, PUBLIC
from .guarded import ask, session_of
from .test_authorization_code import refusals


@pytest.fixture
def method(server, authentication, browser):
    """Somebody is signed in with it."""
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    return method


def test_a_request_is_signed_with_the_token(authentication, method, guarded):
    assert ask(session_of(authentication, method, guarded)) == []
    assert guarded.statuses == [200]


def test_a_token_is_renewed_before_it_expires(server, authentication, method, guarded, clock):
    session = session_of(authentication, method, guarded)
    ask(session)
    clock.now += 271  # of 300
    ask(session)
    assert server.authority.granted == ["authorization_code", "refresh_token"]
    assert guarded.statuses == [200, 200]


def test_the_account_and_the_scope_outlive_the_renewal(server, authentication, method, guarded, clock):
    clock.now += 400
    server.authority.extra["scope"] = ""
    ask(session_of(authentication, method, guarded))
    status = authentication.status(method.name)
    assert (status.account, status.scope, status.until) == ("ada@example.org", "openid profile", clock.now + 300)


def test_a_token_that_the_server_refuses_is_renewed_and_the_request_sent_again(server, authentication, method, guarded):
    session = session_of(authentication, method, guarded)
    ask(session)
    server.authority._access.clear()  # the authorization server forgets access tokens, not sign-ins
    assert ask(session) == []
    assert guarded.statuses == [200, 401, 200]
    assert server.authority.granted == ["authorization_code", "refresh_token"]


def test_a_server_that_refuses_every_token_is_not_asked_for_ever(server, authentication, method, guarded):
    session = session_of(authentication, method, guarded)
    guarded.closed = True
    for _ in range(5):
        with pytest.raises(Unauthorized) as raised:
            ask(session)
        assert not canaries_in(str(raised.value.as_dict()).encode())
    assert server.authority.granted.count("refresh_token") == 1


def test_a_token_is_renewed_again_when_the_last_renewal_was_a_while_ago(server, authentication, method, guarded, clock):
    session = session_of(authentication, method, guarded)
    for _ in range(3):
        server.authority._access.clear()
        clock.now += 100
        assert ask(session) == []
    assert server.authority.granted.count("refresh_token") == 3


def test_many_threads_renew_once(server, authentication, method, guarded, clock):
    session = session_of(authentication, method, guarded)
    clock.now += 400
    errors = []

    def work():
        try:
            ask(session)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not errors
    assert server.authority.granted == ["authorization_code", "refresh_token"]
    assert guarded.statuses == [200] * 16


def test_many_threads_whose_token_is_refused_renew_once(server, authentication, method, guarded):
    session = session_of(authentication, method, guarded)
    ask(session)
    server.authority._access.clear()
    threads = [threading.Thread(target=ask, args=(session,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert server.authority.granted == ["authorization_code", "refresh_token"]


def test_a_second_program_finds_the_token_that_the_first_has_renewed(
    server, tmp_path, authentication, method, guarded, clock
):
    second = Authentication(tmp_path, secrets=authentication.secrets, clock=clock, environ={})
    sessions = [session_of(each, method, guarded) for each in (authentication, second)]
    for session in sessions:
        ask(session)
    clock.now += 400
    for session in sessions:
        ask(session)
    assert server.authority.granted == ["authorization_code", "refresh_token"]


def test_a_sign_in_that_is_over_is_told_and_opens_no_browser(server, authentication, method, guarded, browser, clock):
    session = session_of(authentication, method, guarded)
    server.authority.end_sessions()
    with pytest.raises(SignInRequired, match=r"^Node: .*is over, .*revoked refresh token \(invalid_grant\)\. Sign in"):
        ask(session)
    assert len(browser.opened) == 1
    assert authentication.status(method.name).text == "sign-in required"
    assert len(refusals(server)) == 1


def test_signing_in_again_makes_the_same_session_work(server, authentication, method, guarded, browser):
    session = session_of(authentication, method, guarded)
    server.authority.end_sessions()
    with pytest.raises(SignInRequired):
        ask(session)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    assert ask(session) == []
    refusals(server)


def test_without_a_refresh_token_the_end_is_the_end(server, authentication, browser, guarded, clock):
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    server.authority.extra["refresh_token"] = ""
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    session = session_of(authentication, method, guarded)
    clock.now += 299
    assert ask(session) == []
    clock.now += 1
    with pytest.raises(SignInRequired, match="gave no means to renew it"):
        ask(session)


def test_a_provider_that_does_not_rotate_keeps_its_refresh_token(server, authentication, browser, guarded, clock):
    server.authority.rotates = False
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    session = session_of(authentication, method, guarded)
    for _ in range(3):
        clock.now += 400
        assert ask(session) == []
    assert server.authority.granted.count("refresh_token") == 3


def test_while_the_provider_is_down_a_token_that_still_works_is_used(server, authentication, method, guarded, clock):
    session = session_of(authentication, method, guarded)
    server.down = True
    clock.now += 280
    assert ask(session) == []
    clock.now += 20
    with pytest.raises(ServerError, match=r"Node: could not renew the token: .*answered 503"):
        ask(session)
    server.down = False
    assert ask(session) == []


def test_so_is_one_that_is_asked_for_without_a_person():
    now, answers = [0.0], [Token("first", obtained_at=0.0, lifetime=100.0)]

    def ask():
        if not answers:
            raise ServerError("the provider is down", status=503)
        return answers.pop()

    source = AskedSource(ask, lambda: now[0])
    assert source.token().access_token == "first"
    now[0] = 80.0  # it is due, and works for 20 seconds
    assert source.token().access_token == "first"
    with pytest.raises(ServerError):
        source.token(refused="first")
    now[0] = 100.0
    with pytest.raises(ServerError):
        source.token()


def test_a_provider_that_cannot_be_reached_is_told_as_such(authentication, guarded, browser, clock):
    with AuthorizationServer(PUBLIC, clock=clock) as gone:
        method = oauth_method(gone, PUBLIC)
        authentication.add(method)
        authentication.update(method.name, authentication.discovered)
        authentication.sign_in(method.name, open_browser=browser).wait(10)
    clock.now += 400
    with pytest.raises(ConnectionRefused, match=r"Node: could not renew the token: .*provider's address"):
        ask(session_of(authentication, method, guarded))


def test_another_refusal_than_invalid_grant_does_not_end_the_sign_in(server, authentication, guarded, browser, clock):
    method = oauth_method(server, BASIC)
    authentication.add(method, BASIC.secret)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    authentication.set_secret(method, canary("wrong"))
    clock.now += 400
    with pytest.raises(SignInFailed, match=r"wrong secret \(invalid_client\)"):
        ask(session_of(authentication, method, guarded))
    authentication.set_secret(method, BASIC.secret)
    assert ask(session_of(authentication, method, guarded)) == []
    refusals(server)


class FailingSecrets(MemorySecrets):
    """A keyring that is locked for a while."""

    locked = False

    def set(self, key, secret):
        if self.locked:
            raise SecretUnavailable("locked")
        super().set(key, secret)


def test_a_renewed_token_that_could_not_be_stored_is_not_lost(server, tmp_path, browser, guarded, clock):
    secrets = FailingSecrets()
    authentication = Authentication(tmp_path, secrets=secrets, clock=clock, environ={})
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    session = session_of(authentication, method, guarded)
    clock.now += 400
    secrets.locked = True
    with pytest.raises(SecretUnavailable):
        ask(session)
    assert ask(session) == []  # with the token that is in the memory
    clock.now += 400
    secrets.locked = False
    assert ask(session) == []  # with the refresh token that is in the memory
    assert server.authority.granted.count("refresh_token") == 2


def test_the_new_refresh_token_is_stored_before_the_access_token_is_used(server, tmp_path, browser, guarded, clock):
    stored_at = []

    class Watched(MemorySecrets):
        def set(self, key, secret):
            stored_at.append(len(guarded.statuses))
            super().set(key, secret)

    authentication = Authentication(tmp_path, secrets=Watched(), clock=clock, environ={})
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    clock.now += 400
    ask(session_of(authentication, method, guarded))
    assert stored_at == [0, 0]
