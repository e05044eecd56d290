"""Opening a manifest or link: what is shown before, and what is imported after a yes."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesHost.logic_manifest import AcceptedManifest
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import InvalidManifest, NotFound
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.import_panel import ImportPanel
from ui.logic_by_hand import LogicByHand
from ui.scenes.opening import manifest, target
from ui.test_keyboard import press, press_in

LAB = ListedNode(Node("Lab", "https://lab.example.org/dicom-web", uid="lab"))


@pytest.fixture
def logic():
    return LogicByHand([LAB])


@pytest.fixture
def panel(logic):
    panel = ImportPanel(logic)
    panel.show()
    return panel


@pytest.fixture
def dialog(panel):
    panel.search_form.ui.openButton.click()
    panel.manifest_dialog.ui.source.text = "https://host.example.org/m.xml"
    panel.manifest_dialog.ui.showButton.click()
    return panel.manifest_dialog


def cells(dialog, row=0):
    return [dialog.model.item(row, column).text() for column in range(5)]


def test_what_it_asks_for_is_shown_and_nothing_is_imported(dialog, logic):
    assert logic.last("open manifest").asked["source"] == "https://host.example.org/m.xml"
    assert not dialog.import_button.enabled
    logic.last("open manifest").end(manifest())
    server, node, patient, named, service = cells(dialog)
    assert server == "https://pacs.example.org"
    assert service == "WADO-URI  /wado"
    assert node == "none"
    assert patient == "DOE, JOHN (P1)"
    assert named == "1 study, 2 series, 384 instances"
    assert "Authorization for pacs.example.org" in dialog.ui.status.text
    assert "One study is offline" in dialog.ui.status.text
    assert dialog.import_button.enabled
    assert logic.started("import") == []


@pytest.mark.parametrize(("button", "load"), [("import_button", False), ("load_button", True)])
def test_after_a_yes_it_is_imported_as_anything_else(dialog, panel, logic, button, load):
    logic.last("open manifest").end(manifest())
    getattr(dialog, button).click()
    accept = logic.last("accept manifest")
    assert accept.asked["target"].reference == "manifest:1"
    accept.end(AcceptedManifest("manifest:1", ("1.2.1/1.2.1.1",)))
    job = logic.last("import")
    assert (job.node, job.resources, job.title) == ("manifest:1", ("1.2.1/1.2.1.1",), "DOE^JOHN")
    assert dialog.result() == qt.QDialog.Accepted


def test_what_the_server_lists_and_cannot_be_asked_for_stays_to_be_read(dialog, logic):
    logic.last("open manifest").end(manifest())
    dialog.import_button.click()
    remark = "the server lists a study that cannot be asked for: '1.2.x' is no UID"
    logic.last("accept manifest").end(AcceptedManifest("lab", ("1.2",), (remark,)))
    assert logic.last("import").resources == ("1.2",)
    assert dialog.visible
    assert "a study that cannot be asked for" in dialog.errors.ui.message.text


def test_only_the_servers_that_are_ticked(dialog, logic):
    logic.last("open manifest").end(manifest(target(), target(reference="manifest:2", host="other.example.org")))
    dialog.model.item(0, 0).setCheckState(qt.Qt.Unchecked)
    dialog.import_button.click()
    (accept,) = logic.started("accept manifest")
    assert accept.asked["target"].reference == "manifest:2"


def test_what_one_server_does_not_have_is_said_and_the_other_is_imported(dialog, logic):
    logic.last("open manifest").end(manifest(target(), target(reference="manifest:2")))
    dialog.import_button.click()
    first, second = logic.started("accept manifest")
    first.break_off(NotFound("the server has none of it", status=404))
    second.end(AcceptedManifest("lab", ("1.2",)))
    assert logic.last("import").node == "lab"
    assert dialog.visible
    assert "has none of it" in dialog.errors.ui.message.text


def test_a_sign_in_over_plain_http_takes_a_yes_of_its_own(dialog, logic):
    logic.last("open manifest").end(manifest(target(exposesSecrets=True)))
    assert dialog.ui.plainHTTP.visible
    assert not dialog.import_button.enabled
    dialog.ui.plainHTTP.click()
    dialog.import_button.click()
    assert logic.last("accept manifest").asked["allowPlainHTTP"] is True


def test_another_text_is_another_manifest(dialog, logic):
    logic.last("open manifest").end(manifest(target(exposesSecrets=True)))
    dialog.ui.plainHTTP.click()
    dialog.ui.source.text = "https://evil.example.org/m.xml"
    assert dialog.model.rowCount() == 0
    assert not dialog.import_button.enabled
    assert not dialog.ui.plainHTTP.checked


def test_what_is_no_manifest_says_so(dialog, logic):
    logic.last("open manifest").break_off(InvalidManifest("its root is “html”, not “manifest”"))
    assert "html" in dialog.errors.ui.message.text
    assert not dialog.import_button.enabled


def test_return_shows_and_imports_nothing(panel, logic):
    panel.search_form.ui.openButton.click()
    panel.manifest_dialog.ui.source.text = "x.xml"
    press(panel.manifest_dialog.ui.source, "Return")
    assert logic.last("open manifest").asked["source"] == "x.xml"
    logic.last("open manifest").end(manifest())
    assert panel.manifest_dialog.visible
    assert logic.started("accept manifest") == []


def test_closing_it_cancels(dialog, logic):
    dialog.reject()
    assert logic.last("open manifest").isOver
    assert logic.started("import") == []


def test_return_in_the_link_does_not_cancel(panel):
    panel.open_manifest()
    press_in(panel.manifest_dialog, qt.Qt.Key_Return)
    assert panel.manifest_dialog.visible
