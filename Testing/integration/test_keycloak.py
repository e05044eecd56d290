"""A real Keycloak lets a person in, and nginx asks it about every request to a real Orthanc."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Callable, Iterator, List

import keycloak as keycloak_process
import nginx
import pytest
from canary import watch
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.method import AuthMethod
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.errors import SignInRequired, Unauthorized
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.transfer.events import InstanceStored
from DICOMWebNodesLib.workspace import Query, Resource, Workspace
from guarded_orthanc import GuardedOrthanc
from keycloak import Keycloak
from keycloak_realm import PERSON, REALM
from login_form import Person
from orthanc import Orthanc

pytestmark = pytest.mark.xdist_group("keycloak")  # one start for all of them

SECONDS = 60.0  # a busy machine may take that long to answer a login form


@pytest.fixture(scope="session")
def keycloak() -> Iterator[Keycloak]:
    try:
        folder = keycloak_process.installation()
    except keycloak_process.NotHere as missing:
        pytest.skip(str(missing))
    with Keycloak(folder) as running:
        yield running


@pytest.fixture(scope="session")
def gate(keycloak: Keycloak, orthanc: Orthanc) -> Iterator[GuardedOrthanc]:
    if not nginx.is_installed():
        pytest.skip(nginx.HOW_TO_GET)
    with GuardedOrthanc(f"http://127.0.0.1:{orthanc.port}", keycloak.userinfo_endpoint) as running:
        yield running


class Desk:
    """One program at which somebody signs in: its methods, its nodes, its workspace."""

    def __init__(
        self, folder: Path, keycloak: Keycloak, gate: GuardedOrthanc, clock: Callable[[], float] = time.time
    ) -> None:
        self.keycloak = keycloak
        self.gate = gate
        self.authentication = Authentication(folder, secrets=MemorySecrets(), clock=clock, environ={})
        nodes = NodeStore(folder / "nodes.json", predefined=())
        self.workspace = Workspace(nodes, self.authentication.credential_for)

    def method(self, client_id: str, **answers: str) -> AuthMethod:
        given = {"base_url": self.keycloak.url, "realm": REALM, "client_id": client_id, **answers}
        filled = template("keycloak").fill(given, name=client_id)
        self.authentication.add(filled.method, filled.secret)
        return filled.method

    def node(self, method: AuthMethod) -> Node:
        return Node("Archive", self.gate.dicomweb_url, authentication=method.uid)

    def person(self) -> Person:
        return Person({"username": PERSON, "password": self.keycloak.password})

    def sign_in(self, method: AuthMethod) -> str:
        person = self.person()
        account = self.authentication.sign_in(method.name, open_browser=person).wait(SECONDS)
        assert "Signed in" in person.wait()
        self.access_token(method)
        return account

    def access_token(self, method: AuthMethod) -> str:
        token = self.authentication._tokens.load(method.uid)
        watch(token.refresh_token)
        return watch(token.access_token)

    def search(self, node: Node) -> List[str]:
        return [study.study_instance_uid for study in self.workspace.search(node, Query.studies())]

    def status_of(self, access_token: str) -> int:
        """What the gate answers to a token."""
        request = urllib.request.Request(f"{self.gate.dicomweb_url}/studies?limit=1")
        request.add_header("Authorization", f"Bearer {access_token}")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=SECONDS) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
def desk(tmp_path: Path, keycloak: Keycloak, gate: GuardedOrthanc) -> Iterator[Desk]:
    desk = Desk(tmp_path, keycloak, gate)
    with desk.workspace:
        yield desk


def test_without_a_token_nobody_gets_in(desk: Desk) -> None:
    with pytest.raises(Unauthorized):
        desk.search(Node("Archive", desk.gate.dicomweb_url))
    assert desk.status_of("made.up.token") == 401


def test_a_person_signs_in_searches_and_retrieves(desk: Desk, studies: List[Resource], tmp_path: Path) -> None:
    method = desk.method("slicer")
    assert desk.sign_in(method) == "ada@example.org"
    node = desk.node(method)
    assert sorted(desk.search(node)) == [study.study_instance_uid for study in studies]
    summary = desk.workspace.retrieve(node, studies[:3], tmp_path / "retrieved")
    assert summary.complete
    assert summary.stored


def test_a_confidential_client_signs_a_person_in(desk: Desk) -> None:
    method = desk.method("confidential", client_secret=desk.keycloak.client_secret)
    assert desk.sign_in(method) == "ada@example.org"
    assert desk.search(desk.node(method))


def test_a_person_signs_in_on_another_computer(desk: Desk) -> None:
    method = desk.method("slicer", grant="device_code")
    running = desk.authentication.sign_in(method.name)
    prompt = running.wait_for_prompt(SECONDS)
    assert prompt is not None, running.error
    assert prompt.user_code in prompt.url
    assert "Device Login Successful" in desk.person().visit(prompt.url)
    assert running.wait(SECONDS) == "ada@example.org"
    desk.access_token(method)
    assert desk.search(desk.node(method))


def test_a_program_signs_in_by_itself(desk: Desk) -> None:
    answers = {"client_secret": desk.keycloak.client_secret, "grant": "client_credentials"}
    assert desk.search(desk.node(desk.method("robot", **answers)))


def test_a_wrong_password_opens_nothing(desk: Desk) -> None:
    method = desk.method("slicer")
    running = desk.authentication.sign_in(method.name)
    assert running.wait_for_prompt(SECONDS) is not None, running.error
    page = Person({"username": PERSON, "password": "wrong"}).visit(running.url)
    assert "Invalid username or password" in page
    running.cancel()
    assert not desk.authentication.status(method.name).ready


@pytest.mark.parametrize("clock", ["that goes right", "that stands still"])
def test_a_token_that_expires_in_the_middle_of_a_transfer_is_renewed(
    clock: str, tmp_path: Path, keycloak: Keycloak, gate: GuardedOrthanc, studies: List[Resource]
) -> None:
    """With a clock that stands still the program does not see the end coming: the server has to refuse the token."""
    now = time.time()
    desk = Desk(tmp_path, keycloak, gate, (lambda: now) if clock == "that stands still" else time.time)
    method = desk.method("slicer-short")
    desk.sign_in(method)
    first, waited = desk.access_token(method), []

    def wait_for_the_end_of_the_token(event: object) -> None:
        if isinstance(event, InstanceStored) and not waited:
            waited.append(event)
            refused_before.append(gate.statuses.count(401))
            deadline = time.monotonic() + SECONDS
            while desk.status_of(first) != 401:
                assert time.monotonic() < deadline, "the token does not expire"
                time.sleep(0.2)

    refused_before: List[int] = []
    with desk.workspace:
        summary = desk.workspace.retrieve(
            desk.node(method),
            studies[:8],
            tmp_path / "retrieved",
            listener=wait_for_the_end_of_the_token,
            connections=1,
        )
    assert summary.complete, summary.failed
    assert summary.stored > 1
    assert waited
    assert desk.access_token(method) != first
    # Without the one above, which nginx may write down later than it is answered.
    refused = gate.statuses.count(401) - refused_before[0] - 1
    assert refused == (1 if clock == "that stands still" else 0)


def test_after_the_end_of_the_session_a_person_is_told_to_sign_in_again(desk: Desk) -> None:
    method = desk.method("slicer")
    desk.sign_in(method)
    node = desk.node(method)
    assert desk.search(node)
    desk.keycloak.end_sessions()
    with pytest.raises(SignInRequired, match=r"^Archive: .*the sign-in with 'slicer' is over.*Sign in, then try again"):
        desk.search(node)
    assert desk.authentication.status(method.name).text == "sign-in required"
    desk.sign_in(method)
    assert desk.search(node)


def test_signing_out_revokes_the_token(desk: Desk) -> None:
    method = desk.method("slicer")
    desk.sign_in(method)
    token = desk.access_token(method)
    assert desk.status_of(token) == 200
    assert desk.authentication.sign_out(method.name) == f"signed out, and the token is revoked at Keycloak {REALM}"
    assert desk.status_of(token) == 401
    with pytest.raises(SignInRequired, match="nobody is signed in with 'slicer'"):
        desk.search(desk.node(method))


def test_a_refresh_token_that_was_used_before_ends_the_sign_in(desk: Desk, tmp_path: Path) -> None:
    """Two programs that do not share their secrets, as after copying them: the second one is told to sign in."""
    method = desk.method("slicer")
    desk.sign_in(method)
    copied = desk.authentication._tokens.load(method.uid)
    later = Desk(tmp_path / "copy", desk.keycloak, desk.gate, lambda: copied.obtained_at + 3600)
    later.authentication.add(method)
    later.authentication._tokens.save(method.uid, copied)
    with later.workspace:
        assert later.search(later.node(method))  # renews, which voids the refresh token that was copied
        later.access_token(method)
        later.authentication._tokens.save(method.uid, copied)
        later.authentication.update(method.uid, lambda same: same)
        with pytest.raises(SignInRequired, match="invalid_grant"):
            later.search(later.node(method))
