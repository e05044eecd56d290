"""``slicer.i18n``: the context of a text is the file that asks, as ``Package.file`` where the file is in a package."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    return QCoreApplication.translate(_context(sys._getframe(1).f_code.co_filename), text)


@cache
def _context(file: str) -> str:
    path = Path(file)
    return f"{path.parent.name}.{path.stem}" if (path.parent / "__init__.py").is_file() else path.stem
