"""Dialogs that were closed go: a window that is open all day does not fill up with them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import qt
import slicer
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.errors import WorkerFailed
from DICOMWebNodesUI import files
from DICOMWebNodesUI.ask import ask
from DICOMWebNodesUI.module_panel import ModulePanel
from DICOMWebNodesUI.results_view import Wanted
from ui.edited_nodes import LAB
from ui.logic_by_hand import LogicByHand

ANSWERS = {"base_url": "https://keycloak.example.org", "realm": "hospital", "client_id": "slicer"}


@pytest.fixture
def panel():
    method = template("keycloak").fill(ANSWERS).method
    listed = SimpleNamespace(method=method, status=AuthStatus(False, "sign-in required"))
    panel = ModulePanel(LogicByHand([ListedNode(LAB)], [listed]))
    panel.show()
    return panel


def manifest(panel):
    panel.import_panel.open_manifest()
    return panel.import_panel.manifest_dialog


def methods(panel):
    panel.sign_in("lab")
    return panel.authentication_manager


def methods_of_the_nodes(panel):
    panel.node_manager.manage_authentication()
    return panel.node_manager.authentication_manager


def node(panel):
    panel.node_manager.add()
    return panel.node_manager.editor


def method(panel):
    manager = methods(panel)
    manager.add()
    manager.close()
    return manager.editor


def number_of_widgets():
    qt.QCoreApplication.sendPostedEvents(None, qt.QEvent.DeferredDelete)
    return len(slicer.app.allWidgets())


@pytest.mark.parametrize("opened", [manifest, methods, methods_of_the_nodes, node, method], ids=lambda f: f.__name__)
def test_a_dialog_that_was_closed_goes_when_it_is_opened_again(panel, opened):
    opened(panel).close()
    before = number_of_widgets()
    for _ in range(3):
        opened(panel).close()
    assert number_of_widgets() == before


def test_one_that_still_waits_for_a_sign_in_stays_to_be_told_of_its_end(panel):
    manager = methods(panel)
    manager.sign_in()
    manager.close()
    methods(panel).close()
    number_of_widgets()
    assert manager.windowTitle
    panel.import_panel._logic.last("sign in").end("ada")
    assert not manager.is_busy
    assert not manager.sign_in_panel.is_busy


def test_one_that_is_still_open_stays(panel):
    manager = methods(panel)
    methods(panel)
    number_of_widgets()
    assert manager.windowTitle


@pytest.mark.parametrize("answer", ["reject", "accept"])
def test_a_question_goes_when_it_is_answered(panel, answer):
    before = number_of_widgets()
    getattr(ask(panel, "Remove", "Remove it?", "Remove", lambda: None), answer)()
    files.choose_folder(panel, "Folder", lambda folder: None).reject()
    assert number_of_widgets() == before


def test_a_panel_that_goes_is_told_nothing_any_more(panel, caplog):
    """Nor are its dialogs: what ends after it would write into widgets that are no more."""
    logic = panel.import_panel._logic
    panel.import_panel.search_form.choose_node("lab")
    panel.import_panel.search()
    panel.import_panel.start_import(Wanted("lab", ("1.2",), "DOE", True))
    editor = node(panel)
    editor.ui.name.text, editor.ui.url.text = "Clinic", "https://clinic.example.org"
    editor.ui.testButton.click()
    manager = methods(panel)
    manager.sign_in()
    open_jobs = [job for job in logic.jobs if not job.isOver]
    assert {"search studies", "import", "test node", "sign in"} <= {job.name for job in open_jobs}
    panel.cleanup()
    place = qt.QWidget()
    panel.setParent(place)
    place.deleteLater()
    number_of_widgets()
    for job in open_jobs:
        if not job.isOver:
            job.break_off(WorkerFailed("the worker process was stopped"))
    assert caplog.text == ""
