"""The list of transfers, of a logic that the test moves on."""

from __future__ import annotations

import pytest
from DICOMWebNodesUI.transfers_panel import TransfersPanel
from ui.logic_by_hand import LogicByHand


@pytest.fixture
def logic():
    return LogicByHand()


@pytest.fixture
def panel(logic):
    panel = TransfersPanel(logic)
    panel.show()
    return panel
