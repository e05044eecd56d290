"""All of these cases by hand: ``Slicer --no-splash --testing --python-script Testing/Slicer/run.py``."""

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
    """With ``--testing`` Slicer ends with status 0 as soon as its script has returned: so nothing is put off.

    Imports are here because a script has the globals of ``__main__``, from which Slicer deletes ``sys`` when it loads a
    module.
    """
    import sys
    import traceback
    import unittest

    status = 1
    try:
        sys.path.insert(0, str(FOLDER))
        from case import wait_until_started

        wait_until_started()
        loadModule()
        suite = unittest.defaultTestLoader.discover(str(FOLDER), "test_*.py")
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
        status = 0 if result.wasSuccessful() and result.testsRun else 1
    except Exception:
        traceback.print_exc()
    slicer.util.exit(status)


run()
