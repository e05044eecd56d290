"""A panel that has searched one node, and what it found: three studies of two patients."""

from __future__ import annotations

import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesUI.import_panel import ImportPanel
from DICOMWebNodesUI.results_row import NAME
from ui.found import study

LAB = ListedNode(Node("Lab", "https://lab.example.org/dicom-web", uid="lab"))
CLINIC = ListedNode(Node("Clinic", "https://clinic.example.org/dicom-web", uid="clinic"))
DEMO = ListedNode(Node("Demo", "https://demo.example.org", uid="orthanc-demo"), predefined=True)


def shown_panel(logic):
    panel = ImportPanel(logic)
    panel.search_form.choose_node("lab")
    panel.show()
    return panel


def search_three_studies(panel, logic, until):
    """Of two patients; returns the view that shows them."""
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


def search_nodes(panel, logic, *uids):
    """Searches these nodes; gives the job, which the test moves on."""
    panel.search_form.choose_node("several" if len(uids) > 1 else uids[0])
    for row in range(panel.search_form.ui.nodes.count):
        item = panel.search_form.ui.nodes.item(row)
        item.setCheckState(qt.Qt.Checked if item.data(qt.Qt.UserRole) in uids else qt.Qt.Unchecked)
    panel.search_form.ui.searchButton.click()
    return logic.last("search studies")
