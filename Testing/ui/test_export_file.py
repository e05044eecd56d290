"""Nodes into files, with the real worker: our own form, and Weasis's; secrets are in none of them."""

from __future__ import annotations

import json

import pytest
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, Grant
from DICOMWebNodesLib.nodes.node import Node

SECRET = "hunter" + "2"
PROVIDER = AuthProvider("Hospital", "", "https://id.example.org/auth", "https://id.example.org/token")


@pytest.fixture
def manager(panel, module, until):
    """With a node that signs in at a hospital, and one with a password."""
    logic = module.widgetRepresentation().self().logic
    registration = AuthRegistration("viewer", Grant.AUTHORIZATION_CODE)
    logic.addMethod(AuthMethod("Hospital", Kind.OAUTH2, provider=PROVIDER, registration=registration, uid="uid-1"))
    logic.addMethod(AuthMethod("Password", Kind.BASIC, settings={"user_name": "ada"}, uid="uid-2"), SECRET)
    headers = (("X-Site", "Ulm"), ("Authorization", f"Bearer {SECRET}"))
    logic.addNode(Node("Lab", "https://lab.example.org/rs", headers=headers, authentication="uid-1"))
    logic.addNode(Node("Clinic", "https://clinic.example.org/rs", authentication="uid-2"))
    manager = panel.node_manager
    until(lambda: {"Lab", "Clinic"} <= {each.node.name for each in manager.listed()})
    return manager


def exported(manager, until, entry, path):
    """What the file holds that a person chose in the menu, and what was told."""
    manager.actions_by_name[entry].trigger()
    manager.file_export.dialog.fileSelected.emit(str(path))
    until(lambda: "written to" in manager.errors.ui.message.text)
    text = path.read_text()
    assert SECRET not in text
    return text, manager.errors.ui.message.text


def test_nodes_are_written_for_weasis(manager, until, tmp_path):
    text, told = exported(manager, until, "export-weasis", tmp_path / "dicomWebNodes.xml")
    assert 'description="Lab"' in text
    assert 'url="https://clinic.example.org/rs"' in text
    assert told.startswith("2 written to")
    assert "Lab: the header Authorization is not in the file, because it may be secret." in told


def test_nodes_are_written_for_newer_weasis_where_the_file_is_called_so(manager, until, tmp_path):
    text, _ = exported(manager, until, "export-weasis", tmp_path / "dicomWebNodes.json")
    assert [each["url"] for each in json.loads(text)["nodes"]] == [
        "https://lab.example.org/rs",
        "https://clinic.example.org/rs",
    ]


def test_how_the_nodes_sign_in_is_written_for_weasis(manager, until, tmp_path):
    text, told = exported(manager, until, "export-methods", tmp_path / "authenticationNodes.xml")
    assert 'uid="uid-1"' in text
    assert told.startswith("1 written to")
    assert "Password is not in the file: Weasis knows OAuth 2.0 only, not 'basic'." in told


def test_our_own_form_says_too_what_is_left_out(manager, until, tmp_path):
    text, told = exported(manager, until, "export", tmp_path / "nodes.json")
    assert "lab.example.org" in text
    assert "Lab: the header Authorization is not in the file" in told


def test_a_name_that_is_typed_without_an_ending_gets_the_one_that_is_looked_for(manager):
    for entry, ending in (("export", "json"), ("export-weasis", "xml"), ("export-methods", "xml")):
        manager.actions_by_name[entry].trigger()
        assert manager.file_export.dialog.defaultSuffix == ending
