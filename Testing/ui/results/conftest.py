"""A panel that searches one node or two, and the view of what they find."""

from __future__ import annotations

import pytest
from DICOMWebNodesUI.import_panel import ImportPanel
from ui.logic_by_hand import LogicByHand
from ui.three_studies import CLINIC, LAB, search_nodes


@pytest.fixture
def logic():
    return LogicByHand([LAB, CLINIC])


@pytest.fixture
def panel(logic):
    panel = ImportPanel(logic)
    panel.show()
    return panel


@pytest.fixture
def search(panel, logic):
    return lambda *uids: search_nodes(panel, logic, *uids)


@pytest.fixture
def view(panel):
    return panel.results
