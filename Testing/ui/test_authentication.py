"""Authentication methods: made from templates, their secrets never shown, a sign-in that blocks nothing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import qt
from DICOMWebNodesLib.auth.provider import ENDPOINTS
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.errors import InvalidAuthMethod, SignInFailed
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


def test_a_secret_answer_is_masked_and_can_be_shown(logic):
    editor = AuthenticationEditor(logic)
    editor.ui.template.setCurrentIndex(editor.ui.template.findText("Default Keycloak"))
    line = editor.questions.fields["client_secret"]
    (show,) = editor.ui.questions.findChildren(qt.QToolButton)
    assert line.echoMode == qt.QLineEdit.Password
    show.click()
    assert line.echoMode == qt.QLineEdit.Normal


def test_an_answer_that_is_missing_is_told(logic):
    editor = editor_with(logic, "Default Keycloak", {"realm": "hospital"})
    editor.show()
    told = {name: label.text for name, label in editor.questions.problems.items() if label.visible}
    assert set(told) == {"base_url", "client_id"}
    assert told["base_url"].startswith("✘ Base URL is missing")
    assert logic.started("add method") == []


def test_what_was_wrong_is_not_told_any_more_once_it_is_right(logic):
    editor = editor_with(logic, "Default Keycloak", {"realm": "hospital"})
    editor.show()
    for name, text in ANSWERS.items():
        editor.questions.fields[name].text = text
    editor.ui.fillButton.click()
    assert not any(label.visible for label in editor.questions.problems.values())


def test_the_endpoints_that_the_issuer_tells_are_filled_in(logic):
    editor = editor_with(logic, "Default Keycloak", ANSWERS)
    asked = logic.last("discover").asked["method"]
    assert "Asking https://keycloak.example.org/realms/hospital" in editor.ui.problem.text
    editor.ui.token_endpoint.text = "https://typed.example.org/token"
    endpoints = {name: f"https://keycloak.example.org/{name}" for name in ENDPOINTS}
    logic.last("discover").end(replace(asked, provider=replace(asked.provider, iss_in_response=True, **endpoints)))
    assert editor.ui.authorization_endpoint.text == "https://keycloak.example.org/authorization_endpoint"
    assert editor.ui.token_endpoint.text == "https://typed.example.org/token"
    assert editor.method().provider.iss_in_response
    assert editor.ui.problem.text == ""


def test_an_issuer_that_tells_nothing_is_no_reason_not_to_keep_the_method(logic):
    editor = editor_with(logic, "Default Keycloak", ANSWERS)
    logic.last("discover").break_off(InvalidAuthMethod("nothing can be discovered", field="issuer"))
    assert "nothing can be discovered" in editor.ui.problem.text
    ok(editor)
    assert logic.started("add method")


def test_a_provider_without_tls_needs_a_yes(logic):
    editor = editor_with(logic, "Default Keycloak", {**ANSWERS, "base_url": "http://keycloak.example.org"})
    assert "is plain http" in editor.questions.problems["base_url"].text
    assert not editor.ui.providerBox.visible
    editor.question.buttons()[0].click()
    assert editor.ui.issuer.text == "http://keycloak.example.org/realms/hospital"
    assert editor.method().provider.allow_plain_http


def test_a_field_that_is_wrong_gets_the_cursor_and_the_reason(logic, keycloak):
    editor = AuthenticationEditor(logic, keycloak)
    editor.open()
    editor.ui.token_endpoint.text = "ftp://x"
    ok(editor)
    assert "'ftp://x' is not an http or https URL" in editor.ui.problem.text
    assert logic.started("update method") == []


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


def test_secrets_are_kept_in_a_file_once_the_person_says_yes(logic):
    manager = AuthenticationManager(logic)
    manager.show()
    assert manager.ui.secrets.text == "Passwords and tokens are kept in memory, until this program ends."
    manager.ui.secretsButton.click()
    assert not logic.secrets.file
    manager.question.buttons()[0].click()
    assert manager.ui.secrets.text == "Passwords and tokens are kept in secrets.json, which only you can read."
    assert not manager.ui.secretsButton.visible


def test_whoever_is_signed_in_sees_as_whom_and_for_what(logic, keycloak):
    status = AuthStatus(True, "signed in", "jane@example.org", scope="openid dicom")
    logic.methods = [SimpleNamespace(method=keycloak, status=status)]
    item = AuthenticationManager(logic).ui.table.model().item(0, 2)
    assert item.text() == "signed in as jane@example.org"
    assert item.toolTip() == "For: openid dicom"
    logic.methods[0].status = AuthStatus(True, "signed in", "", scope="<img src='//host/share/x.png'>")
    item = AuthenticationManager(logic).ui.table.model().item(0, 2)
    assert "<img" not in item.toolTip()


def test_without_a_method_there_is_nothing_to_edit_or_to_remove():
    manager = AuthenticationManager(LogicByHand())
    buttons = (manager.ui.editButton, manager.ui.removeButton, manager.ui.signInButton, manager.ui.signOutButton)
    assert not any(button.enabled for button in buttons)
