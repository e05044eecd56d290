"""The page Import: searches, their results, what goes wrong."""

from __future__ import annotations

from typing import Any

import qt
from DICOMWebNodesLib.errors import (
    DatabaseUnavailable,
    SignInRequired,
)
from DICOMWebNodesLib.text import Text
from DICOMWebNodesUI.fonts import metrics
from DICOMWebNodesUI.module_panel import ModulePanel
from DICOMWebNodesUI.results_view import Wanted
from ui.found import instance, series, study
from ui.logic_by_hand import LogicByHand
from ui.scenes.desk import DEMO, LONG, keep, module, settle, thumbnail


def first_use() -> Any:
    by_hand = LogicByHand([DEMO])
    panel = ModulePanel(by_hand)
    panel.resize(metrics(panel).averageCharWidth() * 80, metrics(panel).height() * 34)
    keep(by_hand)
    return panel


def searching() -> Any:
    panel, by_hand = module()
    form = panel.import_panel.search_form
    form.choose_node("orthanc")
    form.ui.PatientName.text = "Doe*"
    panel.import_panel.search()
    by_hand.last("search studies").find([study(number) for number in range(7)])
    return panel


def results() -> Any:
    panel, by_hand = module()
    by_hand.startThumbnail = thumbnail
    by_hand.here = {"1.2.1": 90, "1.2.1/1.2.1.1": 90}
    panel.import_panel.search_form.choose_node("orthanc")
    panel.import_panel.search()
    rows = [study(number) for number in range(1, 30)]
    rows.append(
        study(40, "VAN DER BERG-SCHWARZENEGGER^MARIA MAGDALENA THERESIA", description="Thorax, abdomen and pelvis")
    )
    job = by_hand.last("search studies").find(rows)
    job.warned.emit("the server held back some of the studies; narrow the search")
    job.end(tuple(rows))
    settle()
    view = panel.import_panel.results
    for row in [row for row in view.results.rows.values() if row.resource == "1.2.1"]:
        view.children_of_rows.ask(row)
        by_hand.last("search series").find(
            [series(1, 1), series(1, 2, "<b>sagittal</b> reformation"), series(1, 3, "contours")]
        ).end()
        view.children_of_rows.ask(row.children[1])
        by_hand.last("search instances").find([instance(1, 2, number) for number in (1, 2, 3)]).end()
        index = view.proxy.mapFromSource(view.results.model.indexFromItem(row.item))
        view.ui.tree.expand(index.parent())
        view.ui.tree.expand(index)
        view.ui.tree.expand(view.proxy.mapFromSource(view.results.model.indexFromItem(row.children[1].item)))
        first = view.proxy.mapFromSource(view.results.model.indexFromItem(row.children[0].item))
        view.ui.tree.setCurrentIndex(first)
    return panel


def failing() -> Any:
    panel, _by_hand = module(height=66)
    panel.import_panel.search_form.choose_node("long")
    panel.import_panel.search_form.ui.more.collapsed = False
    panel.import_panel.search_form.ui.StudyInstanceUID.text = "1.2.x"
    panel.import_panel.errors.show_error(
        SignInRequired(
            Text("nobody is signed in with '{name}'", name="Keycloak dcm4che"),
            node=LONG,
            asked=Text("search {level}", level=Text("studies")),
        ),
        "Sign in...",
    )
    panel.import_panel.errors.ui.detailsButton.click()
    return panel


def no_database() -> Any:
    panel, by_hand = module(height=40)
    by_hand.problem = DatabaseUnavailable(
        Text(
            "you may not write to the folder of Slicer's DICOM database, {folder}",
            folder="/data/shared/SlicerDICOMDatabase",
        ),
        offer="choose-folder",
        next_step="Choose a folder that you may write to.",
    )
    panel.import_panel.start_import(Wanted("orthanc", ("1.2.1",), "DOE, JANE", False))
    return panel


def many_nodes() -> Any:
    panel, _by_hand = module()
    form = panel.import_panel.search_form
    form.choose_node("several")
    form.ui.dates.setCurrentIndex(form.ui.dates.findData("range"))
    form.modalities.choose(["CT", "MR"])
    form.ui.nodes.item(0).setCheckState(qt.Qt.Checked)
    return panel


def several_nodes() -> Any:
    """Two have answered, one has failed, one is still waited for."""
    panel, by_hand = module(width=90)
    form = panel.import_panel.search_form
    form.choose_node("several")
    for row in range(form.ui.nodes.count):
        form.ui.nodes.item(row).setCheckState(qt.Qt.Checked)
    panel.import_panel.search()
    job = by_hand.last("search studies")
    job.find([study(number) for number in (1, 2, 3)], "orthanc").end_node("orthanc", count=3)
    job.find([study(number, instances=200) for number in (3, 4, 2)], "long")
    job.warned.emit(f"{LONG}: only 3 studies came: the server has more, but no further page of them; narrow the search")
    job.end_node("google", SignInRequired("nobody has signed in", node="Healthcare API", asked="search studies"))
    settle()
    view = panel.import_panel.results
    view.ui.expandButton.checked = True
    row = next(row for row in view.results.rows.values() if row.resource == "1.2.3")
    view.ui.tree.setCurrentIndex(view.proxy.mapFromSource(view.results.model.indexFromItem(row.item)))
    return panel


def source_menu() -> Any:
    """The context menu of a study that is on two nodes."""
    panel = several_nodes()
    view = panel.import_panel.results
    view.menu.fill()
    keep(panel)
    menu = view.menu.sources
    menu.setParent(None)
    return menu
