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
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from ui.logic_by_hand import LogicByHand

FORMS = sorted((translations.MODULE / "Resources" / "UI").glob("*.ui"))


class Browser(QObject):
    """Where addresses go that the application opens."""

    def __init__(self):
        super().__init__()
        self.opened = []

    @Slot(QUrl)
    def open(self, url):
        self.opened.append(url.toString())


@pytest.fixture
def browser():
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "open")
    yield browser
    QDesktopServices.unsetUrlHandler("https")


def test_an_error_leads_to_the_section_about_it(browser):
    bar = ErrorBar()
    bar.show()
    error = ConnectionRefused("nothing listens there", node="Lab")
    bar.show_error(error)
    assert bar.ui.manualButton.visible
    bar.ui.manualButton.click()
    assert browser.opened == [f"{MANUAL}#the-server-does-not-answer"]
    assert details_of(error).endswith(browser.opened[0])


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
    assert browser.opened == [MANUAL]
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
