"""What is asked for: fields, dates, modalities, nodes, searches that were saved."""

from __future__ import annotations

import pytest
import qt
from DICOMWebNodesUI import dates
from DICOMWebNodesUI.import_panel import ImportPanel
from ui.logic_by_hand import LogicByHand
from ui.three_studies import CLINIC, DEMO, LAB


def test_all_fields_are_asked_for_at_once(panel, logic):
    form = panel.search_form.ui
    form.PatientName.text = "Doe*"
    form.StudyInstanceUID.text = "1.2.3, 1.2.4"
    panel.search_form.modalities.choose(["CT"])
    form.searchButton.click()
    asked = logic.last("search studies").asked
    assert asked["node"] == ["lab"]
    assert asked["PatientName"] == "Doe*"
    assert asked["StudyInstanceUID"] == ["1.2.3", "1.2.4"]
    assert asked["ModalitiesInStudy"] == ["CT"]


def check(box, *texts):
    """What a person does with the list of a ctkCheckableComboBox."""
    for row in range(box.count):
        index = box.model().index(row, 0)
        if box.itemText(row) in texts:
            box.setCheckState(index, qt.Qt.Unchecked if box.checkState(index) == qt.Qt.Checked else qt.Qt.Checked)


def shown(box):
    return [box.itemText(index.row()) for index in box.checkedIndexes()]


def test_any_modality_is_searched_for_until_some_are_chosen(panel):
    form, box = panel.search_form, panel.search_form.ui.modalities
    assert shown(box) == ["any"]
    check(box, "CT")
    check(box, "MR")
    assert shown(box) == form.matching()["ModalitiesInStudy"] == ["CT", "MR"]
    check(box, "any")
    assert shown(box) == ["any"]
    check(box, "PT")
    check(box, "PT")
    assert shown(box) == ["any"]
    assert "ModalitiesInStudy" not in form.matching()


def test_return_in_a_field_searches(panel, logic):
    panel.search_form.ui.PatientID.text = "P1"
    panel.search_form.ui.PatientID.returnPressed.emit()
    assert logic.last("search studies").asked["PatientID"] == "P1"


@pytest.mark.parametrize(
    ("preset", "expected"),
    [("any", ""), ("today", "20240301"), ("yesterday", "20240229"), ("week", "20240224-20240301")],
)
def test_presets_of_dates(preset, expected):
    today = qt.QDate(2024, 3, 1)
    assert dates.matching(preset, None, None, today) == expected


def test_what_cannot_be_searched_for_is_told_as_it_is_typed(panel):
    panel.search_form.ui.StudyInstanceUID.text = "1.2.x"
    assert panel.search_form.ui.problem.text.startswith("✘ '1.2.x' is not a DICOM UID")
    assert not panel.search_form.ui.searchButton.enabled


def test_several_nodes_are_searched_at_once(panel, logic):
    panel.search_form.choose_node("several")
    for row in (0, 1):
        panel.search_form.ui.nodes.item(row).setCheckState(qt.Qt.Checked)
    panel.search_form.ui.searchButton.click()
    assert logic.last("search studies").asked["node"] == ["lab", "clinic"]


def test_what_is_filled_in_but_not_seen_is_told(panel):
    form = panel.search_form.ui
    assert form.more.text == "More fields"
    form.AccessionNumber.text, form.fuzzy.checked = "A17", True
    form.PatientID.text = "P1"  # which is always seen
    assert form.more.text == "More fields (2 filled in)"


def test_all_fields_are_cleared_at_once(panel):
    form = panel.search_form
    form.ui.PatientName.text, form.ui.StudyID.text = "Doe*", "S1"
    form.ui.dates.setCurrentIndex(form.ui.dates.findData("week"))
    form.modalities.choose(["CT"])
    form.saved.menu.aboutToShow.emit()
    (clear,) = (each for each in form.saved.menu.actions() if "Clear" in each.text)
    clear.trigger()
    assert form.matching() == {}
    assert form.ui.more.text == "More fields"


def ticked(form):
    rows = [form.ui.nodes.item(row) for row in range(form.ui.nodes.count)]
    return [each.text() for each in rows if each.checkState() == qt.Qt.Checked]


def test_the_node_that_was_searched_is_one_of_several_at_first(panel):
    form = panel.search_form
    form.choose_node("clinic")
    form.choose_node("several")
    assert ticked(form) == ["Clinic"]
    form.choose_node("lab")
    form.choose_node("several")
    assert ticked(form) == ["Clinic"], "what a person has ticked stays"


def test_a_click_anywhere_in_the_row_of_a_node_ticks_it(panel):
    form = panel.search_form
    form.choose_node("clinic")
    form.choose_node("several")
    item = form.ui.nodes.item(0)
    form.ui.nodes.itemPressed.emit(item)
    form.ui.nodes.itemClicked.emit(item)
    assert ticked(form) == ["Lab", "Clinic"]
    for state, expected in ((qt.Qt.Unchecked, ["Clinic"]), (qt.Qt.Checked, ["Lab", "Clinic"])):
        item.setCheckState(state)  # as Qt does for a click on the box, of which it tells no press
        form.ui.nodes.itemClicked.emit(item)
        assert ticked(form) == expected
    assert not form.ui.nodes.selectedItems(), "a row that is not ticked does not look chosen"


def test_a_saved_search_brings_its_fields_back(panel):
    form = panel.search_form
    form.ui.PatientName.text = "Doe*"
    form.ui.dates.setCurrentIndex(form.ui.dates.findData("week"))
    form.saved.save("mine")
    form.restore({})
    assert form.matching() == {}
    form.restore(form.saved.all()["mine"])
    assert form.matching()["PatientName"] == "Doe*"
    assert form.ui.dates.currentData == "week"
    form.saved.remove("mine")
    assert "mine" not in form.saved.all()


def test_a_long_name_of_a_search_is_cut_short_in_the_menu(panel):
    saved = panel.search_form.saved
    name = "tab\there" + "x" * 300
    saved.save(name)
    saved.menu.aboutToShow.emit()
    assert saved.menu.actions()[0].text == "tab here" + "x" * 51 + "…"
    saved.remove(name)


def test_a_search_is_saved_under_the_name_that_is_asked_for_and_chosen_from_the_menu(panel):
    form = panel.search_form
    form.ui.PatientID.text = "P1"
    form.saved.menu.aboutToShow.emit()
    form.saved.menu.actions()[-1].trigger()
    form.saved.dialog.setTextValue("mine & yours")
    form.saved.dialog.accept()
    form.ui.PatientID.text = ""
    form.saved.menu.aboutToShow.emit()
    action = form.saved.menu.actions()[0]
    assert action.text == "mine && yours"
    action.trigger()
    assert form.ui.PatientID.text == "P1"
    form.saved.remove("mine & yours")


def test_the_nodes_that_were_searched_are_ticked_again_next_time(panel, logic):
    panel.search_form.choose_node("several")
    for row in (0, 1):
        panel.search_form.ui.nodes.item(row).setCheckState(qt.Qt.Checked)
    panel.search_form.ui.searchButton.click()
    assert ImportPanel(logic).search_form.node_uids() == ["lab", "clinic"]


@pytest.mark.parametrize(
    ("first", "last", "works"), [((2024, 3, 1), (2024, 2, 1), False), ((2024, 2, 1), (2024, 3, 1), True)]
)
def test_a_range_of_dates_that_ends_before_it_begins_is_told_at_once(panel, first, last, works):
    form = panel.search_form.ui
    form.dates.setCurrentIndex(form.dates.findData("range"))
    form.dateFrom.date, form.dateTo.date = qt.QDate(*first), qt.QDate(*last)
    assert form.searchButton.enabled == works
    assert ("The first day is after the last one." in form.problem.text) != works


def test_ones_own_first_node_is_the_one_to_search_until_another_is_chosen():
    logic = LogicByHand([DEMO])
    panel = ImportPanel(logic)
    assert panel.search_form.node_uids() == ["orthanc-demo"]
    logic.listed.insert(0, LAB)
    logic.nodesChanged.emit()
    assert panel.search_form.node_uids() == ["lab"]
    panel.search_form.choose_node("orthanc-demo")
    logic.listed.insert(0, CLINIC)
    logic.nodesChanged.emit()
    assert panel.search_form.node_uids() == ["orthanc-demo"]


def test_without_a_node_the_form_says_what_to_do(panel):
    form = panel.search_form.ui
    panel.search_form.choose_node("several")
    for row in range(form.nodes.count):
        form.nodes.item(row).setCheckState(qt.Qt.Unchecked)
    assert (form.problem.text, form.searchButton.enabled) == ("✘ Choose the nodes to search.", False)
    panel.search_form.choose_node("lab")
    assert (form.problem.text, form.searchButton.enabled) == ("", True)


@pytest.fixture
def saved(panel):
    """Searches "first" for A and "second" for B; the menu's entries by their text."""
    saved = panel.search_form.saved
    for name, patient in (("first", "A"), ("second", "B")):
        panel.search_form.ui.PatientID.text = patient
        saved.save(name)
    panel.search_form.ui.PatientID.text = "C"
    yield saved
    for name in saved.all():
        saved.remove(name)


def entry(saved, text, name=""):
    """Of the menu, or of its submenu ``text``."""
    saved.menu.aboutToShow.emit()
    menu = next(each for each in saved.menu.findChildren(qt.QMenu) if each.title == text) if name else saved.menu
    (found,) = [action for action in menu.actions() if action.text == (name or text)]
    return found


def answer(saved, name):
    saved.dialog.setTextValue(name)
    saved.dialog.accept()


def patients(saved):
    return {name: state["texts"]["PatientID"] for name, state in saved.all().items()}


def test_another_search_is_replaced_only_when_a_person_agrees(saved):
    entry(saved, "&Save this search...").trigger()
    answer(saved, "first")
    assert "'first'" in saved.question.text
    assert patients(saved) == {"first": "A", "second": "B"}
    saved.question.buttons()[0].click()
    assert patients(saved) == {"first": "C", "second": "B"}


def test_a_saved_search_is_renamed_in_its_place(saved):
    entry(saved, "Re&name", "first").trigger()
    answer(saved, " CT of last week ")
    assert list(patients(saved).items()) == [("CT of last week", "A"), ("second", "B")]


def test_a_saved_search_takes_the_name_of_another_only_when_a_person_agrees(saved):
    entry(saved, "Re&name", "first").trigger()
    answer(saved, "second")
    assert list(patients(saved)) == ["first", "second"]
    saved.question.buttons()[0].click()
    assert patients(saved) == {"second": "A"}


def test_a_search_without_a_name_asks_for_one_again(saved):
    entry(saved, "&Save this search...").trigger()
    answer(saved, "  ")
    assert saved.dialog.visible
    assert list(patients(saved)) == ["first", "second"]
    answer(saved, "third")
    assert list(patients(saved)) == ["first", "second", "third"]


@pytest.mark.parametrize("broken", ["5", "null", '"text"', "[]"])
def test_of_saved_searches_that_cannot_be_read_the_others_stay(saved, broken):
    qt.QSettings().setValue("DICOMWebNodes/SavedSearches", f'{{"broken": {broken}, "good": {{}}}}')
    assert saved.all() == {"good": {}}
