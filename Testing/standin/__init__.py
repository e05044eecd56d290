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
from pathlib import Path
from typing import Mapping

DEBIAN_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libfontconfig1",
    "libdbus-1-3",
    "libglib2.0-0",
    "fonts-dejavu-core",
)
WINDOW_PACKAGES = (
    *DEBIAN_PACKAGES,
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
"""What a window on a screen needs besides."""
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


def no_screen(environ: Mapping[str, str] = os.environ) -> str:
    """Why a window would show nowhere; "" when it would."""
    if not sys.platform.startswith("linux") or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        return ""
    return "there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set ('xvfb-run' brings one that nobody sees)"


def missing_for_a_window() -> str:
    """Why there can be no window on the screen, in one line; "" when there can."""
    if missing() or not sys.platform.startswith("linux"):
        return missing()
    import ctypes

    import PySide6

    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    try:
        ctypes.CDLL(str(plugin))  # Qt itself would end the process without a word about which library it is
    except OSError as error:
        return f"a window needs more libraries: 'apt-get install {' '.join(WINDOW_PACKAGES)}' ({error})"
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
