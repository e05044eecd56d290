"""Widgets in an invisible window system, with the stand-in for Slicer's modules."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Callable, Iterator, List

import pytest
import standin

_MISSING = standin.missing()
collect_ignore_glob = ["test_*.py"] if _MISSING else []

if not _MISSING:
    standin.install()

MODULE = Path(__file__).resolve().parents[2] / "DICOMWebNodes" / "DICOMWebNodes.py"
PATIENCE = 90.0  # seconds until a test gives up; none is ever waited for in vain by a test that passes


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """``until(condition)``: let the window live until ``condition()`` is true."""

    def spin(condition: Callable[[], object], patience: float = PATIENCE) -> None:
        import qt

        deadline = time.monotonic() + patience
        alarm = qt.QTimer()  # wakes the loop, so that a condition without an event of its own is looked at too
        alarm.start(5)
        while not condition():
            assert time.monotonic() < deadline, f"not so after {patience:.0f} s"
            qt.QCoreApplication.processEvents(qt.QEventLoop.WaitForMoreEvents)

    return spin


@pytest.fixture(autouse=True)
def _no_exception_in_a_slot(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Qt prints what a slot raises and goes on; a test does not."""
    raised: List[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: raised.append(error))
    yield
    if raised:
        raise raised[0]


@pytest.fixture(autouse=True)
def _no_window_left() -> Iterator[None]:
    yield
    if _MISSING:
        return
    import qt
    import slicer

    # A window that has no parent and is held by its own slots, PythonQt would delete again while it is deleted.
    parent = qt.QWidget()
    for widget in slicer.app.topLevelWidgets():
        if widget is not parent:
            widget.close()
            widget.setParent(parent)
    parent.deleteLater()
    slicer.app.processEvents()


@pytest.fixture(autouse=True)
def _settings_of_a_beginner() -> Iterator[None]:
    """The application keeps them from one panel to the next."""
    yield
    if not _MISSING:
        import qt

        qt.QSettings().remove("DICOMWebNodes")


@pytest.fixture
def database(tmp_path):
    """The DICOM database of this test is ``slicer.dicomDatabase``."""
    import slicer
    from standin.application import open_database

    folder = tmp_path / "database"
    folder.mkdir()
    database = open_database(folder)
    yield database
    database.closeDatabase()
    slicer.mrmlScene.Clear(0)


@pytest.fixture
def module(tmp_path, database, monkeypatch):
    """The module's file, loaded as Slicer does, with settings of its own."""
    from standin.application import load_module, unload_modules

    monkeypatch.setenv("DICOMWEBNODES_HOME", str(tmp_path / "settings"))
    yield load_module(MODULE)
    unload_modules()


@pytest.fixture
def panel(module):
    widget = module.widgetRepresentation()
    widget.show()
    widget.enter()
    return widget.self().panel
