"""Files of Weasis in the window: their secrets come along only when a person says so."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.errors import NodeStoreError
from DICOMWebNodesLib.nodes.importing import ImportReport
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.sharing.importing import Imported
from DICOMWebNodesLib.sharing.left_out import LeftOut
from DICOMWebNodesUI.authentication_manager import AuthenticationManager
from DICOMWebNodesUI.node_manager import NodeManager
from ui.logic_by_hand import LogicByHand

LAB = Node("Lab", "https://lab.example.org/dicom-web", uid="lab")


@pytest.fixture
def logic():
    return LogicByHand([ListedNode(LAB)])


@pytest.fixture(params=[NodeManager, AuthenticationManager])
def manager(logic, request):
    manager = request.param(logic)
    manager.show()
    return manager


def button(manager, text):
    return next(each for each in manager.file_import.question.buttons() if each.text.replace("&", "") == text)


def test_a_file_of_weasis_is_asked_about_and_imported_without_secrets_by_default(manager, logic):
    manager.file_import.chosen("/x/authenticationNodes.xml")
    assert "authenticationNodes.xml" in manager.file_import.question.text
    assert logic.started("import nodes") == []
    assert manager.file_import.question.defaultButton() == button(manager, "Without secrets")
    button(manager, "Without secrets").click()
    assert logic.last("import nodes").asked == {"path": "/x/authenticationNodes.xml", "secrets": False}


def test_secrets_come_along_when_the_person_says_so(manager, logic):
    manager.file_import.chosen("/x/dicomWebNodes.XML")
    button(manager, "With secrets").click()
    assert logic.last("import nodes").asked["secrets"] is True


def test_whoever_cancels_imports_nothing(manager, logic):
    manager.file_import.chosen("/x/dicomWebNodes.xml")
    button(manager, "Cancel").click()
    assert logic.started("import nodes") == []


def test_our_own_file_has_no_secrets_to_ask_about(manager, logic):
    manager.file_import.chosen("/x/nodes.json")
    assert logic.last("import nodes").asked["secrets"] is False


def test_what_became_of_it_is_told_in_words(manager, logic):
    manager.file_import.chosen("/x/nodes.json")
    method = AuthMethod("Hospital", Kind.BEARER)
    report = ImportReport((LAB,), (), (("CT", "it is of type 'DICOM', which is not DICOMweb"),))
    left_out = (LeftOut("Hospital", "client secret"), LeftOut("Lab", "header", "X-Api-Key"))
    logic.last("import nodes").end(Imported(report, (method,), (), left_out))
    assert manager.errors.ui.message.text.splitlines() == [
        "2 added, 1 left out.",
        "CT: it is of type 'DICOM', which is not DICOMweb",
        "Hospital: its client secret was left out; edit it to give it.",
        "Lab: the value of the header X-Api-Key was left out; edit it to give it.",
    ]


def test_a_file_that_is_none_is_told(manager, logic):
    manager.file_import.chosen("/x/nodes.json")
    logic.last("import nodes").break_off(NodeStoreError("/x/nodes.json cannot be imported: it is not JSON"))
    assert "it is not JSON" in manager.errors.ui.message.text
