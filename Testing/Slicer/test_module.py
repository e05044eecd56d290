"""The module as Slicer loads, shows, leaves and reloads it."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import slicer
from case import SlicerCase


class ModuleTest(SlicerCase):
    def test_it_is_in_the_menu_and_opens(self):
        module = slicer.app.moduleManager().module("DICOMWebNodes")
        assert module.title == "DICOMWeb Nodes"
        widget = module.createNewWidgetRepresentation()
        widget.enter()
        widget.exit()
        widget.self().cleanup()
        widget.deleteLater()

    def test_its_logic_serves_scripts(self):
        import DICOMWebNodes

        logic = DICOMWebNodes.DICOMWebNodesLogic()
        assert "importStudies" in dir(logic)
        assert logic.nodes()
        logic.stop()


if __name__ == "__main__":
    unittest.main()
