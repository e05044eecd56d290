"""The language of the application, from a catalogue of translations."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Optional

import PySide6
from PySide6.QtCore import QTranslator

LRELEASE: Optional[str] = shutil.which("lrelease", path=str(Path(PySide6.__file__).parent))
"""Qt's compiler of catalogues, which PySide6-Essentials brings. A script in the environment starts it too, but names
the folder in which the environment was made."""


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
