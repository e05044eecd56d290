"""Choosing a DICOM store of Google Cloud part by part."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import Choice
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.dicomweb.profile import profile_named
from DICOMWebNodesLib.errors import Forbidden, SignInRequired
from DICOMWebNodesUI.node_editor import NodeEditor
from DICOMWebNodesUI.part_chooser import PartChooser
from ui.logic_by_hand import LogicByHand

GOOGLE = profile_named("google")


def listed(name, status):
    filled = template("google-cloud-healthcare").fill({"client_id": "c", "client_secret": "s"}, name=name)
    return SimpleNamespace(method=filled.method, status=status)


@pytest.fixture
def logic():
    signed_in = listed("Google", AuthStatus(True, "signed in", "jane@example.org"))
    return LogicByHand(methods=[signed_in, listed("Other", AuthStatus(False, "sign-in required"))])


@pytest.fixture
def chooser(logic):
    chooser = PartChooser(logic, GOOGLE, logic.methods)
    chooser.open()
    return chooser


def ok(chooser):
    return chooser.buttons.button(qt.QDialogButtonBox.Ok)


def pick(chooser, part, value):
    combo = chooser.combos[part]
    combo.setCurrentIndex(combo.findData(value))


def type_in(chooser, part, text):
    line = chooser.combos[part].lineEdit()
    line.text = text
    line.editingFinished.emit()


def test_the_parts_are_asked_for_one_after_the_other(chooser, logic):
    assert logic.last("choices").asked["part"] == "project"
    logic.last("choices").end((Choice("radiology-1", "Radiology"), Choice("research")))
    assert not ok(chooser).enabled
    pick(chooser, "project", "radiology-1")
    for part, value in (("location", "europe-west4"), ("dataset", "ct")):
        assert logic.last("choices").asked["part"] == part
        logic.last("choices").end((Choice("another"), Choice(value)))
        pick(chooser, part, value)
    assert logic.last("choices").asked["values"] == {
        "project": "radiology-1",
        "location": "europe-west4",
        "dataset": "ct",
    }
    logic.last("choices").end((Choice("head"), Choice("chest")))
    pick(chooser, "store", "chest")
    assert ok(chooser).enabled
    ok(chooser).click()
    assert chooser.result() == qt.QDialog.Accepted
    assert chooser.url.endswith("/projects/radiology-1/locations/europe-west4/datasets/ct/dicomStores/chest/dicomWeb")
    assert chooser.method == logic.methods[0].method.uid


def test_a_single_choice_is_made_at_once(chooser, logic):
    for part, value in (("project", "p-1"), ("location", "us"), ("dataset", "d"), ("store", "s")):
        assert logic.last("choices").asked["part"] == part
        logic.last("choices").end((Choice(value),))
    assert ok(chooser).enabled


def test_another_choice_empties_what_comes_after_it(chooser, logic):
    logic.last("choices").end((Choice("a"), Choice("b")))
    pick(chooser, "project", "a")
    logic.last("choices").end((Choice("us"),))
    assert chooser.values()["location"] == "us"
    pick(chooser, "project", "b")
    assert chooser.values()["location"] == ""
    assert logic.last("choices").asked["values"] == {"project": "b"}


def test_what_no_list_shows_can_be_typed(chooser, logic):
    logic.last("choices").break_off(Forbidden("the server answered 403", status=403, node="Google Cloud Healthcare"))
    assert "403" in chooser.told.text
    type_in(chooser, "project", "typed-1")
    assert logic.last("choices").asked["values"] == {"project": "typed-1"}
    logic.last("choices").end(())
    assert "There is no Location that you may see" in chooser.told.text


def test_what_cannot_be_right_is_not_asked_with(chooser, logic):
    logic.last("choices").end(())
    before = len(logic.started("choices"))
    type_in(chooser, "project", "Not A Project!")
    assert len(logic.started("choices")) == before
    assert not ok(chooser).enabled


def test_a_late_answer_to_an_old_question_is_not_shown(chooser, logic):
    logic.last("choices").end((Choice("a"), Choice("b")))
    pick(chooser, "project", "a")
    late = logic.last("choices")
    pick(chooser, "project", "b")
    assert late.isOver
    assert chooser.combos["location"].count == 0


def test_whoever_is_not_signed_in_does_it_here(chooser, logic):
    chooser.methods.setCurrentIndex(1)
    logic.last("choices").break_off(SignInRequired("nobody is signed in with 'Other'"))
    assert "Sign in, then try again" in chooser.told.text
    chooser.sign_in_button.click()
    assert chooser.sign_in_panel.visible
    before = len(logic.started("choices"))
    logic.last("sign in").end("jane@example.org")
    assert not chooser.sign_in_panel.visible
    assert len(logic.started("choices")) == before + 1


def test_without_a_method_it_says_what_to_do_first(logic):
    chooser = PartChooser(logic, GOOGLE, ())
    assert "Add an authentication method for this provider first" in chooser.told.text
    assert logic.started("choices") == []


def test_what_the_node_has_already_is_kept_and_used(logic):
    values = {"project": "p-1", "location": "us", "dataset": "d", "store": "s", "version": "v1beta1"}
    way = {"proxy": "http://proxy:1", "ca_file": "/ca.pem", "proxy_user": "ada", "proxy_password": "typed"}
    chooser = PartChooser(logic, GOOGLE, logic.methods, values=values, **way)
    asked = logic.last("choices").asked
    assert {name: asked[name] for name in way} == way
    logic.last("choices").end((Choice("other"), Choice("p-1")))
    assert chooser.values() == values
    assert logic.last("choices").asked["part"] == "location"
    assert logic.last("choices").asked["values"]["version"] == "v1beta1"


def test_the_node_editor_offers_it_where_there_are_lists_and_takes_the_url(logic):
    editor = NodeEditor(logic, (), {each.method.uid: each for each in logic.methods})
    editor.show()
    editor.ui.url.text = "https://pacs.example.org/rs"
    assert not editor.ui.chooseButton.visible
    editor.ui.url.text = "https://healthcare.googleapis.com"
    editor.ui.profile.setCurrentIndex(editor.ui.profile.findData("google"))
    assert editor.ui.chooseButton.visible
    editor.ui.chooseButton.click()
    for value in ("p-1", "us", "ct", "head"):
        logic.last("choices").end((Choice(value),))
    ok(editor.chooser).click()
    assert editor.ui.url.text == editor.chooser.url
    assert editor.ui.authentication.currentData == logic.methods[0].method.uid


def test_the_node_editor_tells_what_the_url_has_already(logic):
    url = GOOGLE.url_from({"project": "p-1", "location": "us", "dataset": "d", "store": "s"})
    editor = NodeEditor(logic, (), {each.method.uid: each for each in logic.methods}, url=url)
    editor.show()
    editor.ui.chooseButton.click()
    assert editor.chooser.url == url
