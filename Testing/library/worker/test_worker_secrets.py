"""Secrets of nodes through the worker: they go in, and never come out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from canary import canary
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.errors import SecretUnavailable
from fakes.origin_server import OriginServer
from secret_files import secrets_in

from .basic_method import PASSWORD, basic, everything_said
from .conftest import Worker


class Keyed:
    """A server that wants a key and a second header; ``seen``: what it was given."""

    def __init__(self, key):
        self.key = key
        self.seen = []

    def __call__(self, request, response):
        self.seen.append((request.headers.get("x-api-key", ""), request.headers.get("x-token", "")))
        return response if self.seen[-1][0] == self.key else replace(response, status=401, body=(), length=0)


def test_a_node_that_is_not_saved_is_tested_with_the_secret_headers_that_were_typed(worker, study_files):
    key = canary("typed-key")
    keyed = Keyed(key)
    with OriginServer(study_files, fault=keyed) as server:
        node = {"uid": "draft", "name": "Draft", "url": server.url, "secret_headers": ["X-Api-Key"]}
        worker.ask("nodes.test", {"node": node, "secret_headers": {"X-Api-Key": key}})
        assert [item["ok"] for item in worker.items if item["service"] == "QIDO-RS"] == [True]
        worker.ask("nodes.test", {"node": node, "secret_headers": {"X-Api-Key": "not the key"}})
        assert [item["ok"] for item in worker.items if item["service"] == "QIDO-RS"] == [False]
        with pytest.raises(SecretUnavailable):  # it was kept nowhere, not even in the memory of the worker
            worker.ask("nodes.test", {"node": node})
    assert key not in everything_said(worker)
    assert not secrets_in(worker.home)
    assert worker.ask("nodes.list")["count"] == len(worker.items)
    assert "Draft" not in everything_said(worker)


def test_what_is_kept_and_was_not_typed_again_goes_along(worker, study_files):
    key = canary("typed-key")
    keyed = Keyed(key)
    with OriginServer(study_files, fault=keyed) as server:
        node = {"uid": "n", "name": "N", "url": server.url, "secret_headers": ["X-Api-Key", "X-Token"]}
        worker.ask("nodes.add", {"node": node})
        worker.ask("auth.set_secret_header", {"node": "n", "name": "X-Token", "value": "kept"})
        worker.ask("auth.set_secret_header", {"node": "n", "name": "X-Api-Key", "value": "old"})
        worker.ask("nodes.test", {"node": node, "secret_headers": {"X-Api-Key": key}})
        assert set(keyed.seen) == {(key, "kept")}
        keyed.seen.clear()
        worker.ask("nodes.test", {"node": "n"})
        assert set(keyed.seen) == {("old", "kept")}


@pytest.fixture
def without_keyring(tmp_path):
    with Worker(tmp_path / "settings", environ={"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}) as worker:
        yield worker


def test_secrets_of_this_session_go_along_into_the_file_that_a_person_chooses(without_keyring, tmp_path):
    worker = without_keyring
    assert worker.ask("secrets") == {"place": "memory, until this program ends", "lasts": False, "file": False}
    worker.ask("auth.add", {"method": basic(), "secret": PASSWORD})
    assert not secrets_in(worker.home)
    chosen = worker.ask("secrets", {"file": True})
    assert chosen["lasts"]
    assert "only you can read" in chosen["place"]
    worker.ask("auth.add", {"method": basic("Later"), "secret": canary()})
    with Worker(tmp_path / "settings") as another:
        assert another.ask("auth.status", {"method": "Jane"})["ready"]
        assert another.ask("auth.status", {"method": "Later"})["ready"]


def test_a_node_leaves_no_secret_header_behind(worker):
    """Neither when it is removed nor when the header is."""
    store = FileSecrets(worker.home / "secrets" / "secrets.json")
    store.create()
    node = {"uid": "n", "name": "N", "url": "https://x.example.org", "secret_headers": ["X-Api-Key", "X-Token"]}
    worker.ask("nodes.add", {"node": node})
    for name in node["secret_headers"]:
        worker.ask("auth.set_secret_header", {"node": "n", "name": name, "value": canary()})
    worker.ask("nodes.update", {"uid": "n", "node": {**node, "secret_headers": ["x-token"]}})
    assert list(json.loads(store.path.read_text())) == ["node/n/header/x-token"]
    worker.ask("nodes.remove", {"node": "n"})
    assert json.loads(store.path.read_text()) == {}


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="/proc is Linux's")
def test_no_secret_is_in_the_arguments_or_the_environment_of_the_worker(worker):
    worker.ask("auth.add", {"method": basic(), "secret": PASSWORD})
    process = Path("/proc", str(worker.process.pid))
    assert b"DICOMWebNodesLib" in (process / "cmdline").read_bytes()
    assert PASSWORD.encode() not in (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
