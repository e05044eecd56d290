"""The pictures of the README's tutorial: ``python3 Testing/tutorial_pictures.py`` writes them into Screenshots/.

The module's own panel with its worker process, on the demo's embedded server, taken while it does each step; then what
it has imported, rendered by Slicer's own logic (:mod:`demonstration.rendering`).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Callable

from environment import REQUIREMENTS, ROOT, Environment
from screenshots import hush_the_window_system

FOLDER = ROOT / "Screenshots"
PATIENCE = 60.0  # seconds


def main() -> None:
    import standin

    if standin.missing():
        sys.exit(standin.missing())
    sys.path.insert(0, str(ROOT / "DICOMWebNodes"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        url = stack.enter_context(_server(folder / "served"))
        os.environ["DICOMWEBNODES_HOME"] = str(folder / "settings")
        standin.install()
        hush_the_window_system()
        import slicer

        slicer.app.setStyle("Fusion")
        slicer.app.setPalette(slicer.app.style().standardPalette())
        _take_all(folder, url)


def _server(folder: Path) -> Any:
    import phantom
    import samples
    from fakes.origin_server_process import OriginServerProcess

    folder.mkdir()
    phantom.write_series(folder)
    server = OriginServerProcess([folder, *samples.pydicom_files()])
    return _Started(server)


class _Started:
    def __init__(self, server: Any) -> None:
        self._server = server

    def __enter__(self) -> str:
        return self._server.__enter__().url

    def __exit__(self, *exception: object) -> None:
        self._server.__exit__(*exception)


def _take_all(folder: Path, url: str) -> None:
    import gui_demo
    import phantom
    import slicer
    from standin.application import unload_modules
    from ui import steps

    module, window = gui_demo.open_window(folder, url)
    window.show()
    panel = module.widgetRepresentation().self().panel
    view = panel.import_panel.results
    _until(lambda: view.is_settled and "found" in view.ui.status.text and "so far" not in view.ui.status.text)

    panel.node_manager.ui.addButton.click()
    editor = panel.node_manager.editor
    editor.ui.name.text, editor.ui.url.text = "Lab", url
    editor.ui.testButton.click()
    _until(lambda: "STOW-RS" in editor.ui.checkText.text)
    _save(editor, "add-node")
    editor.close()

    steps.select_study(view, phantom.STUDY_INSTANCE_UID)
    view.ui.tree.expand(view.ui.tree.currentIndex())
    _until(lambda: view.is_settled)
    _settle(2.0)  # for previews, which nothing waits for
    _save(panel, "search")

    view.ui.loadButton.click()
    _until(lambda: slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode"))
    _settle(2.0)
    _save(window, "import")
    _render(FOLDER / "rendering.jpg")
    panel.tabs.setCurrentWidget(panel.transfers_panel)
    _settle(0.5)
    _save(panel, "transfers")
    unload_modules()


def _render(path: Path) -> None:
    """The series that was imported, as a volume."""
    import phantom
    import slicer
    from demonstration.rendering import write_rendering
    from demonstration.stack import largest_stack
    from demonstration.volume import load

    files = slicer.dicomDatabase.filesForSeries(phantom.SERIES_INSTANCE_UID)
    write_rendering(load(largest_stack(map(Path, files))), path)
    print(path)


def _save(widget: Any, name: str) -> None:
    _settle(0.3)
    path = FOLDER / f"{name}.png"
    widget.grab().save(str(path))
    print(path)


def _until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit("the window did not come to where it should")
        _settle(0.02)


def _settle(seconds: float) -> None:
    import slicer

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        slicer.app.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.partition("\n")[0], allow_abbrev=False).parse_args()
    Environment(REQUIREMENTS / "gui.txt").enter()
    main()
