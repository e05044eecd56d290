"""Tokens of a client that signs in by itself."""

import threading

import pytest
from canary import canary
from DICOMWebNodesLib.auth.registration import Grant
from DICOMWebNodesLib.errors import (
    SecretUnavailable,
    SignInFailed,
)
from fakes.authorization_server.methods import oauth_method

from .conftest import ROBOT
from .guarded import ask, session_of
from .test_authorization_code import refusals


@pytest.fixture
def robot(server, authentication):
    method = oauth_method(server, ROBOT, grant=Grant.CLIENT_CREDENTIALS, scope="dicom", audience="dicom")
    authentication.add(method, ROBOT.secret)
    return method


def test_the_client_itself_is_let_in(server, authentication, robot, guarded, clock):
    session = session_of(authentication, robot, guarded)
    for _ in range(3):
        assert ask(session) == []
    clock.now += 400
    assert ask(session) == []
    assert server.authority.granted == ["client_credentials"] * 2
    assert authentication.status(robot.name).text == "ready"


def test_many_threads_ask_once_for_the_token_of_the_client(server, authentication, robot, guarded):
    session = session_of(authentication, robot, guarded)
    threads = [threading.Thread(target=ask, args=(session,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert guarded.statuses == [200] * 16
    assert server.authority.granted == ["client_credentials"]


def test_the_client_asks_for_another_token_when_one_is_refused(server, authentication, robot, guarded):
    session = session_of(authentication, robot, guarded)
    ask(session)
    server.authority._access.clear()
    assert ask(session) == []


def test_a_client_with_a_wrong_secret_is_told_so(server, authentication, robot, guarded):
    authentication.set_secret(robot, canary("wrong"))
    with pytest.raises(SignInFailed, match=r"Node: .*get a token for the client: Fake refused: wrong secret"):
        ask(session_of(authentication, robot, guarded))
    refusals(server)


def test_a_client_needs_nobody_to_sign_in(authentication, robot):
    with pytest.raises(SignInFailed, match="needs nobody to sign in"):
        authentication.sign_in(robot.name)


def test_a_secret_that_is_not_kept_here_is_asked_for(authentication, robot, guarded):
    authentication.secrets.delete(f"{robot.uid}/secret")
    with pytest.raises(SecretUnavailable, match="Node: the client secret of 'As robot' is not kept here"):
        session_of(authentication, robot, guarded)
    assert authentication.status(robot.name).text == "client secret is missing"
