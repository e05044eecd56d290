"""The secrets of a node in its editor: hidden, tried, kept with the others, never sent again."""

from __future__ import annotations

import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import SecretUnavailable
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.node_editor import NodeEditor
from ui.edited_nodes import LAB, ok_button
from ui.logic_by_hand import LogicByHand


class LogicWithLockedKeyring(LogicByHand):
    is_locked = True

    def startSetSecretHeader(self, node, name, value):
        job = super().startSetSecretHeader(node, name, value)
        if not self.is_locked:
            return job
        return self._start("refused").break_off(SecretUnavailable("the keyring is locked"))


def test_the_value_of_a_secret_header_is_hidden_and_goes_to_the_secrets(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(LAB))
    editor.ui.addHeaderButton.click()
    editor.ui.headers.item(0, 0).setText("X-Api-Key")
    editor.ui.headers.item(0, 1).setText("geheim")
    assert "geheim" not in editor.ui.headers.item(0, 1).text()
    ok_button(editor).click()
    assert logic.last("update node").asked["node"].secret_headers == ("X-Api-Key",)
    assert logic.last("set secret header").asked == {"node": "lab", "name": "X-Api-Key", "value": "geheim"}


def test_a_node_is_tested_with_the_secret_header_that_was_typed_and_not_kept(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(LAB))
    editor.ui.addHeaderButton.click()
    editor.ui.headers.item(0, 0).setText("X-Api-Key")
    editor.ui.headers.item(0, 1).setText("geheim")
    editor.ui.testButton.click()
    asked = logic.last("test node").asked
    assert asked["node"].secret_headers == ("X-Api-Key",)
    assert asked["secret_headers"] == {"X-Api-Key": "geheim"}
    assert logic.started("set secret header") == []


def test_the_password_for_a_proxy_is_hidden_tried_and_kept_with_the_secrets(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(LAB))
    ui = editor.ui
    ui.advanced.collapsed = False
    assert not ui.proxyPassword.enabled
    ui.proxyUser.text = "ada"
    assert "no proxy" in ui.proxyUserProblem.text
    ui.proxy.text, ui.proxyPassword.text = "http://proxy:3128", "geheim"
    assert ui.proxyPassword.echoMode == qt.QLineEdit.Password
    ui.proxyPasswordShow.checked = True
    assert ui.proxyPassword.echoMode == qt.QLineEdit.Normal
    ui.testButton.click()
    assert logic.last("test node").asked["proxy_password"] == "geheim"
    assert logic.started("set proxy password") == []
    logic.last("test node").end(())
    ok_button(editor).click()
    assert logic.last("update node").asked["node"].proxy_user == "ada"
    assert logic.last("set proxy password").asked == {"node": "lab", "password": "geheim"}


def test_a_kept_password_for_a_proxy_is_not_sent_again_and_said_to_be_there(logic):
    node = Node("Lab", LAB.url, uid="lab", proxy="http://proxy:3128", proxy_user="ada")
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(node))
    assert editor.ui.proxyPassword.placeholderText == "as it is kept"
    editor.ui.proxy.text = "http://other:3128"
    assert editor.ui.proxyPassword.placeholderText == ""
    ok_button(editor).click()
    assert logic.started("set proxy password") == []


def test_a_kept_secret_header_is_not_sent_again(logic):
    node = Node("Lab", LAB.url, uid="lab", secret_headers=("X-Api-Key",))
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(node))
    ok_button(editor).click()
    assert logic.last("update node").asked["node"] == node
    assert logic.started("set secret header") == []


def test_a_secret_that_could_not_be_kept_is_told_and_ok_tries_it_again(logic):
    """The dialog had closed over the error, and the node had no secret."""
    logic = LogicWithLockedKeyring(logic.listed)
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text, editor.ui.url.text = "Store", "https://pacs.example.org/dicom-web"
    editor.ui.addHeaderButton.click()
    editor.ui.headers.item(0, 0).setText("X-Api-Key")
    editor.ui.headers.item(0, 1).setText("geheim")
    editor.show()
    ok_button(editor).click()
    assert editor.visible
    assert "the keyring is locked" in editor.ui.problem.text
    logic.is_locked = False
    ok_button(editor).click()
    assert not editor.visible
    assert len(logic.started("add node")) == len(logic.started("update node")) == 1
    assert logic.last("update node").asked["uid"] == logic.last("add node").asked["node"].uid
