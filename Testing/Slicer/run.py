"""All of these cases by hand: ``Slicer --no-splash --testing --python-script Testing/Slicer/run.py``."""

import sys
import traceback
import unittest
from pathlib import Path

import qt
import slicer

FOLDER = Path(__file__).resolve().parent
MODULE = FOLDER.parents[1] / "DICOMWebNodes" / "DICOMWebNodes.py"


def loadModule():
    """Unless the extension is installed, or its folder was given to Slicer."""
    if not hasattr(slicer.modules, "dicomwebnodes"):
        factory = slicer.app.moduleManager().factoryManager()
        factory.registerModule(qt.QFileInfo(str(MODULE)))
        factory.loadModules(["DICOMWebNodes"])


def run():
    status = 1
    try:
        sys.path.insert(0, str(FOLDER))
        loadModule()
        suite = unittest.defaultTestLoader.discover(str(FOLDER), "test_*.py")
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
        status = 0 if result.wasSuccessful() else 1
    except Exception:
        traceback.print_exc()
    slicer.util.exit(status)


if getattr(slicer, "dicomDatabase", None) is not None:
    run()
else:  # the database comes when start-up has completed
    slicer.app.connect("startupCompleted()", run)
