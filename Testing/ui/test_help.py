"""Help in place: the manual's section about an error, a report for whoever helps, explanations of single fields."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import qt
import translations
from DICOMWebNodesLib.errors import ConnectionRefused, DICOMWebNodesError
from DICOMWebNodesLib.errors.manual import MANUAL
from DICOMWebNodesUI.error_bar import ErrorBar, details_of
from DICOMWebNodesUI.help_menu import HelpButton
from ui.logic_by_hand import LogicByHand

FORMS = sorted((translations.MODULE / "Resources" / "UI").glob("*.ui"))


@pytest.fixture
def browser():
    """Where addresses go that the application opens: a widget, whose slot is of C++, as Qt wants it."""
    browser = qt.QTextBrowser()
    qt.QDesktopServices.setUrlHandler("https", browser, "setSource")
    yield browser
    qt.QDesktopServices.unsetUrlHandler("https")


def test_an_error_leads_to_the_section_about_it(browser):
    bar = ErrorBar()
    bar.show()
    error = ConnectionRefused("nothing listens there", node="Lab")
    bar.show_error(error)
    assert bar.ui.manualButton.visible
    bar.ui.manualButton.click()
    assert browser.source.toString() == f"{MANUAL}#the-server-does-not-answer"
    assert details_of(error).endswith(browser.source.toString())


@pytest.mark.parametrize("error", [ValueError("odd"), DICOMWebNodesError("odd")])
def test_an_error_without_a_section_leads_nowhere(error):
    bar = ErrorBar()
    bar.show()
    bar.show_error(error)
    assert not bar.ui.manualButton.visible
    bar.show_text("Something was loaded in part.")
    assert not bar.ui.manualButton.visible


def test_the_panels_help_copies_a_report_and_opens_the_manual(browser):
    logic, failed = LogicByHand(), []
    button = HelpButton(logic, failed.append)
    manual, report = button.actions_menu.actions()
    manual.trigger()
    assert browser.source.toString() == MANUAL
    report.trigger()
    logic.last("diagnostics").end("DICOMWebNodes 0.1.0\n")
    assert qt.QApplication.clipboard().text() == "DICOMWebNodes 0.1.0\n"
    report.trigger()
    error = ConnectionRefused("the worker is away")
    logic.last("diagnostics").break_off(error)
    assert failed == [error]


@pytest.mark.parametrize("form", ["NodeEditor", "AuthenticationEditor"])
def test_the_difficult_fields_explain_themselves(form):
    root = ElementTree.parse(translations.MODULE / "Resources" / "UI" / f"{form}.ui").getroot()
    explained = [
        widget.get("name") for widget in root.iter("widget") if widget.find("property[@name='whatsThis']") is not None
    ]
    assert len(explained) >= 8


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_help_is_whole_sentences(form):
    root = ElementTree.parse(form).getroot()
    for name in ("whatsThis", "toolTip"):
        for text in root.iterfind(f".//property[@name='{name}']/string"):
            assert re.search(r"[.!?]$", text.text or "."), text.text
