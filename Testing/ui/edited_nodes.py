"""The nodes that there are while one is edited, and the editor's button that keeps it."""

from __future__ import annotations

import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.nodes.node import Node

LAB = Node("Lab", "https://lab.example.org/dicom-web", uid="lab")
DEMO = ListedNode(Node("Demo", "https://demo.example.org/dicom-web", uid="demo"), predefined=True)


def ok_button(editor):
    return editor.ui.buttons.button(qt.QDialogButtonBox.Ok)
