"""What is selected is imported or sent: what is asked for, what is missing, the database that it needs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from DICOMWebNodesHost.import_values import ImportFailure
from DICOMWebNodesHost.loading import LoadReport
from DICOMWebNodesLib.errors import DatabaseUnavailable
from ui.found import series, summary
from ui.three_studies import select


@pytest.mark.parametrize("wanted", [True, False], ids=["compared", "counted"])
def test_what_came_is_compared_with_the_servers_list_when_the_settings_say_so(panel, found, logic, wanted):
    logic.settings = replace(logic.settings, verifyImports=wanted)
    select(found, "1.2.2")
    found.ui.importButton.click()
    assert logic.last("import").asked.get("verify", False) is wanted


def test_that_something_is_missing_is_told_where_a_person_looks(panel, found, logic):
    select(found, "1.2.1")
    found.ui.loadButton.click()
    failures = (ImportFailure("1.2.1/1.2.1.1", "the server answered 500", 3),)
    logic.load_report = lambda uids: LoadReport((), (), (("1.2.1.1", "no plugin can load it"),))
    logic.last("import").end(summary("1.2.1.1", failures=failures))
    told = panel.errors.ui.message.text.splitlines()
    assert told[0].startswith("3 instances are missing")
    assert "o plugin can load it" in told[1]


def test_a_transfer_of_several_patients_says_so(found, logic):
    found.ui.tree.selectAll()
    found.ui.importButton.click()
    assert logic.last("import").title.endswith(" and 1 more")


def test_without_a_database_nothing_is_imported_and_help_is_offered(panel, found, logic):
    logic.problem = DatabaseUnavailable("Slicer's DICOM database is not open", offer="open")
    select(found, "1.2.1")
    found.ui.importButton.click()
    assert logic.started("import") == []
    logic.opens = True
    panel.errors.ui.actionButton.click()
    assert logic.opened == [""]
    assert logic.last("import").asked["resources"] == ("1.2.1",), "it goes on with what was wanted"
    assert not panel.errors.visible


@pytest.mark.parametrize(
    ("offer", "action"),
    [("open", "Open the database"), ("choose-folder", "Choose a folder..."), ("update", "Open the DICOM module")],
)
def test_what_helps_a_database_is_a_button(panel, found, logic, offer, action):
    logic.problem = DatabaseUnavailable("the database takes nothing", offer=offer)
    select(found, "1.2.1")
    found.ui.importButton.click()
    assert panel.errors.ui.actionButton.text == action


def test_a_folder_for_the_database_is_chosen_when_it_does_not_open(panel, found, logic, tmp_path):
    logic.problem = DatabaseUnavailable("the database is not open", offer="open")
    select(found, "1.2.1")
    found.ui.importButton.click()
    panel.errors.ui.actionButton.click()
    assert panel.errors.ui.actionButton.text == "Choose a folder..."
    panel.errors.ui.actionButton.click()
    logic.opens = True
    panel.database_offer.dialog.fileSelected.emit(str(tmp_path))
    assert logic.opened == ["", str(tmp_path)]
    assert logic.last("import").asked["resources"] == ("1.2.1",)


def test_sending_what_is_not_here_says_so(panel, found, logic):
    select(found, "1.2.1")
    found.send_menu.send("clinic")
    logic.last("search series").find([series(1, 1)]).end()
    assert logic.started("send") == []
    assert "othing of what is selected" in panel.errors.ui.message.text


def test_series_that_are_here_are_sent(found, logic):
    logic.here = {"1.2.1/1.2.1.1": 90}
    select(found, "1.2.1")
    found.send_menu.send("clinic")
    logic.last("search series").find([series(1, 1), series(1, 2)]).end()
    assert logic.last("send").asked == {"node": "clinic", "series": ("1.2.1.1",)}
