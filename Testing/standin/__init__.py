"""``qt``, ``ctk`` and ``slicer`` for tests outside of Slicer: PySide6 that behaves as Slicer's PythonQt does.

What was measured in Slicer works here in the same way; everything else raises AttributeError, so that a test which
passes here says something about Slicer. :func:`install` puts the modules into ``sys.modules``; from then on the
PySide6 of this process behaves as PythonQt everywhere.

====================== ================================================================================================
:mod:`.names`           which classes there are
:mod:`.pythonqt`        properties that shadow their getters, tuples for lists, no keywords, nothing that only Qt 6 has
:mod:`.signals`         what slots are given, and ``connect("clicked(bool)", f)``
:mod:`.ctk_widgets`     CTK's widgets; :mod:`.ctk_dicom` its database and indexer
:mod:`.application`     ``slicer.app`` and what surrounds a module
:mod:`.dicomlib`        ``DICOMLib``: loading from the database into the scene
====================== ================================================================================================
"""

from __future__ import annotations

import os
import sys

DEBIAN_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libfontconfig1",
    "libdbus-1-3",
    "libglib2.0-0",
    "fonts-dejavu-core",
)
HOW_TO_GET = (
    "the widgets need PySide6 and slicer-core: 'pip install -r Testing/requirements/gui.txt', on Debian also "
    f"'apt-get install {' '.join(DEBIAN_PACKAGES)}'"
)


def missing() -> str:
    """Why the stand-in cannot be used here; "" when it can."""
    try:
        import PySide6.QtUiTools  # noqa: F401
        import slicer_core  # noqa: F401
    except ImportError as error:
        return f"{HOW_TO_GET} ({error})"
    return ""


def install(platform: str = "offscreen") -> None:
    """Make ``import qt``, ``ctk``, ``slicer``, ``DICOMLib`` work in this process; once, however often it is called.

    ``platform``: of Qt; "" shows windows to a person. Raises ImportError where :func:`missing` says why.
    """
    if "qt" in sys.modules:
        return
    if platform:
        os.environ["QT_QPA_PLATFORM"] = platform
    from . import application, ctk_module, dicomlib, qt_module

    sys.modules["qt"] = qt_module.make()
    sys.modules["ctk"] = ctk_module.make()
    application.install()
    dicomlib.install()
