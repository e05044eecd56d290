"""The module ``qt``."""

from __future__ import annotations

import types
from typing import Any

from PySide6 import QtCore, QtGui, QtNetwork, QtUiTools, QtWidgets

from . import names, pythonqt, signals


def make() -> types.ModuleType:
    pythonqt.install()
    signals.install()
    module = types.ModuleType("qt", "PythonQt's classes, as far as the module uses them.")
    listed = {QtCore: names.CORE, QtGui: names.GUI, QtWidgets: names.WIDGETS, QtNetwork: names.NETWORK}
    for source, classes in listed.items():
        for name in classes.split():
            setattr(module, name, getattr(source, name))
    module.Signal = signals.own_signal
    module.SIGNAL = lambda signature: f"2{signature}"
    module.QUiLoader = UiLoader
    module.__getattr__ = _refuse
    return module


class UiLoader(QtUiTools.QUiLoader):
    """Makes CTK's widgets too, as Slicer's does through its Designer plugins."""

    def __init__(self, *parent: QtCore.QObject) -> None:
        super().__init__(*parent)
        from . import ctk_widgets

        for widget in ctk_widgets.FOR_DESIGNER:
            self.registerCustomWidget(widget)


def _refuse(name: str) -> Any:
    raise AttributeError(f"qt.{name} is not in PythonQt, or nobody has looked: see standin/names.py")
