"""Search, results, import: what is asked for, and what is shown of what comes."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import qt
from DICOMWebNodesHost.import_values import ImportFailure
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.errors import ConnectionRefused, DatabaseUnavailable, SignInRequired, WorkerFailed
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI import dates, scene_loader
from DICOMWebNodesUI.import_panel import ImportPanel
from DICOMWebNodesUI.node_manager import NodeManager
from DICOMWebNodesUI.results_row import DATE, DESCRIPTION, HERE, NAME
from ui.found import series, study, summary
from ui.logic_by_hand import LogicByHand

LAB = ListedNode(Node("Lab", "https://lab.example.org/dicom-web", uid="lab"))
CLINIC = ListedNode(Node("Clinic", "https://clinic.example.org/dicom-web", uid="clinic"))
DEMO = ListedNode(Node("Demo", "https://demo.example.org", uid="orthanc-demo"), predefined=True)


@pytest.fixture
def logic():
    return LogicByHand([LAB, CLINIC, DEMO])


@pytest.fixture
def panel(logic):
    panel = ImportPanel(logic)
    panel.search_form.choose_node("lab")
    panel.show()
    return panel


@pytest.fixture
def found(panel, logic, until):
    """Three studies of two patients, shown."""
    panel.search_form.ui.searchButton.click()
    rows = [study(1, patient_id="A", date="20240101"), study(2), study(3, "DOE^JANE1", patient_id="A", date="20240301")]
    logic.last("search studies").find(rows).end(tuple(rows))
    until(lambda: panel.results.is_settled)
    return panel.results


def top_rows(view, column=NAME):
    return [view.proxy.index(row, column).data() for row in range(view.proxy.rowCount())]


def row_of(view, resource):
    return next(row for row in view.results.rows.values() if row.resource == resource)


def select(view, resource):
    item = row_of(view, resource).item
    view.ui.tree.setCurrentIndex(view.proxy.mapFromSource(view.results.model.indexFromItem(item)))


@pytest.mark.parametrize("widget", [ImportPanel, NodeManager])
def test_nodes_that_could_not_be_read_are_read_again_at_a_click(logic, widget):
    logic.unreadable = WorkerFailed("the worker process ended (exit status 9)")
    widget = widget(logic)
    widget.show()
    assert "exit status 9" in widget.errors.ui.message.text
    logic.unreadable = None
    widget.errors.ui.actionButton.click()
    assert not widget.errors.visible
    assert "Lab" in names_in(widget)


def names_in(widget):
    if isinstance(widget, ImportPanel):
        node = widget.search_form.ui.node
        return [node.itemText(row) for row in range(node.count)]
    return [each.node.name for each in widget.listed()]


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
    assert "1.2.x" in panel.search_form.ui.problem.text
    assert not panel.search_form.ui.searchButton.enabled


def test_several_nodes_are_searched_at_once(panel, logic):
    panel.search_form.choose_node("several")
    for row in (0, 1):
        panel.search_form.ui.nodes.item(row).setCheckState(qt.Qt.Checked)
    panel.search_form.ui.searchButton.click()
    assert logic.last("search studies").asked["node"] == ["lab", "clinic"]


def test_stop_ends_the_search_and_keeps_what_was_found(panel, logic, until):
    panel.search_form.ui.searchButton.click()
    logic.last("search studies").find([study(1)])
    until(lambda: panel.results.is_settled)
    panel.search_form.ui.stopButton.click()
    assert logic.last("search studies").isOver
    assert panel.search_form.ui.searchButton.enabled
    assert panel.results.results.studies == 1


def test_patients_stand_above_their_studies_with_the_latest_date(found):
    assert top_rows(found) == ["DOE, JANE1  (A)", "DOE, JANE2  (P00002)"]
    assert top_rows(found, DATE)[0] == "2024-03-01"
    assert top_rows(found, DESCRIPTION) == ["2 studies", "1 study"]


def test_a_study_that_comes_twice_is_shown_once(found):
    found.results.add_study("lab", "Lab", study(1, patient_id="A"))
    assert found.results.studies == 3


def test_the_filter_looks_into_studies_too(found):
    row_of(found, "1.2.2").item.setData("needle", qt.Qt.UserRole + 3)
    found.ui.filter.text = "NEEDLE"
    assert top_rows(found) == ["DOE, JANE2  (P00002)"]


def test_series_are_asked_for_when_their_study_is_opened_once(found, logic):
    assert logic.started("search series") == []
    row = row_of(found, "1.2.1")
    found.children_of_rows.ask(row)
    found.children_of_rows.ask(row)
    (job,) = logic.started("search series")
    assert job.asked["within"] == "1.2.1"
    job.find([series(1, 1), series(1, 2)]).end()
    assert [each.title for each in row.children] == ["Series 1", "Series 2"]
    assert row.item.rowCount() == 2


def test_what_is_in_the_database_has_a_mark(found, logic, until):
    logic.here = {"1.2.1": 180, "1.2.2": 3}
    found.refresh_marks()
    until(lambda: found.is_settled)
    marks = [row_of(found, uid).cell(HERE).text() for uid in ("1.2.1", "1.2.2", "1.2.3")]
    assert marks == ["✔", "◐", ""]
    assert "3 of 180" in row_of(found, "1.2.2").cell(HERE).toolTip()
    assert top_rows(found, HERE) == ["◐", "◐"]  # of the first patient one study of two is here


def test_a_mark_goes_when_the_database_has_it_no_longer(found, logic, until):
    logic.here = {"1.2.2": 180}
    found.refresh_marks()
    until(lambda: found.is_settled)
    assert top_rows(found, HERE) == ["", "✔"]
    logic.here = {}
    found.refresh_marks()
    until(lambda: found.is_settled)
    assert top_rows(found, HERE) == ["", ""]


def test_a_description_with_html_is_shown_as_it_is(panel, until):
    panel.results.add_studies("lab", "Lab", [study(9, description="<img src=x>")])
    until(lambda: panel.results.is_settled)
    cell = row_of(panel.results, "1.2.9").cell(DESCRIPTION)
    assert cell.text() == "<img src=x>"
    assert "<img" not in cell.toolTip()


def test_import_wants_what_is_selected_and_load_follows(panel, found, logic):
    select(found, "1.2.1")
    found.ui.loadButton.click()
    job = logic.last("import")
    assert (job.node, job.resources, job.title) == ("lab", ("1.2.1",), "DOE, JANE1  (A)")
    job.end(summary("1.2.1.1"))
    assert logic.loaded == [("1.2.1.1",)]


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
    logic.load_report = lambda uids: SimpleNamespace(failures=(("1.2.1.1", "no plugin can load it"),), messages=())
    logic.last("import").end(summary("1.2.1.1", failures=failures))
    told = panel.errors.ui.message.text.splitlines()
    assert told[0].startswith("3 instances are missing")
    assert "o plugin can load it" in told[1]


def test_import_alone_loads_nothing(found, logic):
    select(found, "1.2.1")
    found.ui.importButton.click()
    logic.last("import").end(summary("1.2.1.1"))
    assert logic.loaded == []


def test_what_the_plugins_could_not_load_is_told(panel, found, logic):
    logic.load_report = lambda uids: SimpleNamespace(failures=(("1.2.1.1", "no plugin can load it"),), messages=())
    select(found, "1.2.1")
    found.ui.loadButton.click()
    logic.last("import").end(summary("1.2.1.1"))
    assert "o plugin can load it" in panel.errors.ui.message.text


def test_of_several_series_it_is_told_how_many_could_not_be_loaded_and_which(panel, logic):
    reasons = (("1.2.1.1", "Could not load: \u202ehead"), ("1.2.1.2", "Could not load: \u202ehead"))
    logic.load_report = lambda uids: SimpleNamespace(failures=reasons, messages=())
    panel.scene_loader.load(["1.2.1.1", "1.2.1.2", "1.2.1.3"])
    assert panel.errors.ui.message.text == "2 of 3 series were not loaded:\nCould not load:  head"
    panel.errors.ui.detailsButton.click()
    assert [line.split("\t")[0] for line in panel.errors.ui.details.plainText.splitlines()] == ["1.2.1.1", "1.2.1.2"]


def test_what_is_to_be_loaded_while_something_is_loaded_comes_after_it(panel, logic):
    def load_report(uids):
        if uids == ["1.2.1.1"]:
            panel.scene_loader.load(["1.2.1.2"])
            assert logic.loaded == [("1.2.1.1",)], "not in the middle of it"
        return SimpleNamespace(failures=(), messages=())

    logic.load_report = load_report
    panel.scene_loader.load(["1.2.1.1"])
    assert logic.loaded == [("1.2.1.1",), ("1.2.1.2",)]


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


def test_the_uids_of_what_is_selected_are_copied(found):
    select(found, "1.2.2")
    found.copy_uids(0)
    assert qt.QApplication.clipboard().text() == "1.2.2"


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


def test_an_error_is_shown_in_words_and_its_details_are_copied(panel, logic):
    panel.search_form.ui.searchButton.click()
    error = ConnectionRefused("nothing listens on port 8042", node="Lab", asked="search studies", detail="<b>x</b>")
    logic.last("search studies").end_node("lab", error).break_off(error)
    assert panel.errors.ui.message.text == str(error)
    assert panel.errors.ui.message.textFormat == qt.Qt.PlainText
    panel.errors.ui.detailsButton.click()
    assert "connection-refused" in qt.QApplication.clipboard().text()


def test_a_sign_in_that_is_missing_is_offered(panel, logic):
    wanted = []
    panel.sign_in_wanted.connect(wanted.append)
    panel.search_form.ui.searchButton.click()
    error = SignInRequired("nobody is signed in", node="Lab")
    logic.last("search studies").end_node("lab", error).break_off(error)
    panel.errors.ui.actionButton.click()
    assert wanted == ["lab"]


def test_at_first_use_the_demo_is_one_click_away():
    logic = LogicByHand([DEMO])
    panel = ImportPanel(logic)
    panel.show()
    assert panel.ui.emptyState.visible
    panel.ui.demoButton.click()
    assert logic.last("search studies").asked["node"] == ["orthanc-demo"]
    assert not panel.ui.emptyState.visible


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
    form.saved._dialog.setTextValue("mine & yours")
    form.saved._dialog.accept()
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
    assert ("ends before it begins" in form.problem.text) != works


@pytest.mark.parametrize(("button", "answer"), [("Yes", True), ("No", False)])
def test_what_was_answered_for_good_in_the_dicom_module_is_not_asked_again(button, answer):
    """As DICOMLib's DICOMBrowser keeps it."""
    key = "DICOM/automaticallyLoadReferences"
    qt.QSettings().setValue(key, int(getattr(qt.QMessageBox, button)))
    try:
        assert scene_loader.agrees_to_references(["1.2.1"]) is answer
    finally:
        qt.QSettings().remove(key)
