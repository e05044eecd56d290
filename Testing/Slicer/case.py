"""What the cases for a real Slicer share. Started by Slicer, which brings neither pytest nor the tests' folders."""

import os
import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

TESTING = Path(__file__).resolve().parents[1]
for folder in (TESTING, TESTING.parent / "DICOMWebNodes"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import qt  # noqa: E402
import slicer  # noqa: E402
from fakes.origin_server_process import OriginServerProcess  # noqa: E402


class Heartbeat:
    """The longest time in seconds that the event loop did not come round."""

    def __enter__(self):
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = qt.QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)
        return self

    def __exit__(self, *exception):
        self._timer.stop()

    def _beat(self):
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


def wait_until_started(seconds=60.0):
    """The DICOM database comes when start-up has completed, which may be after the script that Slicer was given."""
    until = time.monotonic() + seconds
    while getattr(slicer, "dicomDatabase", None) is None:
        assert time.monotonic() < until, "Slicer has no DICOM database"
        slicer.app.processEvents()


class SlicerCase(unittest.TestCase):
    """A logic with settings of its own, and a temporary DICOM database."""

    def setUp(self):
        from DICOMLib import DICOMUtils
        from DICOMWebNodesHost.logic import Logic

        wait_until_started()
        self.folder = Path(tempfile.mkdtemp(prefix="dicomwebnodes-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        before = os.environ.get("DICOMWEBNODES_HOME")
        os.environ["DICOMWEBNODES_HOME"] = str(self.folder / "settings")
        self.addCleanup(_restore, before)
        database = DICOMUtils.TemporaryDICOMDatabase(str(self.folder / "database"))
        self.database = database.__enter__()
        self.addCleanup(database.__exit__, None, None, None)
        self.logic = Logic()
        self.addCleanup(self.logic.stop)
        slicer.mrmlScene.Clear(0)

    def serve(self, folder):
        """In a process of its own: a thread inside Slicer would hardly ever run."""
        server = OriginServerProcess([folder], shutil.which("PythonSlicer"))
        self.addCleanup(server.stop)
        return server.url


def _restore(value):
    if value is None:
        os.environ.pop("DICOMWEBNODES_HOME", None)
    else:
        os.environ["DICOMWEBNODES_HOME"] = value
