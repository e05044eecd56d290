"""Nodes, ways to sign in, and the page of settings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from DICOMWebNodesHost.logic_nodes import Choice, ListedNode
from DICOMWebNodesLib.dicomweb.profile import profile_named
from DICOMWebNodesLib.errors import (
    Forbidden,
    TLSFailed,
)
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.text import Text
from DICOMWebNodesUI.authentication_editor import AuthenticationEditor
from DICOMWebNodesUI.authentication_manager import AuthenticationManager
from DICOMWebNodesUI.fonts import metrics
from DICOMWebNodesUI.node_editor import NodeEditor
from DICOMWebNodesUI.part_chooser import PartChooser
from DICOMWebNodesUI.settings_panel import SettingsPanel
from ui.found import checks
from ui.scenes.desk import LONG, keep, logic, module


def nodes() -> Any:
    panel, by_hand = module(height=28)
    panel.tabs.setCurrentWidget(panel.node_manager)
    manager = panel.node_manager
    for row, failed in ((0, ()), (1, ("STOW-RS",))):
        manager.ui.table.setCurrentIndex(manager.ui.table.model().index(row, 0))
        manager.test()
        by_hand.last("test node").end(checks(*failed))
    return panel


def _editor(**options: Any) -> Any:
    by_hand = logic()
    by_uid = {each.method.uid: each for each in by_hand.methods}
    editor = NodeEditor(by_hand, by_hand.listed, by_uid, **options)
    keep(editor)
    return editor


def new_node() -> Any:
    return _editor()


def wrong_node() -> Any:
    editor = _editor()
    editor.ui.name.text = "Orthanc"
    editor.ui.url.text = "http://reader:secret@orthanc.example.org:8042/dicom-web?x=1"
    return editor


def provider_node() -> Any:
    editor = _editor()
    editor.ui.name.text = "Research store"
    editor.ui.profile.setCurrentIndex(editor.ui.profile.findData("google"))
    for name, value in (
        ("project", "my-project"),
        ("location", "europe-west4"),
        ("dataset", "brain"),
        ("store", "ct 1"),
    ):
        editor.provider.fields[name].text = value
    return editor


def recognised_node() -> Any:
    editor = _editor()
    editor.ui.name.text = "Archive"
    editor.ui.url.text = "https://pacs.example.org:8443/dcm4chee-arc/aets/DCM4CHEE/rs"
    return editor


def full_node() -> Any:
    node = Node(
        LONG,
        "https://orthanc.example.org:8042/dicom-web",
        headers=(("X-Project", "brain"), ("Accept-Language", "en")),
        secret_headers=("X-Api-Key",),
        page_size=500,
    )
    editor = _editor(listed=ListedNode(node))
    editor.ui.advanced.collapsed = False
    editor._test()
    editor._logic.last("test node").end(checks("STOW-RS"))
    return editor


def choosing_a_store() -> Any:
    by_hand = logic()
    chooser = PartChooser(by_hand, profile_named("google"), by_hand.methods)
    by_hand.last("choices").end((Choice("radiology-archive-2024", LONG),))
    by_hand.last("choices").end((Choice("europe-west4"), Choice("us-central1")))
    chooser.combos["location"].setCurrentIndex(0)
    words = "Permission 'healthcare.datasets.list' denied on resource 'projects/radiology-archive-2024'"
    refused = Forbidden(
        Text("the server answered {answer} (“{said}”)", answer="403 Forbidden", said=words),
        status=403,
        node="Google Cloud Healthcare",
    )
    by_hand.last("choices").break_off(refused)
    keep(by_hand, chooser)
    return chooser


def authentication() -> Any:
    manager = AuthenticationManager(logic())
    keep(manager)
    return manager


def signing_in() -> Any:
    by_hand = logic()
    manager = AuthenticationManager(by_hand, chosen=by_hand.methods[2].method.uid)
    manager.sign_in()
    url = "https://keycloak.example.org/realms/dcm4che/protocol/openid-connect/auth?client_id=slicer&state=abc"
    by_hand.last("sign in").prompted.emit(SimpleNamespace(url=url, user_code="", short_url=""))
    manager.errors.show_error(
        TLSFailed(
            Text(
                "no secure connection to {host}: {reason}",
                host="keycloak.example.org",
                reason="certificate has expired",
            ),
            asked="sign in",
        )
    )
    keep(manager)
    return manager


def new_method() -> Any:
    editor = AuthenticationEditor(logic())
    editor.ui.template.setCurrentIndex(editor.ui.template.findData("keycloak"))
    keep(editor)
    return editor


def wrong_method() -> Any:
    editor = new_method()
    editor.questions.fields["base_url"].text = "keycloak"
    editor.fill()
    return editor


def filled_method() -> Any:
    editor = AuthenticationEditor(logic())
    editor.ui.template.setCurrentIndex(editor.ui.template.findData("keycloak"))
    for name, text in (("base_url", "https://keycloak.example.org"), ("realm", "dcm4che"), ("client_id", "slicer")):
        editor.questions.fields[name].text = text
    editor.fill()
    keep(editor)
    return editor


def password_method() -> Any:
    by_hand = logic()
    editor = AuthenticationEditor(by_hand, by_hand.methods[1].method)
    keep(editor)
    return editor


def settings_page() -> Any:
    hand = logic()
    panel = SettingsPanel(lambda: hand)
    panel.ui.moveSecretsButton.click()
    panel.ui.diagnosticsButton.click()
    hand.last("diagnostics").end("")
    panel.resize(metrics(panel).averageCharWidth() * 90, panel.sizeHint.height())
    keep(hand)
    return panel
