"""An import panel whose logic the test moves on, and what one search has found."""

from __future__ import annotations

import pytest
from ui.logic_by_hand import LogicByHand
from ui.three_studies import CLINIC, DEMO, LAB, search_three_studies, shown_panel


@pytest.fixture
def logic():
    return LogicByHand([LAB, CLINIC, DEMO])


@pytest.fixture
def panel(logic):
    return shown_panel(logic)


@pytest.fixture
def found(panel, logic, until):
    return search_three_studies(panel, logic, until)
