"""The form of a provider in the node's editor: its fields and the URL follow each other."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import qt
from ui.edited_nodes import ok_button

GOOGLE = "https://healthcare.googleapis.com/v1/projects/{project}/locations/l/datasets/d/dicomStores/{store}/dicomWeb"


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
    assert editor.fields.node().profile == "google"
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
    assert problem_at(editor, "store").startswith("✘ DICOM store 'a store' is not a store ID")
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


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://healthcare.googleapis.com/v1/projects/p/loc", "Google Cloud Healthcare"),
        (GOOGLE.format(project="p", store="s").rpartition("/")[0], "Google Cloud Healthcare"),
        ("https://hospital-radiology.dicom.azurehealthcareapis.com", "Azure DICOM service"),
        ("https://dicom-medical-imaging.us-east-1.amazonaws.com/", "AWS HealthImaging"),
    ],
)
def test_a_providers_url_that_is_not_whole_gets_its_form_and_says_what_is_wanted(editor, url, provider):
    editor.ui.url.text = url
    assert editor.ui.urlHint.text.startswith(f"This is not the usual URL of {provider}, which looks like https://")
    assert editor.ui.formButton.visible
    editor.ui.formButton.click()
    assert editor.ui.providerBox.title == provider


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
