"""Authentication methods: made from templates, their secrets never shown, a sign-in that blocks nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import qt
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.errors import SignInFailed
from DICOMWebNodesUI.authentication_editor import AuthenticationEditor
from DICOMWebNodesUI.authentication_manager import AuthenticationManager
from ui.logic_by_hand import LogicByHand

ANSWERS = {"base_url": "https://keycloak.example.org", "realm": "hospital", "client_id": "slicer"}


@pytest.fixture
def keycloak():
    return template("keycloak").fill(ANSWERS).method


@pytest.fixture
def logic(keycloak):
    return LogicByHand(methods=[SimpleNamespace(method=keycloak, status=AuthStatus(False, "sign-in required"))])


def editor_with(logic, title, answers):
    editor = AuthenticationEditor(logic)
    editor.ui.template.setCurrentIndex(editor.ui.template.findText(title))
    for name, text in answers.items():
        editor.questions.fields[name].text = text
    editor.ui.fillButton.click()
    return editor


def ok(editor):
    editor.ui.buttons.button(qt.QDialogButtonBox.Ok).click()


def test_fill_makes_provider_and_registration_from_the_answers(logic):
    editor = editor_with(logic, "Default Keycloak", ANSWERS)
    assert editor.ui.issuer.text == "https://keycloak.example.org/realms/hospital"
    assert editor.ui.client_id.text == "slicer"
    ok(editor)
    added = logic.last("add method").asked["method"]
    assert added.provider.issuer == "https://keycloak.example.org/realms/hospital"


def test_an_answer_that_is_missing_is_told(logic):
    editor = editor_with(logic, "Default Keycloak", {"realm": "hospital"})
    assert "Base URL is missing" in editor.ui.problem.text
    assert logic.started("add method") == []


def test_a_password_is_masked_and_goes_to_the_secrets_only(logic):
    editor = editor_with(logic, "User name and password (Basic)", {"user_name": "reader", "password": "geheim"})
    assert editor.ui.secret.echoMode == qt.QLineEdit.Password
    ok(editor)
    asked = logic.last("add method").asked
    assert asked["secret"] == "geheim"
    assert "geheim" not in repr(asked["method"])


def test_the_secret_is_shown_on_demand(logic):
    editor = editor_with(logic, "User name and password (Basic)", {"user_name": "reader", "password": "geheim"})
    editor.ui.showSecret.click()
    assert editor.ui.secret.echoMode == qt.QLineEdit.Normal


def test_an_edited_method_keeps_its_secret_unless_another_is_typed(logic):
    basic = template("basic").fill({"user_name": "reader", "password": "geheim"}).method
    editor = AuthenticationEditor(logic, basic)
    assert editor.ui.secret.text == ""
    ok(editor)
    assert logic.last("update method").asked == {"uid": basic.uid, "method": basic, "secret": None}


def test_an_edited_method_keeps_everything_that_was_not_touched(logic, keycloak):
    assert AuthenticationEditor(logic, keycloak).method() == keycloak


def test_a_running_sign_in_shows_its_link_to_copy_and_can_be_cancelled(logic, keycloak):
    manager = AuthenticationManager(logic)
    manager.show()
    manager.ui.signInButton.click()
    job = logic.last("sign in")
    job.prompted.emit(SimpleNamespace(url="https://keycloak.example.org/auth?x=1", user_code="", short_url=""))
    panel = manager.sign_in_panel
    assert panel.visible
    assert panel.ui.state.text.startswith("Waiting for the browser")
    panel.ui.copyButton.click()
    assert qt.QApplication.clipboard().text() == "https://keycloak.example.org/auth?x=1"
    panel.ui.cancelButton.click()
    assert job.isOver
    assert not panel.visible
    assert not manager.errors.visible


def test_a_device_code_is_shown_with_the_address_to_type(logic):
    manager = AuthenticationManager(logic)
    manager.show()
    manager.ui.signInButton.click()
    prompt = SimpleNamespace(url="https://p.example/device?c=AB-CD", user_code="AB-CD", short_url="https://p.example/d")
    logic.last("sign in").prompted.emit(prompt)
    assert manager.sign_in_panel.ui.code.text == "AB-CD"
    assert manager.sign_in_panel.ui.link.text == "https://p.example/d"


def test_a_sign_in_that_failed_says_why(logic):
    manager = AuthenticationManager(logic)
    manager.show()
    manager.ui.signInButton.click()
    logic.last("sign in").break_off(SignInFailed("the provider said access_denied"))
    assert "access_denied" in manager.errors.ui.message.text
    assert manager.ui.signInButton.enabled
