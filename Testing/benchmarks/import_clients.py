"""Indexing and importing, each in a process of its own with the stand-in for Slicer.

``python import_clients.py NAME FOLDER COUNT ARGUMENT...``; the last line of output is the measurement.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DICOMWebNodes"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import peak_memory


def index(folder: Path, count: int, files: str, first: str) -> float:
    """Files that are there, in one batch, after a ``first`` one: the stand-in's indexer is a process, which starts."""
    import ctk
    from standin.application import open_database

    database = open_database(folder)
    indexer = ctk.ctkDICOMIndexer()
    indexer.backgroundImportEnabled = True
    indexer.addListOfFiles(database, [first], False)
    live(lambda: not indexer.importing)
    warm = sorted(map(str, Path(files).glob("*.dcm")))
    started = time.perf_counter()
    indexer.addListOfFiles(database, warm, False)
    live(lambda: not indexer.importing)
    seconds = time.perf_counter() - started
    assert count_instances(database) == count + 1
    return seconds


def import_study(folder: Path, count: int, url: str, study: str, first: str) -> float:
    """After a ``first`` study of one instance, so that nothing starts that does not when it is retrieved alone."""
    from DICOMWebNodesHost.logic import Logic
    from DICOMWebNodesHost.worker_process import endAll
    from standin.application import open_database

    database = open_database(folder)
    logic = Logic()
    logic.importStudies(url, [first])
    started = time.perf_counter()
    job = logic.startImportStudies(url, [study])
    live(lambda: job.isOver)
    seconds = time.perf_counter() - started
    assert job.value.imported == count, job.error
    assert count_instances(database) == count + 1
    endAll()
    return seconds


def count_instances(database) -> int:
    studies = [study for patient in database.patients() for study in database.studiesForPatient(patient)]
    series = [series for study in studies for series in database.seriesForStudy(study)]
    return sum(len(database.instancesForSeries(each)) for each in series)


def live(condition) -> None:
    """Qt's own event loop until it is so, which is looked at twenty times a second and after every event."""
    from PySide6.QtCore import QEventLoop, QTimer

    timer, loop = QTimer(), QEventLoop()
    timer.start(50)
    while not condition():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    timer.stop()


if __name__ == "__main__":
    import standin

    if standin.missing():
        sys.exit(standin.missing())
    name, folder, count, *arguments = sys.argv[1:]
    os.environ["DICOMWEBNODES_HOME"] = str(Path(folder, "settings"))
    standin.install()
    seconds = globals()[name](Path(folder), int(count), *arguments)
    print(json.dumps({"seconds": seconds, "peak": peak_memory()}))
