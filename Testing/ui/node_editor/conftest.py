"""Nodes that are edited, with a logic that the test moves on."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesUI.node_editor import NodeEditor
from ui.edited_nodes import DEMO, LAB
from ui.logic_by_hand import LogicByHand


@pytest.fixture
def logic():
    return LogicByHand([ListedNode(LAB), DEMO])


@pytest.fixture
def editor(logic):
    """For a node that is added."""
    editor = NodeEditor(logic, logic.listed, {})
    editor.ui.name.text = "Store"
    editor.show()
    return editor
