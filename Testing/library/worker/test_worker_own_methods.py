"""What the worker says of itself, and how it is told to work."""

from __future__ import annotations

import pytest
from canary import canary
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesLib.worker.service import Service
from DICOMWebNodesLib.worker.values import method_as_dict


def test_diagnostics_tell_how_the_last_request_failed(worker):
    with pytest.raises(ConnectionRefused):
        worker.ask("search", {"node": "http://127.0.0.1:9/rs"})
    text = worker.ask("diagnostics", {"more": {"application": "Slicer 5.8.1"}})
    assert "application: Slicer 5.8.1" in text
    assert "code connection-refused" in text


def test_a_preview_that_cannot_be_had_is_no_error_to_report(worker):
    with pytest.raises(ConnectionRefused):
        worker.ask("thumbnail", {"node": "http://127.0.0.1:9/rs", "resource": "1.2.3"})
    assert "connection-refused" not in worker.ask("diagnostics")


def test_secrets_are_moved_while_the_worker_runs(worker):
    basic = template("basic").fill({"user_name": "ada", "password": canary("password")})
    before = worker.ask("secrets")
    worker.ask("auth.add", {"method": method_as_dict(basic.method), "secret": basic.secret})
    assert worker.ask("secrets", {"file": True})["file"]
    assert worker.ask("auth.status", {"method": basic.method.uid})["ready"]
    after = worker.ask("secrets", {"file": False})
    assert after == before
    assert worker.ask("auth.status", {"method": basic.method.uid})["ready"]


def test_every_new_worker_is_configured_before_it_is_asked(worker):
    worker.client.configure({"connections": 3, "log_level": "debug"})
    assert {"requests side by side: 3", "log level: debug"} <= set(worker.ask("diagnostics").splitlines())
    worker.client.configure({"connections": 5, "log_level": "info"})
    worker.client.stop()
    assert {"requests side by side: 5", "log level: info"} <= set(worker.ask("diagnostics").splitlines())


def test_what_is_configured_counts_and_what_is_wrong_is_refused(tmp_path):
    service = Service(tmp_path)
    service.configure(None, connections=3)
    assert service.connections == 3
    service.configure(None)
    assert service.connections == 3
    service.configure(None, preview_bytes=1_000_000, preview_folder=str(tmp_path / "here"))
    assert service.previews.folder == tmp_path / "here" / "previews"
    service.configure(None, preview_bytes=0)
    assert service.previews is None
    with pytest.raises(ValueError, match="33 connections"):
        service.configure(None, connections=33)
    with pytest.raises(ValueError, match="'loud'"):
        service.configure(None, log_level="loud")
