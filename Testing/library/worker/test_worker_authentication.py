"""Signing in through the worker: secrets go in, and never come out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import trustme
from canary import canary
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, ClientAuthentication, Grant
from DICOMWebNodesLib.errors import (
    AuthMethodNotFound,
    InvalidAuthMethod,
    InvalidNode,
    PackageMissing,
    SignInCancelled,
    Unauthorized,
)
from DICOMWebNodesLib.worker.values import imported_from_dict, method_as_dict
from fakes.authorization_server.browser import Browser
from fakes.authorization_server.model import Client
from fakes.authorization_server.server import AuthorizationServer
from fakes.google_cloud import GoogleCloud
from fakes.origin_server import OriginServer

from .basic_method import PASSWORD, basic, everything_said
from .conftest import Worker

STUDY = "1.2.826.0.1"


@pytest.fixture
def provider():
    client = Client(
        "slicer",
        redirect_uris=("http://127.0.0.1/callback",),
        grants=frozenset({"authorization_code", "refresh_token"}),
    )
    with AuthorizationServer(client) as running:
        yield running


def oauth(provider):
    return AuthMethod(
        "Provider",
        Kind.OAUTH2,
        provider=AuthProvider(issuer=provider.issuer, allow_plain_http=True),
        registration=AuthRegistration("slicer"),
    )


def test_a_password_goes_in_and_does_not_come_out(worker):
    added = worker.ask("auth.add", {"method": basic(), "secret": PASSWORD})
    assert PASSWORD not in repr(added)
    result = worker.ask("auth.list")
    assert PASSWORD not in everything_said(worker) + repr(result)
    assert worker.items[0]["method"]["uid"] == added["uid"]
    assert worker.items[0]["status"]["ready"]
    assert not [file for file in worker.home.rglob("*") if file.is_file() and PASSWORD in file.read_text()]


def test_a_method_is_changed_and_keeps_its_secret(worker):
    added = worker.ask("auth.add", {"method": basic(), "secret": PASSWORD})
    worker.ask("auth.update", {"uid": added["uid"], "method": basic("Jane Doe")})
    assert worker.ask("auth.status", {"method": "Jane Doe"})["ready"]
    worker.ask("auth.update", {"uid": added["uid"], "method": basic("Jane Doe"), "secret": ""})
    assert not worker.ask("auth.status", {"method": "Jane Doe"})["ready"]


def test_a_method_that_is_removed_is_gone(worker):
    worker.ask("auth.add", {"method": basic()})
    worker.ask("auth.remove", {"method": "Jane"})
    with pytest.raises(AuthMethodNotFound):
        worker.ask("auth.status", {"method": "Jane"})


def test_a_wrong_method_names_its_field(worker):
    with pytest.raises(InvalidAuthMethod) as wrong:
        worker.ask("auth.add", {"method": {"name": "x", "kind": "basic", "settings": {"user_name": "a:b"}}})
    assert wrong.value.field == "user_name"


def test_a_node_with_a_password_is_searched(worker, study_files):
    import base64

    right = "Basic " + base64.b64encode(f"jane:{PASSWORD}".encode()).decode()
    with OriginServer(study_files, authorized=lambda header: header == right) as server:
        method = worker.ask("auth.add", {"method": basic(), "secret": "wrong"})
        node = {"name": "N", "url": server.url, "authentication": method["uid"], "allow_plain_http_credential": True}
        worker.ask("nodes.add", {"node": node})
        with pytest.raises(Unauthorized):
            worker.ask("search", {"node": "N"})
        worker.ask("auth.update", {"uid": method["uid"], "method": basic(), "secret": PASSWORD})
        assert worker.ask("search", {"node": "N"}) == {"count": 1}


def test_a_person_signs_in_and_out(worker, provider):
    pytest.importorskip("oauthlib")
    worker.ask("auth.add", {"method": method_as_dict(oauth(provider))})
    browser = Browser()
    job = worker.client.call(
        "auth.sign_in",
        {"method": "Provider"},
        told=lambda name, value: browser(value["url"]) if name == "prompt" else None,
    )
    result = worker.wait(job)
    assert set(result) == {"account"}
    assert worker.ask("auth.status", {"method": "Provider"})["text"] == "signed in"
    assert "signed out" in worker.ask("auth.sign_out", {"method": "Provider"})
    assert not worker.ask("auth.status", {"method": "Provider"})["ready"]


def test_a_sign_in_that_nobody_finishes_can_be_cancelled(worker, provider):
    pytest.importorskip("oauthlib")
    worker.ask("auth.add", {"method": method_as_dict(oauth(provider))})
    prompts = []
    job = worker.client.call("auth.sign_in", {"method": "Provider"}, told=lambda name, value: prompts.append(name))
    while not prompts:
        assert worker.step(20)
    job.cancel()
    with pytest.raises(SignInCancelled):
        worker.wait(job)


def test_what_a_provider_lists_comes_to_the_client(worker, tmp_path):
    authority, token = trustme.CA(), canary("google-token")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    method = method_as_dict(AuthMethod("Google", Kind.BEARER))
    uid = worker.ask("auth.add", {"method": method, "secret": token})["uid"]
    with GoogleCloud(authority, token, {"p-1": {"us": {}}, "p-2": {}, "p-3": {}}) as cloud:
        asked = {"provider": "google", "authentication": uid, "proxy": cloud.proxy, "ca_file": str(tmp_path / "ca.pem")}
        assert worker.ask("providers.choices", {"part": "project", "values": {}, **asked}) == 3
        assert [item["value"] for item in worker.items] == ["p-1", "p-2", "p-3"]
        assert worker.ask("providers.choices", {"part": "location", "values": {"project": "p-1"}, **asked}) == 1
        with pytest.raises(InvalidNode) as wrong:
            worker.ask("providers.choices", {"part": "dataset", "values": {"project": "p-1"}, **asked})
    assert wrong.value.field == "location"
    assert token not in everything_said(worker)


WEASIS = """<?xml version="1.0" encoding="UTF-8"?><methods><method uid="68c845fc" code="">
<provider name="Hospital" auth="https://login.example.org/auth" token="https://login.example.org/token" revoke=""/>
<registration id="viewer" secret="{secret}" scope="dicom" audience="" grantType="code"/></method></methods>"""


@pytest.mark.parametrize("secrets", [False, True])
def test_weasis_methods_are_imported_with_their_secrets_only_when_asked(worker, tmp_path, secrets):
    secret = canary("client-secret")
    file = tmp_path / "kept-by-other-programs" / "authenticationNodes.xml"
    file.parent.mkdir()
    file.write_text(WEASIS.format(secret=secret))
    FileSecrets(worker.home / "secrets" / "secrets.json").create()
    imported = imported_from_dict(worker.ask("nodes.import", {"path": str(file), "secrets": secrets}))
    assert [method.name for method in imported.methods] == ["Hospital"]
    assert [left.what for left in imported.left_out] == ([] if secrets else ["client secret"])
    kept = (worker.home / "secrets" / "secrets.json").read_text()
    assert (secret in kept) is secrets
    status = worker.ask("auth.status", {"method": "Hospital"})
    assert status["text"] == ("sign-in required" if secrets else "client secret is missing")
    assert secret not in everything_said(worker)


@pytest.fixture
def packages(tmp_path):
    """What is installed, but for oauthlib."""
    oauthlib = pytest.importorskip("oauthlib")
    folder = tmp_path / "packages"
    folder.mkdir()
    installed = Path(oauthlib.__file__).parents[1]
    for each in installed.iterdir():
        if not each.name.startswith("oauthlib"):
            (folder / each.name).symlink_to(each)
    return folder


@pytest.mark.skipif(os.name != "posix", reason="symbolic links; run it on Linux or macOS")
def test_oauthlib_is_used_as_soon_as_it_is_installed_by_the_worker_that_runs(packages, tmp_path, study_files):
    secret = canary("client-secret")
    robot = Client(
        "robot",
        redirect_uris=(),
        secret=secret,
        auth_method="client_secret_basic",
        grants=frozenset({"client_credentials"}),
    )
    seen = []
    opens = lambda header: seen.append(header) is None and header.startswith("Bearer ")  # noqa: E731
    with AuthorizationServer(robot) as provider, OriginServer(study_files, authorized=opens) as server:
        registration = AuthRegistration(
            "robot", Grant.CLIENT_CREDENTIALS, token_endpoint_auth_method=ClientAuthentication.CLIENT_SECRET_BASIC
        )
        where = AuthProvider(issuer=provider.issuer)
        method = AuthMethod("Robot", Kind.OAUTH2, provider=where, registration=registration)
        with Worker(tmp_path / "settings", packages) as worker:
            uid = worker.ask("auth.add", {"method": method_as_dict(method), "secret": secret})["uid"]
            worker.ask("nodes.add", {"node": {"name": "Lab", "url": server.url, "authentication": uid}})
            for method in ("search", "nodes.test"):
                with pytest.raises(PackageMissing, match=r"^Lab: "):
                    worker.ask(method, {"node": "Lab"})
            assert not seen
            (packages / "oauthlib").symlink_to(Path(pytest.importorskip("oauthlib").__file__).parent)
            assert worker.ask("search", {"node": "Lab"})["count"] == 1
