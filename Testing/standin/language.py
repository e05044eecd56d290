"""The language of the application, from a catalogue of translations."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Optional

from PySide6.QtCore import QTranslator

LRELEASE: Optional[str] = shutil.which("pyside6-lrelease", path=str(Path(sys.executable).parent))
"""Qt's compiler of catalogues, which PySide6-Essentials brings."""


def speak(catalogue: Path, folder: Path) -> QTranslator:
    """Install the catalogue; ``folder`` is for the compiled one."""
    import slicer

    assert LRELEASE is not None
    compiled = folder / f"{catalogue.stem}.qm"
    subprocess.run([LRELEASE, "-silent", str(catalogue), "-qm", str(compiled)], check=True)
    translator = QTranslator()
    assert translator.load(str(compiled))
    slicer.app.installTranslator(translator)
    return translator
