"""Pictures of every dialog and panel: ``python3 Testing/screenshots.py [--output DIR] [--language de-DE] [SCENE...]``.

Each is taken in the light and in the dark palette and with fonts of 125 %, filled with what shows cut texts and bad
spacing: long names, many rows, errors.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List

import translations
from environment import REQUIREMENTS, ROOT, Environment

VARIANTS = ("light", "dark", "large")


def main(arguments: List[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], allow_abbrev=False)
    parser.add_argument("--output", metavar="DIR", type=Path, default=ROOT / "output" / "screenshots")
    parser.add_argument("scenes", metavar="SCENE", nargs="*", help="default: all of them")
    parser.add_argument("--width", metavar="PIXELS", type=int, default=0, help="of the module's panel; 420 is narrow")
    parser.add_argument("--language", metavar="LANGUAGE", choices=translations.catalogues(), help="de-DE, fr-FR")
    options = parser.parse_args(arguments)
    folder = options.output
    import standin

    if standin.missing():
        sys.exit(standin.missing())
    standin.install()
    hush_the_window_system()
    sys.path.insert(0, str(ROOT / "DICOMWebNodes"))
    from ui.scenes import SCENES

    unknown = [name for name in options.scenes if name not in SCENES]
    if unknown:
        parser.error(f"no such scene: {', '.join(unknown)}. There are {', '.join(SCENES)}.")
    folder.mkdir(parents=True, exist_ok=True)
    if options.language:
        from standin.language import speak

        translator = speak(translations.catalogues()[options.language], folder)
        assert translator is not None
    for variant in VARIANTS:
        _dress(variant)
        for name in options.scenes or SCENES:
            path = folder / f"{name}-{variant}.png"
            take(SCENES[name], path, options.width)
            print(path)


def hush_the_window_system() -> None:
    """The one that shows nothing says of each window what it cannot do with it."""
    from PySide6.QtCore import qInstallMessageHandler

    def tell(_kind: Any, _context: Any, text: str) -> None:
        if not text.startswith("This plugin does not support"):
            print(text, file=sys.stderr)

    qInstallMessageHandler(tell)


def take(make: Callable[[], Any], path: Path, width: int = 0) -> None:
    """Save what ``make`` returns, a widget, as it looks once everything is laid out. ``width``: of the panel, which
    Slicer docks."""
    import slicer
    from DICOMWebNodesUI.module_panel import ModulePanel

    widget = make()
    if width and isinstance(widget, ModulePanel):
        widget.resize(width, widget.height)
    widget.show()
    for _ in range(50):
        slicer.app.processEvents()
    widget.grab().save(str(path))
    widget.close()
    widget.deleteLater()


def _dress(variant: str) -> None:
    import slicer
    from PySide6.QtGui import QFont

    slicer.app.setStyle("Fusion")
    slicer.app.setPalette(dark_palette() if variant == "dark" else slicer.app.style().standardPalette())
    slicer.app.setFont(QFont("DejaVu Sans", 12 if variant == "large" else 10))


def dark_palette() -> Any:
    """Like Slicer's dark style."""
    from PySide6.QtGui import QColor, QPalette

    palette = QPalette()
    colours: Dict[Any, str] = {
        QPalette.Window: "#353535",
        QPalette.WindowText: "#ffffff",
        QPalette.Base: "#1e1e1e",
        QPalette.AlternateBase: "#2a2a2a",
        QPalette.Text: "#ffffff",
        QPalette.PlaceholderText: "#9a9a9a",
        QPalette.Button: "#454545",
        QPalette.ButtonText: "#ffffff",
        QPalette.Mid: "#707070",
        QPalette.Highlight: "#2a82da",
        QPalette.HighlightedText: "#ffffff",
        QPalette.ToolTipBase: "#353535",
        QPalette.ToolTipText: "#ffffff",
    }
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.WindowText, QPalette.Text, QPalette.ButtonText):
        palette.setColor(QPalette.Disabled, role, QColor("#8a8a8a"))
    return palette


if __name__ == "__main__":
    Environment(REQUIREMENTS / "gui.txt").enter()
    main(sys.argv[1:])
