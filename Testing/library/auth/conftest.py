"""An authorization server that refuses what is not right, and an Authentication that uses it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Iterator

import pytest
from canary import canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from fakes.authorization_server.authority import DEVICE_GRANT
from fakes.authorization_server.browser import Browser
from fakes.authorization_server.model import Client
from fakes.authorization_server.server import AuthorizationServer
from fakes.scripted_server import ScriptedServer

from .guarded import Guarded


class Clock:
    """Seconds since the epoch, as a test wants them."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


PUBLIC = Client(
    "slicer",
    redirect_uris=("http://127.0.0.1/callback", "http://localhost/callback", "http://localhost"),
    grants=frozenset({"authorization_code", "refresh_token", DEVICE_GRANT}),
    parameters=frozenset({"prompt", "audience"}),
)
BASIC = Client("basic:client", secret=canary("client-secret"), auth_method="client_secret_basic", grants=PUBLIC.grants)
POST = Client("post", secret=canary("client-secret"), auth_method="client_secret_post", grants=PUBLIC.grants)
DEVICE_PKCE = replace(PUBLIC, client_id="device-pkce", device_pkce=True)
ROBOT = Client(
    "robot",
    redirect_uris=(),
    secret=canary("client-secret"),
    auth_method="client_secret_basic",
    grants=frozenset({"client_credentials"}),
    audience="dicom",
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[AuthorizationServer]:
    """Refuses what is not right; whoever wants a refusal empties ``authority.refusals`` in the end."""
    with AuthorizationServer(PUBLIC, BASIC, POST, DEVICE_PKCE, ROBOT, clock=clock) as running:
        yield running
    assert not running.unexpected
    assert not running.authority.refusals


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def authentication(tmp_path, clock: Clock) -> Authentication:
    return Authentication(tmp_path, secrets=MemorySecrets(), clock=clock, environ={})


@pytest.fixture(scope="session")
def openssl() -> str:
    found = shutil.which("openssl")
    if not found:
        pytest.skip("openssl is not here: 'apt-get install openssl' (Debian, Ubuntu) brings it")
    return found


@pytest.fixture
def guarded(server: AuthorizationServer) -> Iterator[Guarded]:
    guard = Guarded(server.authority)
    with ScriptedServer(guard) as dicomweb:
        guard.url = dicomweb.url
        yield guard
