"""The module as a person uses it, with the real worker process and a real server."""

from __future__ import annotations

import os

import phantom
import pytest
import qt
import slicer
from DICOMWebNodesUI.results_row import HERE, INSTANCES
from fakes.origin_server import OriginServer
from ui.steps import add_node, add_node_without_test, open_down_to_instances, search, search_several, select_first


@pytest.fixture(scope="session")
def head(tmp_path_factory):
    """40 slices of the head phantom."""
    return phantom.write_series(tmp_path_factory.mktemp("head"))[:40]


@pytest.fixture(scope="module")
def origin_server(head):
    with OriginServer(head) as server:
        yield server.url


@pytest.fixture(params=["the embedded server", "Orthanc"])
def url(request, head):
    if request.param == "Orthanc":
        server = request.getfixturevalue("empty_orthanc")
        server.add(head)
        return server.dicomweb_url
    return request.getfixturevalue("origin_server")


def test_add_a_node_test_it_search_import_and_load(panel, until, url, database, head):
    told = add_node(panel, until, "Lab", url)
    assert told.count("✔") == 3

    view = search(panel, until, "Lab")
    assert view.ui.status.text == "1 study found."
    select_first(view)
    view.ui.loadButton.click()
    until(lambda: slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode"))

    assert len(database.instancesForSeries(phantom.SERIES_INSTANCE_UID)) == len(head)
    node = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
    assert node.GetImageData().GetDimensions() == (phantom.COLUMNS, phantom.ROWS, len(head))
    assert node.GetSpacing() == pytest.approx(phantom.SPACING)
    (row,) = panel.transfers_panel.selected.rows()
    assert row.state() == "in the database"
    study = next(row for row in view.results.rows.values() if row.level == "study")
    until(lambda: study.cell(HERE).text() == "✔")


def test_series_appear_with_a_picture_when_their_study_is_opened(panel, until, origin_server):
    add_node(panel, until, "Lab", origin_server)
    view = search(panel, until, "Lab")
    view.ui.tree.expand(view.proxy.index(0, 0))
    view.ui.tree.expand(view.proxy.index(0, 0).model().index(0, 0, view.proxy.index(0, 0)))
    until(lambda: any(row.picture is not None for row in view.results.rows.values()))
    (series,) = [row for row in view.results.rows.values() if row.level == "series"]
    assert series.cell(INSTANCES).text() == "40"


def test_one_chosen_instance_is_imported(panel, until, origin_server, database):
    add_node_without_test(panel, until, "Lab", origin_server)
    view = search(panel, until, "Lab")
    series, first = open_down_to_instances(view, until)
    assert len(series.children) == 40
    view.ui.tree.setCurrentIndex(view.proxy.mapFromSource(view.results.model.indexFromItem(first.item)))
    view.ui.importButton.click()
    until(lambda: first.cell(HERE).text() == "✔")
    assert len(database.instancesForSeries(phantom.SERIES_INSTANCE_UID)) == 1
    until(lambda: series.cell(HERE).text() == "◐")


def test_a_study_of_two_nodes_is_found_once_beside_a_node_that_is_not_there(
    panel, until, origin_server, head, database
):
    with OriginServer(head) as other:
        for name, url in (("Lab", origin_server), ("Archive", other.url), ("Nowhere", "http://127.0.0.1:9/rs")):
            add_node_without_test(panel, until, name, url)
        view = search_several(panel, until, "Lab", "Archive", "Nowhere")
        study = next(row for row in view.results.rows.values() if row.level == "study")
        assert sorted(source.name for source in study.sources) == ["Archive", "Lab"]
        assert view.results.studies == 1
        assert panel.import_panel.errors.ui.message.text.startswith("Nowhere: could not search studies")
        second = study.sources[1]
        view._choose_source(study, second.node)
        select_first(view)
        view.ui.importButton.click()
        assert panel.transfers_panel.rows[-1].job.node == second.node
        until(lambda: study.cell(HERE).text() == "✔")


def test_a_server_that_is_not_there_is_told_in_words(panel, until):
    add_node_without_test(panel, until, "Nowhere", "http://127.0.0.1:9/dicom-web")
    search(panel, until, "Nowhere")
    errors = panel.import_panel.errors
    assert errors.visible
    assert errors.ui.message.text.startswith("Nowhere: could not search studies")
    errors.ui.detailsButton.click()
    assert "connection-refused" in qt.QApplication.clipboard().text()


def test_what_was_imported_can_be_sent_back(panel, until, origin_server, database, tmp_path):
    add_node(panel, until, "Lab", origin_server)
    view = search(panel, until, "Lab")
    select_first(view)
    view.ui.importButton.click()
    until(lambda: panel.transfers_panel.selected.rows() and panel.transfers_panel.selected.rows()[0].job.isOver)
    with OriginServer([]) as other:
        add_node_without_test(panel, until, "Other", other.url)
        uid = next(each.node.uid for each in panel.node_manager.listed() if each.node.name == "Other")
        view.send_menu.send(uid)
        until(lambda: len(panel.transfers_panel.rows) == 2 and panel.transfers_panel.rows[1].job.isOver)
        assert panel.transfers_panel.rows[1].state() == "sent"
        assert panel.transfers_panel.rows[1].reason() == "40 stored"
        assert search(panel, until, "Other").results.studies == 1


def test_the_module_comes_back_after_it_was_closed_and_shows_its_transfers(module, panel, until, origin_server):
    from DICOMWebNodesUI.module_panel import ModulePanel

    add_node(panel, until, "Lab", origin_server)
    view = search(panel, until, "Lab")
    select_first(view)
    view.ui.importButton.click()
    again = ModulePanel(module.widgetRepresentation().self().logic)
    assert len(again.transfers_panel.selected.rows()) == 1
    until(lambda: again.transfers_panel.selected.rows()[0].job.isOver)
    assert again.transfers_panel.selected.rows()[0].state() == "in the database"
    again.cleanup()


def test_nothing_of_the_settings_of_this_computer_is_touched(tmp_path, module):
    assert os.environ["DICOMWEBNODES_HOME"].startswith(str(tmp_path))


def test_a_link_with_a_login_is_imported_and_loaded(panel, until, head, database, tmp_path):
    """Through the window, the worker and back: the login reaches its server and no file."""
    login = "cmVhZGVyOnNlY3JldC0xMjM="
    with OriginServer(head, authorized=lambda given: given == f"Basic {login}") as server:
        instance = next(iter(server.archive.all()))
        study, series = instance.study_instance_uid, instance.series_instance_uid
        manifest = tmp_path / "manifest.xml"
        manifest.write_text(
            f'<manifest><arcQuery arcId="a" baseUrl="{server.url}" queryMode="DICOM_WEB" webLogin="{login}">'
            f'<Patient PatientID="P" PatientName="PHANTOM^HEAD"><Study StudyInstanceUID="{study}">'
            f'<Series SeriesInstanceUID="{series}"/></Study></Patient></arcQuery></manifest>'
        )
        panel.import_panel.search_form.ui.openButton.click()
        dialog = panel.import_panel.manifest_dialog
        dialog.ui.source.text = str(manifest)
        dialog.ui.showButton.click()
        until(lambda: dialog.load_button.enabled)
        assert server.exchanges == []
        dialog.load_button.click()
        until(lambda: slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode"))
    assert len(database.instancesForSeries(phantom.SERIES_INSTANCE_UID)) == len(head)
    (row,) = panel.transfers_panel.selected.rows()
    assert row.state() == "in the database"
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path != manifest]
    assert not any(login.encode() in path.read_bytes() for path in kept)
