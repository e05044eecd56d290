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
        assert "Informatics" in module.categories
        widget = slicer.util.getModuleWidget("DICOMWebNodes")
        assert widget.panel is not None
        widget.parent.enter()
        widget.parent.exit()

    def test_it_is_reloaded_with_its_packages(self):
        before = slicer.util.getModuleWidget("DICOMWebNodes")
        packages = sys.modules["DICOMWebNodesUI.module_panel"]
        before.onReload()
        after = slicer.util.getModuleWidget("DICOMWebNodes")
        assert after is not before
        assert before.panel is None
        assert after.panel is not None
        assert sys.modules["DICOMWebNodesUI.module_panel"] is not packages

    def test_its_logic_serves_scripts(self):
        logic = slicer.util.getModuleLogic("DICOMWebNodes")
        assert "importStudies" in dir(logic)
        assert logic.nodes()
        logic.stop()


if __name__ == "__main__":
    unittest.main()
