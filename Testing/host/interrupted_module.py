"""The module in a process of its own, interrupted in the middle of an import.

``python interrupted_module.py HOW URL STUDY FOLDER`` imports the study from a server that stalls, into a database in
FOLDER, and tells on standard output, one JSON value a line, what happens; it goes on when it reads a line.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Testing"), str(ROOT / "DICOMWebNodes")]


def tell(**values: Any) -> None:
    print(json.dumps(values), flush=True)


def live(condition: Callable[[], object], seconds: float = 120.0) -> None:
    import slicer

    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        slicer.app.processEvents()
        time.sleep(0.002)


def widget() -> Any:
    import slicer

    return slicer.modules.DICOMWebNodesWidget


def quit_application(_job: Any) -> None:
    import qt
    import slicer

    started = time.monotonic()
    qt.QTimer.singleShot(0, slicer.app.quit)
    slicer.app.exec()
    widget().cleanup()  # Slicer unloads its modules then
    tell(seconds=time.monotonic() - started)


def quit_while_a_script_waits(job: Any) -> None:
    import qt
    import slicer
    from DICOMWebNodesLib.errors import Cancelled

    def script() -> None:
        qt.QTimer.singleShot(0, slicer.app.quit)
        try:
            widget().logic.wait(job, progress=lambda news: None)
        except Cancelled as error:
            tell(raised=error.cause)

    qt.QTimer.singleShot(0, script)
    slicer.app.exec()
    widget().cleanup()


def reload_module(_job: Any) -> None:
    """What a developer does; the packages are others then."""
    widget().onReload()
    widget().parent.enter()
    (unfinished,) = widget().logic.unfinishedImports()
    (row,) = widget().panel.transfers_panel.rows
    tell(title=unfinished.title, offered=row.items[0].text())
    sys.stdin.readline()
    finish(widget().logic.resumeImport(unfinished))


def close_scene(job: Any) -> None:
    import slicer

    widget().parent.exit()
    slicer.mrmlScene.Clear(0)
    tell(left=True)
    sys.stdin.readline()
    finish(job)


def kill_application(_job: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_worker(job: Any) -> None:
    from DICOMWebNodesHost import worker_process

    worker_process._processes[-1]._process.kill()
    live(lambda: job.isOver)
    panel = widget().panel.transfers_panel
    tell(error=str(job.error), code=job.error.code, state=panel.rows[0].state(), reason=panel.ui.reason.text)
    sys.stdin.readline()
    panel.ui.retryButton.click()
    finish(panel.rows[1].job)


def finish(job: Any) -> None:
    live(lambda: job.isOver)
    summary = job.value
    tell(complete=summary.complete, imported=summary.imported, there=summary.alreadyThere, unfinished=_unfinished())


def _unfinished() -> int:
    return len(widget().logic.unfinishedImports())


def look(_job: None) -> None:
    """Another Slicer that has the same database open: what it offers, and what comes of asking for it all the same."""
    import slicer
    from DICOMWebNodesHost.database import importFolder
    from DICOMWebNodesHost.journal import Journal

    tell(offered=_unfinished())
    (entry,) = Journal(importFolder(slicer.dicomDatabase)).entries()
    refused = widget().logic.resumeImport(entry)
    tell(error=str(refused.error))
    widget().logic.forgetImport(entry)
    sys.stdin.readline()
    (unfinished,) = widget().logic.unfinishedImports()
    finish(widget().logic.resumeImport(unfinished))


def hold(_job: Any) -> None:
    """A Slicer that works, and is ended from outside."""
    live(lambda: False)


def resume(_job: None) -> None:
    """After a restart: what the list of transfers offers."""
    panel = widget().panel.transfers_panel
    tell(offered=[row.items[0].text() for row in panel.rows])
    panel.ui.resumeButton.click()
    finish(panel.rows[-1].job)


WAYS = {
    "quit": quit_application,
    "quit-while-a-script-waits": quit_while_a_script_waits,
    "reload": reload_module,
    "close-scene": close_scene,
    "kill": kill_application,
    "kill-worker": kill_worker,
    "hold": hold,
    "look": look,
    "resume": resume,
}


def main(how: str, url: str, study: str, folder: Path) -> None:
    import standin

    standin.install()
    from standin.application import load_module, open_database

    os.environ["DICOMWEBNODES_HOME"] = str(folder / "settings")
    (folder / "database").mkdir(parents=True, exist_ok=True)
    open_database(folder / "database")
    representation = load_module(ROOT / "DICOMWebNodes" / "DICOMWebNodes.py").widgetRepresentation()
    representation.enter()
    job = None
    if how not in ("look", "resume"):
        from DICOMWebNodesHost import worker_process

        job = widget().logic.startImportStudies(url, [study], "Jane")
        live(lambda: sum(progress.received for progress in job.series.values()) > 0)
        tell(received=True, worker=int(worker_process._processes[-1]._process.processId()))
    WAYS[how](job)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
