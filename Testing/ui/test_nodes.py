"""The table of nodes and the editor: what they show, what they want, what they keep to themselves."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import pytest
import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesLib.nodes.node import TLS, Node, ServiceType
from DICOMWebNodesUI.node_editor import NodeEditor
from DICOMWebNodesUI.node_manager import NodeManager
from ui.found import checks
from ui.logic_by_hand import LogicByHand

LAB = Node("Lab", "https://lab.example.org/dicom-web", uid="lab")
DEMO = ListedNode(Node("Demo", "https://demo.example.org/dicom-web", uid="demo"), predefined=True)


@pytest.fixture
def logic():
    return LogicByHand([ListedNode(LAB), DEMO])


@pytest.fixture
def manager(logic):
    manager = NodeManager(logic)
    manager.show()
    return manager


def select(manager, row):
    table = manager.ui.table
    table.setCurrentIndex(table.model().index(row, 0))


def cells(manager, row):
    model = manager.ui.table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def ok_button(editor):
    return editor.ui.buttons.button(qt.QDialogButtonBox.Ok)


def test_each_node_is_a_row_and_a_predefined_one_says_so(manager):
    assert cells(manager, 0)[:4] == ["Lab", "DICOMweb", LAB.url, "none"]
    assert cells(manager, 1)[0] == "Demo (predefined)"


def test_the_table_follows_the_list_and_keeps_the_selection(manager, logic):
    select(manager, 0)
    logic.startAddNode(Node("Clinic", "https://clinic.example.org"))
    assert cells(manager, 2)[0] == "Clinic"
    assert [each.node.name for each in manager.selected()] == ["Lab"]


def test_a_predefined_node_can_be_neither_removed_nor_moved(manager):
    select(manager, 1)
    assert not manager.actions_by_name["remove"].enabled
    assert not manager.actions_by_name["up"].enabled
    assert manager.actions_by_name["duplicate"].enabled


def test_removing_asks_first(manager, logic):
    select(manager, 0)
    manager.actions_by_name["remove"].trigger()
    assert "Lab" in manager.question.text
    assert logic.started("remove node") == []
    manager.question.buttons()[0].click()
    assert logic.last("remove node").asked == {"node": "lab"}


def test_a_test_shows_each_service_with_a_tick_or_the_reason(manager, logic):
    select(manager, 0)
    manager.ui.testButton.click()
    assert cells(manager, 0)[5] == "checking..."
    logic.last("test node").end(checks("STOW-RS"))
    assert cells(manager, 0)[5] == "✘ STOW-RS"
    assert manager.ui.checkText.text.splitlines()[0].startswith(
        "✔ QIDO-RS: studies, series and instances can be searched"
    )
    assert "Check the port" in manager.ui.checkText.text


def test_the_tests_of_several_nodes_are_told_in_short(manager, logic):
    manager.ui.table.selectAll()
    manager.ui.testButton.click()
    for job in logic.started("test node"):
        job.end(checks("STOW-RS"))
    told = manager.ui.checkText.text.splitlines()
    assert [line.partition(": ")[2] for line in told] == ["✘ STOW-RS"] * len(manager.listed())


def test_a_test_that_breaks_off_says_why(manager, logic):
    select(manager, 0)
    manager.ui.testButton.click()
    logic.last("test node").break_off(ConnectionRefused("nothing listens on port 1", node="Lab"))
    assert "nothing listens on port 1" in manager.ui.checkText.text


def test_an_empty_editor_complains_about_nothing_and_cannot_be_accepted(logic):
    editor = NodeEditor(logic, logic.listed, {})
    assert not ok_button(editor).enabled
    assert editor.ui.problem.text == ""
    assert "in front of /studies" in editor.ui.urlHint.text


def test_a_wrong_url_is_told_as_it_is_typed_and_a_password_in_it_is_not_repeated(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text = "Lab 2"
    editor.ui.url.text = "https://reader:geheim@lab.example.org"
    assert "user name or password" in editor.ui.urlHint.text
    assert "geheim" not in editor.ui.urlHint.text
    assert not ok_button(editor).enabled


def test_a_url_that_looks_like_a_providers_gets_its_help(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.url.text = "http://localhost:8042/dicom-web"
    assert editor.ui.urlHint.text.startswith("Orthanc:")


def test_the_address_of_a_study_is_taken_with_a_hint_of_the_root(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text = "Lab 2"
    editor.ui.url.text = "http://localhost:8042/dicom-web/studies/1.2.3"
    assert editor.ui.urlHint.text.endswith("in front of /studies: http://localhost:8042/dicom-web")
    assert ok_button(editor).enabled


def test_what_was_typed_is_added(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text, editor.ui.url.text = "Clinic", "https://clinic.example.org/rs/"
    editor.ui.pageSize.value = 50
    ok_button(editor).click()
    node = logic.last("add node").asked["node"]
    assert (node.name, node.url, node.page_size) == ("Clinic", "https://clinic.example.org/rs", 50)


def test_a_name_that_is_taken_keeps_the_editor_open_and_says_so(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.open()
    editor.ui.name.text, editor.ui.url.text = "Lab", "https://other.example.org"
    ok_button(editor).click()
    assert editor.visible
    assert "already" in editor.ui.problem.text


def test_an_edited_node_keeps_everything_that_was_not_touched(logic):
    before = Node(
        "Lab",
        LAB.url,
        uid="lab",
        headers=(("X-Project", "brain"),),
        page_size=7,
        document_limit=512,
        proxy="http://p:1",
    )
    editor = NodeEditor(logic, logic.listed, {}, listed=ListedNode(before))
    assert editor.node() == before


def test_a_predefined_node_is_edited_as_a_copy(logic):
    editor = NodeEditor(logic, logic.listed, {}, listed=DEMO)
    ok_button(editor).click()
    added = logic.last("add node").asked["node"]
    assert added.name == "Demo copy"
    assert added.uid != "demo"


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


def test_a_search_node_chooses_who_retrieves(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.show()
    assert not editor.ui.retrievePartner.visible
    editor.ui.serviceType.setCurrentIndex(editor.ui.serviceType.findData("QIDO_RS"))
    assert editor.ui.retrievePartner.visible


# --- the form of a provider -----------------------------------------------------------------------------------------


GOOGLE = "https://healthcare.googleapis.com/v1/projects/{project}/locations/l/datasets/d/dicomStores/{store}/dicomWeb"


@pytest.fixture
def editor(logic):
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text = "Store"
    editor.show()
    return editor


def choose(editor, provider):
    editor.ui.profile.setCurrentIndex(editor.ui.profile.findData(provider))


def fill(editor, **parts):
    for name, value in parts.items():
        editor.provider.fields[name].text = value


def problem_at(editor, part):
    label = editor.provider._problems[part]
    return label.text if label.visible else ""


def test_the_url_follows_what_is_filled_in_for_a_provider(editor):
    choose(editor, "google")
    fill(editor, project="p", location="l", dataset="d")
    assert editor.ui.url.text == ""
    fill(editor, store="s")
    assert editor.ui.url.text == GOOGLE.format(project="p", store="s")
    assert editor.node().profile == "google"
    assert ok_button(editor).enabled


def test_what_is_filled_in_follows_the_url(editor):
    choose(editor, "google")
    editor.ui.url.text = GOOGLE.format(project="p", store="s")
    assert editor.provider.values()["project"] == "p"
    editor.ui.url.text = GOOGLE.format(project="p", store="other")
    assert editor.provider.values()["store"] == "other"


def test_a_part_that_is_wrong_is_told_at_its_field_and_keeps_the_node_from_being_saved(editor):
    choose(editor, "google")
    editor.ui.url.text = GOOGLE.format(project="p", store="s")
    fill(editor, store="a store")
    assert problem_at(editor, "store").startswith("DICOM store 'a store' is not a store ID")
    assert problem_at(editor, "project") == ""
    assert not ok_button(editor).enabled
    assert not editor.ui.problem.visible
    fill(editor, store="t")
    assert problem_at(editor, "store") == ""
    assert editor.ui.url.text == GOOGLE.format(project="p", store="t")


def test_another_provider_has_another_form_and_its_defaults(editor):
    choose(editor, "google")
    choose(editor, "dcm4chee")
    assert list(editor.provider.fields) == ["host", "scheme", "aet"]
    fill(editor, host="pacs.example.org:8443", aet="MAIN")
    assert editor.ui.url.text == "https://pacs.example.org:8443/dcm4chee-arc/aets/MAIN/rs"
    editor.provider.fields["scheme"].setCurrentIndex(1)
    assert editor.ui.url.text.startswith("http://pacs")


def test_a_typed_url_that_looks_like_a_providers_offers_its_form(editor):
    assert not editor.ui.formButton.visible
    editor.ui.url.text = GOOGLE.format(project="p", store="s")
    assert editor.ui.urlHint.text.startswith("Google Cloud Healthcare:")
    editor.ui.formButton.click()
    assert editor.provider.values()["project"] == "p"
    assert editor.ui.url.text == GOOGLE.format(project="p", store="s")


def test_a_url_of_another_form_than_the_chosen_providers_is_told_and_taken(editor):
    choose(editor, "google")
    editor.ui.url.text = "https://gateway.example.org/dicom"
    assert "not the usual URL of Google Cloud Healthcare" in editor.ui.urlHint.text
    assert ok_button(editor).enabled


def test_the_usual_way_to_sign_in_is_suggested_and_set_up_from_its_template(editor, logic):
    assert not editor.ui.suggestionButton.visible
    choose(editor, "google")
    assert "Google Cloud Healthcare" in editor.ui.suggestion.text
    editor.ui.suggestionButton.click()
    method_editor = editor.method_editor
    assert method_editor.template().name == "google-cloud-healthcare"
    answers = method_editor.questions.fields
    answers["client_id"].text, answers["client_secret"].text = "1-a.apps.googleusercontent.com", "x"
    method_editor.fill()
    logic.methods.append(SimpleNamespace(method=method_editor.method(), status=None))
    method_editor.save()
    assert editor.ui.authentication.currentData == logic.methods[0].method.uid
    assert not editor.ui.suggestionButton.visible


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("proxy", "ftp://p", "proxyProblem"),
        ("name", " ", "nameProblem"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(editor, field, value, label):
    editor.ui.url.text = "https://lab.example.org"
    editor.ui.advanced.collapsed = False
    getattr(editor.ui, field).text = value
    assert getattr(editor.ui, label).visible
    assert not editor.ui.problem.visible


def test_what_is_wrong_in_the_closed_section_is_told_below(editor):
    editor.ui.url.text = "https://lab.example.org"
    assert editor.ui.advanced.collapsed
    editor.ui.proxy.text = "ftp://p"
    assert editor.ui.problem.visible
    editor.ui.advanced.collapsed = False
    assert not editor.ui.problem.visible
    assert editor.ui.proxyProblem.visible


def test_every_setting_of_a_node_can_be_reached(logic):
    """What the editor shows and what it reads are the same, whatever is set."""
    node = Node(
        "Lab",
        LAB.url,
        ServiceType.QIDO_RS,
        "lab",
        retrieve_partner="partner",
        headers=(("X-Project", "brain"),),
        secret_headers=("X-Api-Key",),
        authentication="method",
        allow_plain_http_credential=True,
        connect_timeout=3.5,
        read_timeout=700.0,
        tls=TLS(False, "/ca.pem", "/client.pem", "/client.key"),
        proxy="http://proxy:3128",
        proxy_user="ada",
        page_size=7,
        document_limit=512,
        transfer_syntax="1.2.840.10008.1.2.4.80",
        profile="dcm4chee",
    )
    changed = [each.name for each in fields(Node) if getattr(node, each.name) == getattr(LAB, each.name)]
    assert set(changed) == {"name", "url", "uid"}, "a setting of a node that this test does not set"
    partner = ListedNode(Node("Partner", LAB.url, uid="partner"))
    method = SimpleNamespace(method=SimpleNamespace(name="Method", uid="method"), status=None)
    editor = NodeEditor(logic, [partner], {"method": method}, listed=ListedNode(node))
    assert editor.node() == node


# --- without a mouse --------------------------------------------------------------------------------------------------


def fields_in_order(first):
    """What the tabulator key goes through, from ``first`` on: whatever is seen and can be used."""
    found, widget = [first], first.nextInFocusChain()
    while widget is not first:
        if widget.focusPolicy & qt.Qt.TabFocus and widget.visible and widget.enabled and not widget.focusProxy():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_the_tabulator_goes_through_the_editor_from_top_to_bottom(editor):
    choose(editor, "dcm4chee")
    fill(editor, host="pacs.example.org", aet="MAIN")
    order = [widget.objectName for widget in fields_in_order(editor.ui.name)]
    parts = [id(widget) for widget in fields_in_order(editor.ui.name)]
    assert [order.index(name) for name in ("name", "profile", "documentationButton")] == [0, 1, 2]
    assert [parts.index(id(field)) for field in editor.provider.fields.values()] == [3, 4, 5]
    expected = ["url", "serviceType", "authentication", "managerButton", "suggestionButton", "headers", "testButton"]
    assert [name for name in order if name in expected] == expected


def test_keys_do_what_the_menu_does(manager, logic):
    select(manager, 0)
    for shortcut in manager.ui.table.findChildren(qt.QShortcut):
        if shortcut.key.toString() == "Del":
            shortcut.activated.emit()
    assert "Lab" in manager.question.text
    assert "Del" in manager.actions_by_name["remove"].text
